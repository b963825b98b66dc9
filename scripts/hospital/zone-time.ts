// Wall-clock times of a zone, worked out here and not by the service, so that the check of the demo has a witness of its
// own. HL7 times: YYYYMMDDHHMM[SS][±ZZZZ] (HL7 v2.5.1 ch. 2.A.22).

export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** What a zone's clock is ahead of UTC, by zone and quarter of an hour: clocks are set at quarters. Asking Intl is slow. */
const ahead = new Map<string, number>();
const quarterMs = 15 * minuteMs;
const quartersMax = 50_000;

/** `20261120235000` where the clock of the zone shows 23:50 on 20 November 2026. */
export function wallDigits(at: number, zone: string): string {
  const quarter = Math.floor(at / quarterMs);
  const key = `${zone} ${quarter}`;
  let aheadMs = ahead.get(key);
  if (aheadMs === undefined) {
    aheadMs = aheadOf(quarter * quarterMs, zone);
    if (ahead.size >= quartersMax) ahead.clear();
    ahead.set(key, aheadMs);
  }
  return new Date(at + aheadMs).toISOString().replace(/\D/g, '').slice(0, 14);
}

function aheadOf(at: number, zone: string): number {
  let format = formats.get(zone);
  if (!format) {
    const two = '2-digit' as const;
    const parts = { year: 'numeric', month: two, day: two, hour: two, minute: two, second: two } as const;
    format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, hourCycle: 'h23', ...parts });
    formats.set(zone, format);
  }
  const shown = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const [year, month, day, hour, minute, second] = (['year', 'month', 'day', 'hour', 'minute', 'second'] as const).map(
    (part) => shown.get(part) ?? 0,
  ) as [number, number, number, number, number, number];
  return Date.UTC(year, month - 1, day, hour, minute, second) - at;
}

/** `2026-11-20`. */
export function localDay(at: number, zone: string): string {
  const digits = wallDigits(at, zone);
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`;
}

export const localHour = (at: number, zone: string): number => Number(wallDigits(at, zone).slice(8, 10));

export function offsetMinutes(at: number, zone: string): number {
  const digits = wallDigits(at, zone);
  const part = (from: number, length: number): number => Number(digits.slice(from, from + length));
  const wall = Date.UTC(part(0, 4), part(4, 2) - 1, part(6, 2), part(8, 2), part(10, 2), part(12, 2));
  return Math.round((wall - Math.floor(at / 1000) * 1000) / minuteMs);
}

/** The night the clock is set: an hour is shown twice, and only an offset tells which one is meant. */
export const isAmbiguous = (at: number, zone: string): boolean =>
  [-hourMs, hourMs].some((distance) => wallDigits(at + distance, zone) === wallDigits(at, zone));

export function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
}
