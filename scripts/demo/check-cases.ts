// The cases of a patient and their tasks held against what the rules demand of the discharges that really happened.

import type { CarePlan, ServiceRequest, Task } from 'fhir/r4.js';
import type { ExpectedPatient } from '../hospital/expected.ts';
import type { ExpectedCase } from '../hospital/expected-cases.ts';
import { practiceZone } from '../hospital/practice-days.ts';
import { wallDigits } from '../hospital/zone-time.ts';
import type { FhirReader } from './fhir-reader.ts';
import type { Findings } from './findings.ts';

interface About {
  readonly about: string;
  /** Patient id. */
  readonly patient: string;
  readonly expected: ExpectedPatient;
  /** Encounter ids by visit number. */
  readonly encounters: ReadonlyMap<string, string>;
  readonly canonicalBase: string;
}

export async function checkCases(findings: Findings, given: About, reader: FhirReader): Promise<void> {
  const { about, patient, expected, encounters, canonicalBase } = given;
  const [plans, tasks, requests] = await Promise.all([
    reader.search<CarePlan>(`CarePlan?patient=${patient}&_count=100`),
    reader.search<Task>(`Task?patient=${patient}&_count=100`),
    reader.search<ServiceRequest>(`ServiceRequest?patient=${patient}&_count=100`),
  ]);
  findings.same('cases: their number', `the number of cases of ${about}`, plans.length, expected.cases.length);
  const rest = [...plans];
  const ids: (string | undefined)[] = [];
  for (const one of expected.cases) {
    const plan = takePlan(rest, one, encounters.get(one.visit));
    ids.push(plan?.id);
    findings.look(
      'cases: one for each discharge that needs care',
      plan !== undefined,
      () => `${about} should have a case for ${one.visit}`,
    );
    if (!plan?.id) continue;
    const named = `the case for ${one.visit} of ${about}`;
    checkPlan(findings, named, plan, one, canonicalBase);
    const replaces = one.follows === undefined ? undefined : `CarePlan/${ids[one.follows]}`;
    findings.same('cases: which one they continue', `what ${named} continues`, plan.replaces?.[0]?.reference, replaces);
    checkTasks(
      findings,
      named,
      tasks.filter((task) => task.basedOn?.[0]?.reference === `CarePlan/${plan.id}`),
      one,
      given,
    );
    const status = requests
      .filter((request) => request.basedOn?.[0]?.reference === `CarePlan/${plan.id}`)
      .map((request) => request.status);
    findings.same('referrals: one follow-up visit a case', `the referral of ${named}`, status, [one.request.status]);
    if (one.status === 'entered-in-error') await checkHistory(findings, named, plan.id, expected, reader);
  }
  for (const { id } of rest)
    findings.look(
      'cases: one for each discharge that needs care',
      false,
      () => `${about} should not have CarePlan/${id}`,
    );
}

/** Two discharges of one stay: told apart by status and first day. */
function takePlan(rest: CarePlan[], expected: ExpectedCase, encounter: string | undefined): CarePlan | undefined {
  const ofStay = rest.filter((plan) => plan.encounter?.reference === `Encounter/${encounter}`);
  const same = ofStay.filter((plan) => plan.status === expected.status);
  const plan = same.find(({ period }) => period?.start === expected.start) ?? same[0] ?? ofStay[0];
  if (plan) rest.splice(rest.indexOf(plan), 1);
  return plan;
}

function checkPlan(
  findings: Findings,
  about: string,
  plan: CarePlan,
  expected: ExpectedCase,
  canonicalBase: string,
): void {
  findings.same('cases: status', `the status of ${about}`, plan.status, expected.status);
  findings.same(
    'cases: first and last day',
    `the period of ${about}`,
    [plan.period?.start, plan.period?.end],
    [expected.start, expected.end],
  );
  const marks = `${canonicalBase}/CodeSystem/case-flag`;
  const flags = (plan.category ?? []).flatMap(({ coding }) => coding ?? []).filter(({ system }) => system === marks);
  findings.same(
    'cases: what a person should check',
    `the marks of ${about}`,
    flags.map(({ code }) => code),
    expected.flags,
  );
  const protocol = plan.instantiatesCanonical?.[0]?.split('|')[0];
  findings.same(
    'cases: protocol',
    `the protocol of ${about}`,
    protocol,
    `${canonicalBase}/PlanDefinition/transitional-care`,
  );
}

function checkTasks(
  findings: Findings,
  about: string,
  tasks: readonly Task[],
  expected: ExpectedCase,
  given: About,
): void {
  const codes = tasks.map(({ code }) => code?.coding?.[0]?.code).sort();
  findings.same('tasks: each once', `the tasks of ${about}`, codes, expected.tasks.map(({ code }) => code).sort());
  for (const one of expected.tasks) {
    const task = tasks.find(({ code }) => code?.coding?.[0]?.code === one.code);
    if (!task) continue;
    const named = `${one.code} of ${about}`;
    findings.same('tasks: status', `the status of ${named}`, task.status, one.status);
    findings.same('tasks: due at the end of the day', `the due time of ${named}`, dueTime(task), `${one.due} 23:59:59`);
    findings.same(
      'tasks: whose and for whom',
      `the patient of ${named}`,
      task.for?.reference,
      `Patient/${given.patient}`,
    );
    findings.look(
      'tasks: whose and for whom',
      task.owner?.reference !== undefined,
      () => `${named} should have an owner`,
    );
    const why = task.extension?.find(
      ({ url }) => url === `${given.canonicalBase}/StructureDefinition/due-explanation`,
    )?.valueString;
    findings.look(
      'tasks: the due date explained',
      why !== undefined && explains(why, one),
      () => `the explanation of ${named} says "${why}"`,
    );
  }
}

/** In the zone of the practice. */
function dueTime(task: Task): string | undefined {
  const end = task.restriction?.period?.end;
  if (end === undefined) return undefined;
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(wallDigits(Date.parse(end), practiceZone)) ?? [];
  return `${year}-${month}-${day} ${hour}:${minute}:${second}`;
}

/** It names the discharge, the due day and, where business days count, each of them. */
function explains(why: string, { code, due }: { readonly code: string; readonly due: string }): boolean {
  const day = new Date(`${due}T12:00:00Z`).toLocaleDateString('en-GB', { day: 'numeric', timeZone: 'UTC' });
  const names = why.startsWith('discharged ') && new RegExp(`due by the end of \\w{3} ${day} `).test(why);
  return names && (code !== 'first-contact' || /business day 1 = .*business day 2 = /.test(why));
}

/** A case that was withdrawn was open before, and the versions say so. */
async function checkHistory(
  findings: Findings,
  about: string,
  plan: string,
  { isInOrder }: ExpectedPatient,
  reader: FhirReader,
): Promise<void> {
  const versions = await reader.history<CarePlan>(`CarePlan/${plan}`);
  const statuses = versions.map(({ status }) => status);
  const holds = statuses[0] === 'entered-in-error' && (!isInOrder || statuses.at(-1) === 'active');
  findings.look(
    'cases withdrawn: open before, as their versions say',
    holds,
    () => `the versions of ${about} are ${statuses.join(', ')}`,
  );
}
