// Documents as their events fold: the latest word on each, whatever the order of arrival, and the stay each belongs to.

import type { EncounterId, PatientId } from '../../base/id.ts';
import type { Moment } from '../../base/instant.ts';
import { type Identifier, identifierKey } from '../code.ts';
import type { Encounter } from '../encounter/stay.ts';
import type { OrderKey } from '../patient/record.ts';
import type { DocumentEvent, DocumentFacts } from './event.ts';

export interface Document {
  readonly identifier: Identifier;
  /** The records it was told of; the first names the resource. */
  readonly toldOf: readonly PatientId[];
  readonly status: 'current' | 'superseded' | 'entered-in-error';
  readonly replaces?: Identifier;
  readonly appends?: Identifier;
  readonly facts: DocumentFacts;
  readonly order: OrderKey;
  readonly happenedAt: Moment;
  readonly visit?: Identifier;
  readonly partner: string;
  readonly facility?: string;
  readonly encounter?: EncounterId;
}

/** LOINC's code for a discharge summary; the table `document-type` gives it to what senders call one. */
export const dischargeSummary = '18842-5';

const dayMs = 24 * 60 * 60 * 1000;

/** Any order and any repetition of the same events gives the same documents. */
export function foldDocuments(events: readonly DocumentEvent[], encounters: readonly Encounter[]): Document[] {
  const ordered = [...new Map(events.map((event) => [event.id, event])).values()].sort(byOrder);
  const groups = new Map<string, DocumentEvent[]>();
  for (const event of ordered) {
    const key = identifierKey(event.document);
    const group = groups.get(key);
    if (group) group.push(event);
    else groups.set(key, [event]);
  }
  const told = [...groups.values()].map((group) => fold(group, encounters));
  const replaced = new Set(
    told.flatMap((one) => (one.replaces && one.status !== 'entered-in-error' ? [identifierKey(one.replaces)] : [])),
  );
  return told.map((one) =>
    one.status === 'current' && replaced.has(identifierKey(one.identifier)) ? { ...one, status: 'superseded' } : one,
  );
}

function fold(events: readonly DocumentEvent[], encounters: readonly Encounter[]): Document {
  const last = events.at(-1) as DocumentEvent;
  const key = identifierKey(last.document);
  const parentOf = (act: DocumentEvent['act']): Identifier | undefined =>
    events.findLast((event) => event.act === act && event.parent && identifierKey(event.parent) !== key)?.parent;
  const replaces = parentOf('replaced');
  const appends = parentOf('appended');
  const facts = factsOf(events);
  const visit = events.findLast((event) => event.visit)?.visit;
  const facility = events.findLast((event) => event.facility !== undefined)?.facility;
  const told = { partner: last.partner, happenedAt: last.happenedAt, ...(visit && { visit }) };
  const encounter = stayOf(facts.writtenAt ?? last.happenedAt, told, encounters);
  const records = events.flatMap((event) => event.toldOf ?? []);
  return {
    identifier: last.document,
    toldOf: [...new Set(records)].sort(),
    status: statusOf(last, facts),
    ...(replaces && { replaces }),
    ...(appends && { appends }),
    facts,
    order: last.order,
    ...told,
    ...(facility !== undefined && { facility }),
    ...(encounter && { encounter: encounter.id }),
  };
}

/**
 * The latest word on each. An addendum under the number of its own parent adds to that: what the document is, and its
 * text, stay.
 */
function factsOf(events: readonly DocumentEvent[]): DocumentFacts {
  let known: DocumentFacts = {};
  let isThere = false;
  for (const { act, document, parent, facts } of events) {
    const isItsParents = isThere && (!parent || identifierKey(parent) === identifierKey(document));
    known = act === 'appended' && isItsParents ? withAddendum(known, facts) : { ...known, ...facts };
    isThere ||= act !== 'appended';
  }
  return known;
}

function withAddendum(known: DocumentFacts, facts: DocumentFacts): DocumentFacts {
  const { completion, availability, contents = [] } = facts;
  const texts = new Map([...(known.contents ?? []), ...contents].map((one) => [JSON.stringify(one), one]));
  return {
    ...facts,
    ...known,
    ...(completion && { completion }),
    ...(availability && { availability }),
    ...(texts.size > 0 && { contents: [...texts.values()] }),
  };
}

function statusOf(last: DocumentEvent, { availability }: DocumentFacts): Document['status'] {
  if (last.act === 'cancelled' || availability === 'deleted') return 'entered-in-error';
  return availability === 'obsolete' ? 'superseded' : 'current';
}

/**
 * The stay of the visit number; where there is none, the only stay of that sender which was going on when the document
 * was written or had ended within a month before.
 */
function stayOf(
  writtenAt: Moment,
  { partner, visit }: { readonly partner: string; readonly visit?: Identifier },
  encounters: readonly Encounter[],
): Encounter | undefined {
  const standing = encounters.filter((stay) => stay.status !== 'entered-in-error');
  if (visit) {
    const key = identifierKey(visit);
    const named = standing.filter((stay) =>
      [stay.visit, ...stay.formerVisits].some((known) => known && identifierKey(known) === key),
    );
    return named.length < 2 ? named[0] : (named.findLast((stay) => isAround(stay, writtenAt)) ?? named.at(-1));
  }
  const around = standing.filter((stay) => stay.partner === partner && isAround(stay, writtenAt));
  return around.length === 1 ? around[0] : undefined;
}

function isAround(stay: Encounter, at: Moment): boolean {
  const from = stay.start ?? stay.end;
  if (!from || at.at < from.at - dayMs) return false;
  return !stay.end || at.at <= stay.end.at + 30 * dayMs;
}

/** Whether it is the summary of a discharge that a person can read now. */
export const isReadableSummary = ({ status, facts }: Document): boolean =>
  status === 'current' &&
  facts.type?.code === dischargeSummary &&
  facts.availability !== 'unavailable' &&
  (facts.contents ?? []).length > 0;

const byOrder = (a: DocumentEvent, b: DocumentEvent): number => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0);
