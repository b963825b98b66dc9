// Who and what belongs to whom (HL7 v2.9 ch. 3.3.24, 3.3.37, 3.3.40 to 3.3.51): merges, moves, renames and links of
// patients, accounts and visits. MRG says what was, PID and PV1 what is.

import { Fault } from '../../base/fault.ts';
import { type Identifier, identifierKey } from '../../domain/code.ts';
import type { EncounterEvent } from '../../domain/encounter/event.ts';
import {
  type NoticeBase,
  type Pair,
  type StayMove,
  type Subject,
  toldUnder,
  type Understood,
} from '../../domain/notice.ts';
import type { Segment } from '../../hl7/parse.ts';
import type { IdentityEffect } from './dialect.ts';
import { readPath } from './field-path.ts';
import { accountIdentifier, visitIdentifier } from './identifier.ts';
import { type Found, factOf, type Segments } from './path.ts';
import { readDemographics } from './person.ts';
import { limited, type Reading, warn } from './reading.ts';
import { readIdentifiers } from './subject.ts';

export function readIdentity(reading: Reading, effect: IdentityEffect, base: NoticeBase, digest: string): Understood {
  switch (effect) {
    case 'merge':
      return { ...base, kind: 'merge', pairs: groupsOf(reading, false).map((group) => pairOf(reading, group)) };
    case 'rename-identifiers':
      return { ...base, kind: 'rename', pairs: groupsOf(reading, true).map((group) => pairOf(reading, group)) };
    case 'move-identifiers':
      return {
        ...base,
        kind: 'move-identifiers',
        pairs: groupsOf(reading, true).map((group) => moveOf(reading, group)),
      };
    case 'merge-account':
    case 'rename-account':
      return renamesOf(reading, base, digest, ['PID-18'], ['MRG-3']);
    case 'merge-visit':
    case 'rename-visit':
      return base.trigger === 'A51'
        ? renamesOf(reading, base, digest, ['PV1-50'], ['MRG-6'])
        : renamesOf(reading, base, digest, 'visit-number', 'former-visit-number');
    case 'move-account':
    case 'move-visit': {
      const moves = groupsOf(reading, true).map((group, at) =>
        stayMoveOf(reading, group, base, at === 0 ? digest : `${digest}.${at + 1}`, effect === 'move-account'),
      );
      return { ...base, kind: 'move-stays', moves };
    }
    case 'link':
      return { ...base, kind: 'link', pairs: couplesOf(reading) };
    case 'unlink':
      return { ...base, kind: 'part', pairs: couplesOf(reading) };
  }
}

/** An identifier named on both sides goes: PID-3 may list all that the person ever had. */
function pairOf(reading: Reading, group: Segments): Pair {
  const retired = readIdentifiers(reading, 'retired-identifiers', group);
  const survivor = without(readIdentifiers(reading, 'patient-identifiers', group), retired);
  if (retired.length === 0) throw new Fault('hl7.merge-incomplete', { detail: 'MRG-1' });
  if (survivor.length === 0) throw new Fault('hl7.merge-incomplete', { detail: 'PID-3' });
  return {
    survivor: { identifiers: survivor, demographics: readDemographics(reading, group) },
    retired: { identifiers: retired, demographics: {} },
  };
}

/**
 * The target of a moved identifier is whoever has the other numbers of PID-3, else of PID-2 and PID-4: PID-3 may hold
 * the moved one alone, with the number of the enterprise in PID-2.
 */
function moveOf(reading: Reading, group: Segments): Pair {
  const moved = readIdentifiers(reading, 'retired-identifiers', group);
  if (moved.length === 0) throw new Fault('hl7.merge-incomplete', { detail: 'MRG-1' });
  for (const field of ['PID-3', 'PID-2', 'PID-4']) {
    const target = without(readIdentifiers(reading, [field], group), moved);
    if (target.length > 0)
      return {
        survivor: { identifiers: target, demographics: readDemographics(reading, group) },
        retired: { identifiers: moved, demographics: {} },
      };
  }
  throw new Fault('hl7.merge-incomplete', { detail: 'PID-3' });
}

type Fields = 'visit-number' | 'former-visit-number' | readonly string[];

/** A visit, or the account that stands for one, has another number; where both numbers had events, they are one stay. */
function renamesOf(reading: Reading, base: NoticeBase, digest: string, current: Fields, former: Fields): Understood {
  const notices = groupsOf(reading, true).map((group, at): Understood => {
    const visit = visitOf(reading, group, current);
    const formerVisit = visitOf(reading, group, former);
    if (!visit || !formerVisit)
      throw new Fault('hl7.visit-missing', { detail: visit ? nameOf(former) : nameOf(current) });
    const subject = subjectOf(reading, group);
    const id = at === 0 ? digest : `${digest}.${at + 1}`;
    return { ...base, kind: 'encounter', subject, event: renameOf(reading, subject, base, id, visit, formerVisit) };
  });
  const [first] = notices;
  return notices.length === 1 && first ? first : { ...base, kind: 'several', notices };
}

const renameOf = (
  reading: Reading,
  subject: Subject,
  { trigger, order, happenedAt }: NoticeBase,
  id: string,
  visit: Identifier,
  formerVisit: Identifier,
): EncounterEvent => ({
  id,
  kind: 'renamed',
  trigger,
  order,
  happenedAt,
  visit,
  formerVisit,
  ...toldUnder(subject),
  facts: {},
  partner: reading.language.dialect.partner,
  ...(reading.facility !== undefined && { facility: reading.facility }),
});

function stayMoveOf(reading: Reading, group: Segments, base: NoticeBase, digest: string, isAccount: boolean): StayMove {
  const sources = readIdentifiers(reading, 'retired-identifiers', group);
  const target: Subject = {
    identifiers: without(readIdentifiers(reading, 'patient-identifiers', group), sources),
    demographics: readDemographics(reading, group),
  };
  if (target.identifiers.length === 0) throw new Fault('hl7.merge-incomplete', { detail: 'PID-3' });
  const source = sources.length === 0 ? {} : { source: { identifiers: sources, demographics: {} } };
  if (isAccount) {
    const fields = ['MRG-3', 'PID-18'];
    const account = numberIn(group, fields, (found) => accountIdentifier(reading, found));
    const visit = visitOf(reading, group, fields);
    if (!account || !visit) throw new Fault('hl7.visit-missing', { detail: 'MRG-3' });
    return { target, ...source, visits: [visit], account };
  }
  const visit = visitOf(reading, group, 'visit-number');
  const former = visitOf(reading, group, 'former-visit-number');
  const moved = former ?? visit;
  if (!moved) throw new Fault('hl7.visit-missing', { detail: 'MRG-5' });
  const isRenamed = visit && former && identifierKey(visit) !== identifierKey(former);
  return {
    target,
    ...source,
    visits: [moved],
    ...(isRenamed && { renames: renameOf(reading, target, base, digest, visit, former) }),
  };
}

/** Two PIDs, or a PID and a MRG: senders differ in how they name the second of two patients. */
function couplesOf(reading: Reading): readonly (readonly [Subject, Subject])[] {
  const people = limited(reading, reading.message.all('PID'), 'PID');
  if (people.length < 2) return groupsOf(reading, false).map((group) => coupleOf(pairOf(reading, group)));
  const subjects = people.map((pid) => subjectOf(reading, (name) => (name === 'PID' ? pid : undefined)));
  const [first, ...others] = subjects;
  if (!first || subjects.some(({ identifiers }) => identifiers.length === 0))
    throw new Fault('hl7.patient-unidentified', { detail: 'PID-3' });
  return others.map((other) => [first, other] as const);
}

const coupleOf = ({ survivor, retired }: Pair): readonly [Subject, Subject] => [survivor, retired];

function subjectOf(reading: Reading, group: Segments): Subject {
  const identifiers = readIdentifiers(reading, 'patient-identifiers', group);
  if (identifiers.length === 0) throw new Fault('hl7.patient-unidentified', { detail: 'PID-3' });
  return { identifiers, demographics: readDemographics(reading, group) };
}

function visitOf(reading: Reading, group: Segments, fields: Fields): Identifier | undefined {
  if (typeof fields === 'string')
    return factOf(reading.language, fields, group, (found) => visitIdentifier(reading, found)) ?? undefined;
  return numberIn(group, fields, (found) => visitIdentifier(reading, found));
}

/** The first of the fields that holds one. */
function numberIn(
  group: Segments,
  fields: readonly string[],
  read: (found: Found) => Identifier | undefined,
): Identifier | undefined {
  for (const name of fields) {
    const path = readPath(name);
    const segment = path && group(path.segment);
    const number = path && segment && read({ path, segment });
    if (number) return number;
  }
  return undefined;
}

const nameOf = (fields: Fields): string =>
  typeof fields === 'string' ? (fields === 'visit-number' ? 'PV1-19' : 'MRG-5') : (fields[0] ?? '');

function without(identifiers: readonly Identifier[], others: readonly Identifier[]): readonly Identifier[] {
  const keys = new Set(others.map(identifierKey));
  return identifiers.filter((identifier) => !keys.has(identifierKey(identifier)));
}

/**
 * A PID opens a group, and so does a second MRG, whose group then lacks its PID, or has that of the one before where the
 * event moves several things of one patient (`isShared`).
 */
function groupsOf(reading: Reading, isShared: boolean): readonly Segments[] {
  const groups: Map<string, Segment>[] = [];
  for (const segment of reading.message.segments) {
    const last = groups.at(-1);
    const isNext = segment.name === 'PID' || (segment.name === 'MRG' && (last === undefined || last.has('MRG')));
    if (isNext) {
      const shared = isShared && segment.name === 'MRG' ? last?.get('PID') : undefined;
      groups.push(new Map([...(shared ? [['PID', shared] as const] : []), [segment.name, segment]]));
    } else if (last !== undefined && !last.has(segment.name)) last.set(segment.name, segment);
  }
  if (groups.length === 0) throw new Fault('hl7.segment-missing', { detail: 'PID' });
  if (!groups.some((group) => group.has('PID'))) throw new Fault('hl7.segment-missing', { detail: 'PID' });
  if (reading.message.first('MRG') === undefined) warn(reading, 'segment-missing', 'MRG');
  return limited(reading, groups, 'PID').map((group) => (name) => group.get(name));
}
