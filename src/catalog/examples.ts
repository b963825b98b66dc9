// The examples that a protocol carries (profiles/protocols/<id>/examples.yaml): a clinician writes what should happen,
// the file is read here, and the protocol is run against it.

import { join } from 'node:path';
import type { LocalDate, Moment } from '../base/instant.ts';
import { momentFrom } from '../base/moment.ts';
import { isZone } from '../base/time.ts';
import type { CaseState, CloseReason } from '../domain/case/case.ts';
import type { Practice } from '../domain/practice.ts';
import { type CaseChange, closesOn, periodOf } from '../domain/protocol/closes.ts';
import { dueDates } from '../domain/protocol/due.ts';
import { opensOn } from '../domain/protocol/opens.ts';
import type { FactName, Facts, Protocol } from '../domain/protocol/protocol.ts';
import { encounterClasses, factOf, readFactValue } from './conditions.ts';
import { closeReasons } from './protocols.ts';
import {
  day,
  entries,
  type Field,
  flag,
  identifier,
  list,
  oneOf,
  openYaml,
  type Problem,
  record,
  report,
  text,
  whereIs,
} from './reading.ts';

/** One example; an entry with `each` is as many examples as it lists values. */
export interface Example {
  readonly name: string;
  readonly where: Pick<Problem, 'file' | 'line' | 'place'>;
  readonly facts: Partial<Facts>;
  readonly discharge: { readonly on: LocalDate; readonly at?: string; readonly zone?: string };
  /** What happens later; without a change, only the day is reached. */
  readonly after?: { readonly on: LocalDate; readonly change?: CaseChange };
  readonly expected: Outcome;
}

/** What is expected; of due days only those named. No flags named: none expected. */
interface Outcome {
  readonly opens: boolean;
  readonly flags: readonly string[];
  readonly due: ReadonlyMap<string, LocalDate>;
  readonly ends?: LocalDate;
  readonly state?: CaseState;
  readonly as?: CloseReason;
}

const states = ['open', 'suspended', 'closed', 'withdrawn'] as const satisfies readonly CaseState[];

/** The practice that examples are about: any practice may be, but a deadline needs one zone and one calendar. */
export const examplePractice: Practice = {
  id: 'example-practice',
  name: 'The practice of the examples',
  timeZone: 'America/New_York',
  holidays: 'us-federal',
  closures: [],
  closuresExtend: false,
  phone: '555-0100',
  roles: [],
};

/** Reads `profiles/protocols/<id>/examples.yaml`. */
export function readExamples(folder: string, protocol: Protocol): { examples: Example[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const file = `protocols/${protocol.id}/examples.yaml`;
  const field = openYaml(join(folder, protocol.id, 'examples.yaml'), file, problems);
  const taskIds = protocol.tasks.map((task) => task.id);
  const examples = field ? list(field).flatMap((each) => readExample(each, taskIds)) : [];
  return { examples: problems.length === 0 ? examples : [], problems };
}

/** Runs a protocol against its examples; what comes out otherwise is a problem. */
export function checkExamples(protocol: Protocol, examples: readonly Example[], practice: Practice): Problem[] {
  return examples.flatMap((example) =>
    differences(protocol, example, practice).map((difference) => ({
      ...example.where,
      says: `"${example.name}": ${difference}`,
      right: 'change the protocol or the example',
    })),
  );
}

function readExample(field: Field, taskIds: readonly string[]): Example[] {
  const keys = record(field, ['name', 'facts', 'when', 'then'], ['each', 'after']);
  const name = text(keys.name);
  const after = keys.after && readAfter(keys.after);
  const example = {
    name,
    where: whereIs(field),
    facts: readFacts(keys.facts),
    discharge: readDischarge(keys.when),
    ...(after ? { after } : {}),
    expected: readThen(keys.then, taskIds),
  };
  if (!keys.each) return [example];
  return readEach(keys.each).map(([fact, value]) => ({
    ...example,
    name: `${name}, ${fact} ${value}`,
    facts: { ...example.facts, [fact]: value },
  }));
}

function readFacts(field: Field): Partial<Facts> {
  const facts: Partial<Record<FactName, string | number | boolean>> = {};
  for (const [name, value] of entries(field)) {
    const fact = factOf(value, name);
    if (fact) facts[fact] = readFactValue(value, fact);
  }
  return facts as Partial<Facts>;
}

function readEach(field: Field): (readonly [FactName, string | number | boolean])[] {
  const keys = record(field, ['fact', 'of']);
  const fact = factOf(keys.fact, text(keys.fact));
  return fact ? list(keys.of).map((value) => [fact, readFactValue(value, fact)] as const) : [];
}

function readDischarge(field: Field): Example['discharge'] {
  const keys = record(field, ['event', 'on'], ['at', 'zone']);
  oneOf(keys.event, ['discharged'], 'event');
  const at = keys.at && text(keys.at);
  if (keys.at && at && !/^([01]\d|2[0-3]):[0-5]\d$/.test(at)) report(keys.at, `"${at}" is no time`, 'write "23:50"');
  const zone = keys.zone && text(keys.zone);
  if (keys.zone && zone && !isZone(zone)) report(keys.zone, `unknown zone "${zone}"`, 'write an IANA name');
  return { on: day(keys.on), ...(at ? { at } : {}), ...(zone ? { zone } : {}) };
}

function readAfter(field: Field): NonNullable<Example['after']> {
  const keys = record(field, ['on'], ['event', 'class']);
  const on = day(keys.on);
  if (!keys.event) return { on };
  const name = oneOf(keys.event, ['admitted', 'deceased', 'discharge-cancelled'], 'event');
  if (name !== 'admitted') return { on, change: { name } };
  return { on, change: { name, class: keys.class && oneOf(keys.class, encounterClasses, 'class') } };
}

function readThen(field: Field, taskIds: readonly string[]): Outcome {
  const keys = record(field, ['opens'], ['flags', 'due', 'ends', 'state', 'as']);
  const due = keys.due ? entries(keys.due) : [];
  return {
    opens: flag(keys.opens),
    flags: keys.flags ? list(keys.flags).map(identifier) : [],
    due: new Map(due.map(([id, date]) => [oneOfKeys(date, id, taskIds), day(date)])),
    ...(keys.ends ? { ends: day(keys.ends) } : {}),
    ...(keys.state ? { state: oneOf(keys.state, states, 'state') } : {}),
    ...(keys.as ? { as: oneOf(keys.as, closeReasons, 'reason') } : {}),
  };
}

function oneOfKeys(field: Field, id: string, known: readonly string[]): string {
  if (!known.includes(id)) report(field, `unknown task "${id}"`, `known: ${known.join(', ')}`);
  return id;
}

/** What an example leaves out: a class is known when it is given, the patient lives, the destination is unknown. */
function factsOf(facts: Partial<Facts>): Facts {
  return {
    'encounter.class-known': facts['encounter.class'] !== undefined,
    'encounter.destination': 'unknown',
    'patient.deceased': false,
    ...facts,
  };
}

function differences(protocol: Protocol, example: Example, practice: Practice): string[] {
  const facts = factsOf(example.facts);
  const { expected } = example;
  const opening = opensOn(protocol, facts);
  if (opening.opens !== expected.opens) return [expected.opens ? 'no case opens' : 'a case opens'];
  if (!opening.opens) return [];

  const found: string[] = [];
  const expect = (what: string, wanted: string | undefined, got: string): void => {
    if (wanted !== undefined && wanted !== got) found.push(`${what} is ${got}, not ${wanted}`);
  };
  const dischargedAt = momentOf(example.discharge, practice);
  const dues = dueDates(protocol, facts, dischargedAt, practice);
  const end = stateAfter(protocol, example, dischargedAt, practice);
  expect('flags', [...expected.flags].sort().join(', ') || 'none', [...opening.flags].sort().join(', ') || 'none');
  for (const [task, date] of expected.due) expect(task, date, dues.get(task)?.date ?? 'never due');
  expect('the last day', expected.ends, periodOf(protocol, dischargedAt, practice).end);
  expect('the state', expected.state, end.state);
  expect('the reason', expected.as, end.as ?? 'none');
  return found;
}

function stateAfter(
  protocol: Protocol,
  { after }: Example,
  dischargedAt: Moment,
  practice: Practice,
): { readonly state: CaseState; readonly as?: CloseReason } {
  if (!after) return { state: 'open' };
  const period = periodOf(protocol, dischargedAt, practice);
  if (after.on > period.end) return { state: 'closed', as: period.as };
  const closing = after.change && closesOn(protocol, after.change);
  if (!closing) return { state: 'open' };
  if (closing.suspends) return { state: 'suspended', as: closing.as };
  return { state: closing.as === 'entered-in-error' ? 'withdrawn' : 'closed', as: closing.as };
}

function momentOf({ on, at, zone }: Example['discharge'], practice: Practice): Moment {
  const [year, month, dayOfMonth] = on.split('-').map(Number);
  const [hour, minute] = at === undefined ? [] : at.split(':').map(Number);
  const precision = at === undefined ? 'day' : 'minute';
  const parts = { text: '', precision, year: year!, month, day: dayOfMonth, hour, minute } as const;
  const moment = momentFrom(parts, { zone: zone ?? practice.timeZone });
  if (moment === 'zone-missing') throw new RangeError('a practice has a time zone');
  return moment;
}
