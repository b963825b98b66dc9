// Whether every message was answered as it should be and went the way it should go, and whether there is neither more
// nor less in all than there should be.

import type { Task } from 'fhir/r4.js';
import type { HospitalWeek } from '../hospital/hospital.ts';
import type { FhirReader } from './fhir-reader.ts';
import type { Findings } from './findings.ts';
import type { Played } from './play.ts';
import { type Figures, sumOf } from './settle.ts';

export function checkMessages(findings: Findings, { messages }: HospitalWeek, played: Played, figures: Figures): void {
  const answered = Object.values(played.acknowledged).reduce((sum, count) => sum + count, 0);
  findings.same('messages answered', 'the number of acknowledgments', answered, messages.length);
  for (const message of messages) findings.look('messages answered', true, () => message.event);
  for (const surprise of played.surprises) findings.look('messages answered', false, () => surprise);
  const distinct = messages.filter(({ isRepeat }) => !isRepeat);
  const decided = figures('throughline_messages_decided_total');
  for (const fate of ['applied', 'ignored', 'parked'] as const) {
    const found = sumOf(decided.filter(({ labels }) => labels.state === fate));
    const expected = distinct.filter((message) => message.fate === fate).length;
    findings.same('messages worked once, repeats not at all', `the number of messages ${fate}`, found, expected);
  }
  const shown = sumOf(figures('throughline_inbox_parked'));
  const parked = distinct.filter(({ fate }) => fate === 'parked' || fate === 'refused').length;
  findings.same('messages nobody could read, kept for a person', 'their number', shown, parked);
}

export async function checkTotals(findings: Findings, { expected }: HospitalWeek, reader: FhirReader): Promise<void> {
  const sum = (count: (patient: HospitalWeek['expected'][number]) => number): number =>
    expected.reduce((total, patient) => total + count(patient), 0);
  const totals: readonly (readonly [string, number])[] = [
    ['Patient?active=true', expected.length],
    ['Patient?active=false', sum(({ retired }) => retired.length)],
    ['Encounter?status=planned,in-progress,finished,cancelled', sum(({ encounters }) => encounters.length)],
    ['CarePlan', sum(({ cases }) => cases.length)],
    ['CareTeam', sum(({ cases }) => cases.length)],
    ['ServiceRequest', sum(({ cases }) => cases.length)],
    ['Task', sum(({ cases }) => cases.reduce((total, { tasks }) => total + tasks.length, 0))],
  ];
  for (const [query, count] of totals) {
    findings.same('totals: nothing missing, nothing twice', `the number of ${query}`, await reader.count(query), count);
  }
}

/** The worklist, page by page: every task that is ready, once, the most urgent first. */
export async function checkWorklist(findings: Findings, { expected }: HospitalWeek, reader: FhirReader): Promise<void> {
  const kind = 'the worklist, page by page';
  const tasks = await reader.search<Task>('Task?status=ready&_sort=due-date&_count=50');
  const ready = expected
    .flatMap(({ cases }) => cases.flatMap((one) => one.tasks))
    .filter(({ status }) => status === 'ready');
  findings.same(kind, 'the number of tasks', new Set(tasks.map(({ id }) => id)).size, ready.length);
  findings.same(kind, 'the number of entries', tasks.length, ready.length);
  const dues = tasks.map((task) => Date.parse(task.restriction?.period?.end ?? ''));
  findings.look(
    kind,
    dues.every((due, at) => at === 0 || due >= (dues[at - 1] ?? 0)),
    () => 'it is not in the order of due dates',
  );
}
