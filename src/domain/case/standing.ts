// How a case stands: withdrawn, closed, suspended or open. The first rule that holds decides; domain rules of
// Medicare transitional care management, docs/decisions/0007-cases-are-decided-from-the-timeline.md.

import type { EncounterId } from '../../base/id.ts';
import type { Instant } from '../../base/instant.ts';
import { type Discharge, type Encounter, neverWas, tookPlace } from '../encounter/stay.ts';
import type { CloseRule, Protocol } from '../protocol/protocol.ts';
import type { Case, CaseState, CloseReason } from './case.ts';
import type { Person } from './person.ts';

export interface Standing {
  readonly state: CaseState;
  readonly closedAs?: CloseReason;
  readonly closedAt?: Instant;
  readonly suspendedFor?: EncounterId;
}

export interface Opened {
  readonly protocol: Protocol;
  readonly encounter: Encounter;
  readonly discharge: Discharge;
  readonly stands: boolean;
  readonly endsAt: Instant;
  /** The case as it stood before, if there was one. */
  readonly before: Case | undefined;
}

export function caseStanding(
  { protocol, encounter, discharge, stands, endsAt, before }: Opened,
  encounters: readonly Encounter[],
  person: Person,
  now: Instant,
): Standing {
  const on = (change: string): CloseRule | undefined =>
    protocol.close.find((rule) => 'on' in rule && rule.on === change);
  const finished = protocol.close.find((rule) => 'after' in rule)?.as ?? 'finished';
  const onCancel = on('discharge-cancelled');
  const onDeath = on('deceased');
  const onReadmission = on('admitted');
  const cancelled = discharge.cancelled || neverWas(encounter);
  if (cancelled && onCancel) {
    const closedAt = discharge.cancelledAt?.at;
    return { state: 'withdrawn', closedAs: onCancel.as, ...(closedAt !== undefined && { closedAt }) };
  }
  if (onDeath && diedInside(person, endsAt, before, now)) {
    const closedAt = person.deceasedAt;
    return { state: 'closed', closedAs: onDeath.as, ...(closedAt !== undefined && { closedAt }) };
  }
  if (!stands) return { state: 'closed', closedAs: 'not-qualifying' };
  const readmission = readmissionAfter(discharge, encounter, encounters, onReadmission, endsAt);
  const over = now >= endsAt;
  if (readmission && onReadmission) {
    if (over) return { state: 'closed', closedAs: onReadmission.as, closedAt: endsAt, suspendedFor: readmission.id };
    return { state: 'suspended', suspendedFor: readmission.id };
  }
  return over ? { state: 'closed', closedAs: finished, closedAt: endsAt } : { state: 'open' };
}

/**
 * Whether the patient died before the period was over. A death long after it rewrites nothing. Where nobody gives a time,
 * it counts if it is told while the period runs, and goes on to count when that is over.
 */
function diedInside(person: Person, endsAt: Instant, before: Case | undefined, now: Instant): boolean {
  if (!person.deceased) return false;
  const at = person.deceasedAt ?? person.deceasedBy;
  if (now < endsAt || (at !== undefined && at < endsAt)) return true;
  return person.deceasedAt === undefined && before?.closedAs === 'deceased' && before.closedAt === undefined;
}

/** The first stay of an inpatient kind that began after the discharge and inside the period. */
function readmissionAfter(
  discharge: Discharge,
  encounter: Encounter,
  encounters: readonly Encounter[],
  rule: CloseRule | undefined,
  endsAt: Instant,
): Encounter | undefined {
  if (!rule || !('suspend' in rule)) return undefined;
  const began = (stay: Encounter): number => stay.start?.at ?? Number.NaN;
  return encounters
    .filter(
      (stay) =>
        stay.id !== encounter.id &&
        tookPlace(stay) &&
        rule.classes.includes(stay.facts.class?.code ?? '') &&
        began(stay) >= discharge.at.at &&
        began(stay) < endsAt,
    )
    .sort((a, b) => began(a) - began(b) || ((a.events[0] ?? '') < (b.events[0] ?? '') ? -1 : 1))[0];
}
