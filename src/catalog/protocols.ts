// Protocols: care pathways as data (profiles/protocols/<id>/protocol.yaml), read and checked as a whole.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CloseReason } from '../domain/case/case.ts';
import type { Practice } from '../domain/practice.ts';
import type { CloseRule, DueRule, Protocol, TaskRule } from '../domain/protocol/protocol.ts';
import { encounterClasses, readCondition } from './conditions.ts';
import {
  type Field,
  flag,
  has,
  identifier,
  list,
  oneOf,
  openYaml,
  type Problem,
  record,
  repeated,
  report,
  text,
  wholeNumber,
} from './reading.ts';

export const closeReasons = [
  'finished',
  'readmitted',
  'deceased',
  'not-qualifying',
  'entered-in-error',
] as const satisfies readonly CloseReason[];

/** Reads `profiles/protocols`. A protocol with problems is not among the results. */
export function readProtocols(folder: string): { protocols: Protocol[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const protocols: Protocol[] = [];
  for (const id of folders(folder, problems)) {
    const before = problems.length;
    const field = openYaml(join(folder, id, 'protocol.yaml'), protocolFile(id), problems);
    const protocol = field && readProtocol(field, id);
    if (protocol && problems.length === before) protocols.push(protocol);
  }
  return { protocols, problems };
}

/** How problems name the file of a protocol. */
export const protocolFile = (id: string): string => `protocols/${id}/protocol.yaml`;

/** What two files together must agree on: every task's owner is a role of every organisation. */
export function crossCheck(protocols: readonly Protocol[], organisations: readonly Practice[]): Problem[] {
  const problems: Problem[] = [];
  for (const protocol of protocols) {
    for (const [index, task] of protocol.tasks.entries()) {
      for (const organisation of organisations) {
        const roles = organisation.roles.map((role) => role.id);
        if (roles.includes(task.owner)) continue;
        problems.push({
          file: protocolFile(protocol.id),
          place: `tasks[${index}].owner`,
          says: `"${task.owner}" is no role of ${organisation.id}`,
          right: `its roles: ${roles.join(', ')}`,
        });
      }
    }
  }
  return problems;
}

function folders(folder: string, problems: Problem[]): string[] {
  try {
    const found = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    if (found.length > 0) return found.map((entry) => entry.name).sort();
  } catch {
    // A folder that is absent holds no protocol, and is told of as such.
  }
  problems.push({ file: 'protocols', place: '', says: 'there is no protocol', right: 'add <id>/protocol.yaml' });
  return [];
}

function readProtocol(field: Field, folder: string): Protocol {
  const keys = record(field, ['id', 'version', 'title', 'source', 'open', 'close', 'tasks'], ['description', 'flags']);
  const id = identifier(keys.id);
  if (id !== folder) report(keys.id, `the id "${id}" is not the name of its folder`, `write ${folder}`);
  const version = text(keys.version);
  if (version !== '' && !/^\d+\.\d+\.\d+$/.test(version)) {
    report(keys.version, `"${version}" is not a version`, 'write it like 1.0.0');
  }
  const open = record(keys.open, ['on', 'if']);
  const tasks = list(keys.tasks).map(readTask);
  checkTasks(keys.tasks, tasks);
  return {
    id,
    version,
    title: text(keys.title),
    ...(keys.description ? { description: text(keys.description) } : {}),
    source: text(keys.source),
    open: { on: oneOf(open.on, ['discharged'], 'change that opens'), if: readCondition(open.if) },
    flags: keys.flags ? list(keys.flags).map(readFlag) : [],
    close: readClose(keys.close),
    tasks,
  };
}

function readFlag(field: Field): Protocol['flags'][number] {
  const keys = record(field, ['flag', 'if']);
  return { flag: identifier(keys.flag), if: readCondition(keys.if) };
}

function readClose(field: Field): CloseRule[] {
  const rules = list(field).map(readCloseRule);
  if (rules.filter((rule) => 'after' in rule).length !== 1) {
    report(field, 'a case must end some day', 'give exactly one rule with after');
  }
  for (const change of repeated(rules.flatMap((rule) => ('on' in rule ? [rule.on] : [])))) {
    report(field, `the change "${change}" stands twice`, 'give each change one rule');
  }
  return rules;
}

function readCloseRule(field: Field): CloseRule {
  if (has(field, 'after')) {
    const keys = record(field, ['after', 'as']);
    const after = record(keys.after, ['days', 'from']);
    const days = wholeNumber(after.days, 1);
    return { after: { days, from: oneOf(after.from, ['discharged'], 'start') }, as: readReason(keys.as) };
  }
  if (has(field, 'suspend') || has(field, 'classes')) {
    const keys = record(field, ['on', 'classes', 'suspend', 'as']);
    if (keys.suspend.node !== undefined && !flag(keys.suspend))
      report(keys.suspend, 'a rule that suspends says false', 'write suspend: true');
    const classes = list(keys.classes).map((each) => oneOf(each, encounterClasses, 'class'));
    oneOf(keys.on, ['admitted'], 'change that suspends');
    oneOf(keys.as, ['readmitted'], 'reason of suspension');
    return { on: 'admitted', suspend: true, classes, as: 'readmitted' };
  }
  const keys = record(field, ['on', 'as']);
  const on = oneOf(keys.on, ['discharge-cancelled', 'deceased'], 'change that closes');
  return { on, as: readReason(keys.as) };
}

const readReason = (field: Field): CloseReason => oneOf(field, closeReasons, 'reason');

function readTask(field: Field): TaskRule {
  const keys = record(field, ['id', 'title', 'kind', 'owner', 'due'], ['description', 'referral']);
  return {
    id: identifier(keys.id),
    title: text(keys.title),
    ...(keys.description ? { description: text(keys.description) } : {}),
    kind: oneOf(keys.kind, ['outreach', 'visit', 'review', 'document'], 'kind of task'),
    owner: identifier(keys.owner),
    due: readDue(keys.due),
    ...(keys.referral ? { referral: readReferral(keys.referral) } : {}),
  };
}

/** One rule, or a list of which the first that holds applies; the last must hold always. */
function readDue(field: Field): DueRule[] {
  const isSingle = has(field, 'days') || has(field, 'with');
  const rules = isSingle ? [readDueRule(field)] : list(field).map(readDueRule);
  const last = rules.at(-1);
  if (last === undefined) report(field, 'the task is never due', 'give at least one rule');
  else if (last.if !== undefined) report(field, 'the last rule has a condition', 'end with a rule that always holds');
  if (rules.slice(0, -1).some((rule) => rule.if === undefined)) {
    report(field, 'a rule that always holds hides those after it', 'put it last');
  }
  return rules;
}

function readDueRule(field: Field): DueRule {
  if (has(field, 'with')) {
    const keys = record(field, ['with'], ['if']);
    return { ...(keys.if ? { if: readCondition(keys.if) } : {}), with: identifier(keys.with) };
  }
  const keys = record(field, ['days', 'of', 'from'], ['if']);
  const of = oneOf(keys.of, ['business', 'calendar'], 'kind of day');
  return {
    ...(keys.if ? { if: readCondition(keys.if) } : {}),
    days: wholeNumber(keys.days, of === 'business' ? 1 : 0),
    of,
    from: oneOf(keys.from, ['discharged'], 'start'),
  };
}

function readReferral(field: Field): NonNullable<TaskRule['referral']> {
  const keys = record(field, ['title'], ['code']);
  const title = text(keys.title);
  if (!keys.code) return { title };
  const code = record(keys.code, ['system', 'code'], ['display']);
  return {
    title,
    code: {
      system: text(code.system),
      code: text(code.code),
      ...(code.display ? { display: text(code.display) } : {}),
    },
  };
}

/** Ids once each; `with` names another task, and no ring of them. */
function checkTasks(field: Field, tasks: readonly TaskRule[]): void {
  const ids = tasks.map((task) => task.id);
  for (const id of repeated(ids)) report(field, `the task "${id}" stands twice`, 'give each task an id of its own');
  const targets = new Map(
    tasks.map((task) => [task.id, task.due.flatMap((rule) => ('with' in rule ? [rule.with] : []))]),
  );
  for (const [id, others] of targets) {
    for (const other of others.filter((each) => each !== '' && !targets.has(each))) {
      report(field, `the task "${id}" is due with unknown task "${other}"`, `known tasks: ${ids.join(', ')}`);
    }
    if (reaches(id, id, targets, new Set())) {
      report(field, `the task "${id}" is due with itself, through "with"`, 'give one of them days of its own');
    }
  }
}

function reaches(
  from: string,
  goal: string,
  targets: ReadonlyMap<string, readonly string[]>,
  seen: Set<string>,
): boolean {
  return (targets.get(from) ?? []).some((next) => {
    if (next === goal) return true;
    if (seen.has(next)) return false;
    seen.add(next);
    return reaches(next, goal, targets, seen);
  });
}
