// The timeline of a visit as a fold: events are taken in the order they happened, never in the order they arrived, so a
// late A01, a repeated A03 or an A13 is no special case. Rules: docs/standards.md#encounter-status.

import type { Moment } from '../../base/instant.ts';
import type { EncounterEvent, EncounterEventKind } from './event.ts';
import { applyEvent, beginStay, type StayInProgress, showStay } from './fold.ts';
import type { Stay } from './stay.ts';
import { visitNames } from './visit-names.ts';

const dayMs = 86_400_000;
/** A visit number that comes back this long after the discharge names another stay. */
export const visitReuseMs = 365 * dayMs;

/** The stays that a patient's events tell of. Any order and any repetition of the same events gives the same stays. */
export function foldStays(events: readonly EncounterEvent[]): Stay[] {
  const ordered = [...new Map(events.map((event) => [event.id, event])).values()].sort(byOrder);
  const keyOf = visitKeys(ordered);
  const groups = new Map<string, EncounterEvent[]>();
  for (const event of ordered) {
    const key = keyOf(event);
    const group = groups.get(key);
    if (group) group.push(event);
    else groups.set(key, [event]);
  }
  return [...groups].flatMap(([key, group]) => foldVisit(group, key));
}

export const byOrder = (a: EncounterEvent, b: EncounterEvent): number =>
  a.order < b.order ? -1 : a.order > b.order ? 1 : 0;

/** Events of a renamed visit belong to the visit it is called now; unnumbered events to one line per partner and record. */
function visitKeys(ordered: readonly EncounterEvent[]): (event: EncounterEvent) => string {
  const current = visitNames(ordered);
  return (event) => (event.visit ? current(event.visit) : `unnumbered|${event.partner}|${event.toldOf ?? ''}`);
}

/** `key`: what the visit is called now. */
function foldVisit(events: readonly EncounterEvent[], key: string): Stay[] {
  const stays: StayInProgress[] = [];
  for (const event of events) {
    let stay = stayOf(stays, event);
    if (!stay || startsNewStay(stay, event)) {
      stay = beginStay(event);
      stays.push(stay);
    }
    applyEvent(stay, event);
  }
  return stays.flatMap((stay) => {
    stay.visit = stay.visits.get(key) ?? stay.visit;
    return showStay(stay) ?? [];
  });
}

/** The latest stay, or of a number used again the earlier one in whose time the event says it began. */
function stayOf(stays: readonly StayInProgress[], event: EncounterEvent): StayInProgress | undefined {
  const said = event.visit && toldTime(event);
  if (!said) return stays.at(-1);
  const earlier = stays.slice(0, -1).find((stay) => {
    const ended = endOf(stay);
    return ended !== undefined && said.at - ended.at <= visitReuseMs;
  });
  return earlier ?? stays.at(-1);
}

/** Whether an event after the end of a stay belongs to the next one (docs/decisions/0020, 0022). */
function startsNewStay(stay: StayInProgress, event: EncounterEvent): boolean {
  if (stay.status === 'entered-in-error') return tellsOfPresence.has(event.kind);
  const ended = endOf(stay);
  if (!ended) return false;
  if (event.visit) return (beganAt(event)?.at ?? ended.at) - ended.at > visitReuseMs;
  if (stay.status !== 'finished') return false;
  const gapMs = momentOf(event).at - ended.at;
  return admits.has(event.kind) ? gapMs > 0 : event.kind === 'discharged' && gapMs > dayMs;
}

const admits: ReadonlySet<EncounterEventKind> = new Set(['admitted', 'registered', 'pre-admitted']);

/** That somebody is, was or will be there: after a deletion, a stay that the sender has begun anew. */
const tellsOfPresence: ReadonlySet<EncounterEventKind> = new Set([
  ...admits,
  'transferred',
  'class-changed',
  'leave-began',
  'leave-ended',
  'present',
  'discharged',
]);

const cancels: ReadonlySet<EncounterEventKind> = new Set([
  'transfer-cancelled',
  'discharge-cancelled',
  'admission-cancelled',
  'pre-admission-cancelled',
]);

/** When a stay ended, or was called off; nothing while it goes on. */
function endOf(stay: StayInProgress): Moment | undefined {
  if (stay.status === 'finished') return stay.end;
  return stay.status === 'cancelled' ? stay.statuses.at(-1)?.from : undefined;
}

/**
 * When the stay of an event began, as far as the event tells: by its time of admission, else its time of discharge, else
 * its own where it admits or discharges. A correction of a stay long over, or a cancel, tells nothing of another.
 */
function beganAt(event: EncounterEvent): Moment | undefined {
  if (cancels.has(event.kind) || event.kind === 'deleted') return undefined;
  return toldTime(event) ?? (admits.has(event.kind) || event.kind === 'discharged' ? event.happenedAt : undefined);
}

const toldTime = ({ facts }: EncounterEvent): Moment | undefined => facts.admittedAt ?? facts.dischargedAt ?? undefined;

function momentOf(event: EncounterEvent): Moment {
  return (event.kind === 'discharged' ? event.facts.dischargedAt : event.facts.admittedAt) ?? event.happenedAt;
}
