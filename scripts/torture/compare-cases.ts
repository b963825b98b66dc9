// The cases of one person and their tasks held against what the rules demand of the discharges that happened.

import type { CarePlan, Task } from 'fhir/r4.js';
import { practiceZone } from '../hospital/practice-days.ts';
import { wallDigits } from '../hospital/zone-time.ts';
import type { ExpectedPerson, ExpectedStay } from './expect.ts';
import type { ExpectedCase } from './expect-cases.ts';
import type { Look } from './look.ts';

export function compareCases(
  person: ExpectedPerson,
  found: readonly CarePlan[],
  ids: ReadonlyMap<ExpectedStay, readonly string[]>,
  given: { readonly patient: string; readonly tasks: ReadonlyMap<string, readonly Task[]> },
  look: Look,
): void {
  const about = person.standing.value;
  const rest = [...found];
  for (const one of person.cases) {
    const encounters = person.stays.filter(({ visit }) => visit === one.visit).flatMap((stay) => ids.get(stay) ?? []);
    const plan = take(rest, one, encounters);
    const named = `case of ${one.start} for ${one.visit} of ${about}`;
    look('cases: one for each discharge that needs care', `the ${named}`, plan && 'there', 'there');
    if (plan?.id === undefined) continue;
    look('cases: status', `the status of the ${named}`, plan.status, one.status);
    const period = [plan.period?.start, plan.period?.end];
    look('cases: first and last day', `the period of the ${named}`, period, [one.start, one.end]);
    look('cases: what a person should check', `the marks of the ${named}`, marksOf(plan), one.flags);
    compareTasks(named, given.tasks.get(`CarePlan/${plan.id}`) ?? [], one, given.patient, look);
  }
  // A case that was opened on what was known, and that a late message shows was never due, stays readable as an error.
  const extra = rest.filter(({ status }) => status !== 'entered-in-error');
  look(
    'cases: none too many',
    `the cases too many of ${about}`,
    extra.map(({ id, status }) => `${id} ${status}`),
    [],
  );
  const open = rest
    .flatMap(({ id }) => given.tasks.get(`CarePlan/${id}`) ?? [])
    .filter(({ status }) => status !== 'entered-in-error');
  look(
    'tasks: none too many',
    `the tasks too many of ${about}`,
    open.map(({ id, status }) => `${id} ${status}`),
    [],
  );
}

const marksOf = ({ category }: CarePlan): (string | undefined)[] =>
  (category ?? [])
    .flatMap(({ coding }) => coding ?? [])
    .filter(({ system }) => system?.endsWith('/CodeSystem/case-flag'))
    .map(({ code }) => code);

/** Two discharges of one stay: told apart by status, first day and marks. */
function take(rest: CarePlan[], one: ExpectedCase, encounters: readonly string[]): CarePlan | undefined {
  const ofStay = rest.filter(({ encounter }) => encounters.some((id) => encounter?.reference === `Encounter/${id}`));
  const same = ofStay.filter(({ status }) => status === one.status);
  const sameDay = same.filter(({ period }) => period?.start === one.start);
  const plan =
    sameDay.find((each) => String(marksOf(each)) === String(one.flags)) ?? sameDay[0] ?? same[0] ?? ofStay[0];
  if (plan) rest.splice(rest.indexOf(plan), 1);
  return plan;
}

function compareTasks(about: string, tasks: readonly Task[], one: ExpectedCase, patient: string, look: Look): void {
  const codes = tasks.map(codeOf).sort();
  look('tasks: each once', `the tasks of the ${about}`, codes, one.tasks.map(({ code }) => code).sort());
  for (const wanted of one.tasks) {
    const task = tasks.find((known) => codeOf(known) === wanted.code);
    if (!task) continue;
    const named = `${wanted.code} of the ${about}`;
    look('tasks: status', `the status of ${named}`, task.status, wanted.status);
    look('tasks: due at the end of the day', `the due time of ${named}`, dueTime(task), `${wanted.due} 23:59:59`);
    look('tasks: for whom', `the patient of ${named}`, task.for?.reference, `Patient/${patient}`);
    const owner = task.owner?.reference?.startsWith('PractitionerRole/') && task.performerType?.[0] !== undefined;
    look('tasks: whose', `whether ${named} has an owner`, owner, true);
  }
}

const codeOf = ({ code }: Task): string | undefined => code?.coding?.[0]?.code;

/** In the zone of the practice. */
function dueTime(task: Task): string | undefined {
  const end = task.restriction?.period?.end;
  if (end === undefined) return undefined;
  const digits = wallDigits(Date.parse(end), practiceZone);
  const [date, clock] = [digits.slice(0, 8), digits.slice(8)];
  return `${date.replace(/^(....)(..)(..)$/, '$1-$2-$3')} ${clock.replace(/^(..)(..)(..)$/, '$1:$2:$3')}`;
}
