// What the demo tells when the week is played: what was sent, what became of it, and where to look next.

import type { HospitalWeek } from '../hospital/hospital.ts';
import { practiceZone } from '../hospital/practice-days.ts';
import { localDay } from '../hospital/zone-time.ts';
import type { FhirReader } from './fhir-reader.ts';
import type { Played } from './play.ts';
import { type Figures, sumOf } from './settle.ts';

const eventNames: Readonly<Record<string, string>> = {
  A01: 'admitted',
  A02: 'transferred',
  A03: 'discharged',
  A04: 'registered',
  A05: 'pre-admitted',
  A06: 'made inpatient',
  A07: 'made outpatient',
  A08: 'updated',
  A11: 'admission cancelled',
  A12: 'transfer cancelled',
  A13: 'discharge cancelled',
  A20: 'bed status',
  A28: 'person added',
  A31: 'person updated',
  A40: 'merged',
  A60: 'allergies',
  ORU: 'result',
};

/** What came of the messages. */
export function tellPlayed(week: HospitalWeek, played: Played, figures: Figures): string {
  const { events, acknowledged, connections, seconds } = played;
  const sent = sum(Object.values(events));
  const named = Object.entries(events)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([event, count]) => `${event}${eventNames[event] ? ` ${eventNames[event]}` : ''} ${count}`);
  const decided = (state: string): number =>
    sumOf(figures('throughline_messages_decided_total').filter(({ labels }) => labels.state === state));
  const repeats = week.messages.filter(({ isRepeat }) => isRepeat).length;
  const worked = decided('applied') + decided('ignored') + decided('parked');
  const parked = sumOf(figures('throughline_inbox_parked'));
  const unreadable = events.unreadable ?? 0;
  return [
    `Sent      ${sent} messages in ${seconds.toFixed(1)} s over ${connections} MLLP connections`,
    ...wrapped(named),
    `Answered  ${listed(acknowledged)}`,
    worked === 0
      ? 'Worked    none: all of them had come before'
      : `Worked    ${decided('applied')} applied, ${decided('ignored')} without effect here, ${parked} parked for a person (${unreadable} unreadable); ${repeats} repeats had no effect`,
  ].join('\n');
}

/** What stands now, as FHIR tells it. */
export async function tellState(reader: FhirReader): Promise<string> {
  const today = localDay(Date.now(), practiceZone);
  const open = 'Task?status=ready,in-progress';
  const [patients, merged, stays, active, held, withdrawn, due, overdue, later] = await Promise.all(
    [
      'Patient?active=true',
      'Patient?active=false',
      'Encounter',
      'CarePlan?status=active',
      'CarePlan?status=on-hold',
      'CarePlan?status=entered-in-error,revoked',
      `${open}&due-date=${today}`,
      `${open}&due-date=lt${today}`,
      `${open}&due-date=gt${today}`,
    ].map(reader.count),
  );
  return [
    `Patients  ${patients}, and ${merged} numbers merged into others; ${stays} stays and visits`,
    `Cases     ${active} open, ${held} on hold while the patient is back in hospital, ${withdrawn} closed or withdrawn`,
    `Tasks     ${due} due today, ${overdue} overdue, ${later} due later`,
  ].join('\n');
}

/** Where to look next. */
export const tellNext = (given: {
  readonly httpUrl: string;
  readonly mllp: string;
  readonly link: string;
  readonly token: string;
}): string =>
  [
    'Overview  (this link opens it once, within 15 minutes)',
    `  ${given.link}`,
    `FHIR      ${given.httpUrl}/fhir/R4   (the token below lives for 5 minutes; a new one: ${withSettings(['DATA_DIR', 'HOST', 'HTTP_PORT', 'PUBLIC_URL'], 'npm run -s token')})`,
    `  curl -H "Authorization: Bearer ${given.token}" '${given.httpUrl}/fhir/R4/Task?status=ready&_sort=due-date&_count=5'`,
    `HL7 v2    ${given.mllp}   (send your own: ${withSettings(['HOST', 'MLLP_PORT'], 'npm run send -- FILE')})`,
    `Figures   ${given.httpUrl}/metrics`,
  ].join('\n');

/** A command as it must be typed where this one was started with settings. */
function withSettings(names: readonly string[], command: string): string {
  const set = names.flatMap((name) => (process.env[name] ? [`${name}=${quoted(process.env[name])}`] : []));
  return [...set, command].join(' ');
}

const quoted = (value: string): string => (/^[\w./:@-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`);

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function wrapped(items: readonly string[]): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + item.length < 96) lines[lines.length - 1] = `${last}, ${item}`;
    else lines.push(`          ${item}`);
  }
  return lines;
}
