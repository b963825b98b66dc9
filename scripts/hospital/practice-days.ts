// Days as the practice counts them, worked out here and not by the service: Monday to Friday without US federal holidays
// (5 U.S.C. 6103; a Saturday's holiday is kept on the Friday before, a Sunday's on the Monday after).

export const practiceZone = 'America/New_York';

export function plusDays(day: string, days: number): string {
  const at = new Date(`${day}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** The n-th business day after a day, which does not count itself. */
export function businessDayAfter(day: string, count: number): string {
  let found = day;
  for (let left = count; left > 0; ) {
    found = plusDays(found, 1);
    if (isBusinessDay(found)) left -= 1;
  }
  return found;
}

export function isBusinessDay(day: string): boolean {
  const weekday = weekdayOf(day);
  if (weekday === 0 || weekday === 6) return false;
  if (isHoliday(day)) return false;
  // Kept on the Friday before or on the Monday after.
  if (weekday === 5 && isHoliday(plusDays(day, 1))) return false;
  return !(weekday === 1 && isHoliday(plusDays(day, -1)));
}

const weekdayOf = (day: string): number => new Date(`${day}T12:00:00Z`).getUTCDay();

/** On the day itself, wherever it is kept. */
function isHoliday(day: string): boolean {
  const monthAndDay = day.slice(5);
  if (['01-01', '06-19', '07-04', '11-11', '12-25'].includes(monthAndDay)) return true;
  const month = monthAndDay.slice(0, 2);
  const date = Number(monthAndDay.slice(3));
  const nth = Math.ceil(date / 7);
  const isMonday = weekdayOf(day) === 1;
  if (isMonday && nth === 3 && (month === '01' || month === '02')) return true;
  if (isMonday && month === '05' && date + 7 > 31) return true;
  if (isMonday && nth === 1 && month === '09') return true;
  if (isMonday && nth === 2 && month === '10') return true;
  return weekdayOf(day) === 4 && nth === 4 && month === '11';
}
