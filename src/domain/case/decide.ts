// Which cases a chart implies, and in which state: for each discharge that a protocol opens on, one case. Decided from
// the whole timeline, so a message that arrives late, twice or in another order leads to the same cases.

import type { CaseId, NewId } from '../../base/id.ts';
import type { Instant, LocalDate } from '../../base/instant.ts';
import type { Discharge, DischargeSaying, Encounter } from '../encounter/stay.ts';
import type { Practice } from '../practice.ts';
import { periodOf } from '../protocol/closes.ts';
import { dueDates } from '../protocol/due.ts';
import { opensOn } from '../protocol/opens.ts';
import type { Facts, Protocol } from '../protocol/protocol.ts';
import type { Case } from './case.ts';
import type { Person } from './person.ts';
import { caseStanding } from './standing.ts';
import { planReferrals, planTasks } from './tasks.ts';

export interface Circumstances {
  readonly practice: Practice;
  readonly protocols: readonly Protocol[];
  readonly now: Instant;
  readonly newId: NewId;
  /** Events on which no case opens; one that is open goes on. */
  readonly withheld?: ReadonlySet<string>;
}

/** The cases of a chart. A known case that the events no longer call for is withdrawn, never dropped. */
export function decideCases(
  encounters: readonly Encounter[],
  person: Person,
  known: readonly Case[],
  circumstances: Circumstances,
): Case[] {
  const taken = new Set<CaseId>();
  const cases: Case[] = [];
  for (const protocol of circumstances.protocols) {
    for (const encounter of byEnd(encounters)) {
      for (const discharge of encounter.discharges) {
        const opening = openingOf(protocol, discharge, person);
        const before = known.find(
          (candidate) =>
            !taken.has(candidate.id) &&
            candidate.protocol.id === protocol.id &&
            tellsOf(discharge, candidate.discharge),
        );
        if (!opening || (!before && circumstances.withheld?.has(opening.by))) continue;
        if (before) taken.add(before.id);
        const follows = [...cases]
          .reverse()
          .find((other) => other.protocol.id === protocol.id && leadsTo(other, encounter));
        cases.push(
          decideCase({ protocol, encounter, discharge, opening, before, follows }, encounters, person, circumstances),
        );
      }
    }
  }
  for (const gone of known) if (!taken.has(gone.id)) cases.push(withdraw(gone));
  return cases;
}

interface Opening {
  readonly facts: Facts;
  readonly flags: readonly string[];
  /** The event whose saying first opened the case. */
  readonly by: string;
  /** Whether what is said now still qualifies. */
  readonly stands: boolean;
}

/** A case exists if anything ever said of the discharge opened it; whether it stands is what was said last. */
function openingOf(protocol: Protocol, discharge: Discharge, person: Person): Opening | undefined {
  const diedBefore = person.deceased && person.deceasedAt !== undefined && person.deceasedAt <= discharge.at.at;
  const asked = discharge.sayings.map((saying) => {
    const facts = factsOf(saying, discharge, person, diedBefore);
    return { event: saying.event, facts, ...opensOn(protocol, facts) };
  });
  const last = asked.at(-1);
  const first = asked.find((saying) => saying.opens);
  if (!last || !first) return undefined;
  const shown = last.opens ? last : [...asked].reverse().find((saying) => saying.opens);
  return { facts: last.facts, flags: shown?.flags ?? [], by: first.event, stands: last.opens };
}

function factsOf(saying: DischargeSaying, discharge: Discharge, person: Person, diedBefore: boolean): Facts {
  const code = saying.class?.code;
  return {
    ...(code !== undefined && { 'encounter.class': code }),
    'encounter.class-known': code !== undefined,
    ...(saying.disposition && { 'encounter.disposition': saying.disposition.code }),
    'encounter.destination': saying.disposition?.destination ?? 'unknown',
    ...(person.birthDate && { 'patient.age': ageOn(person.birthDate, discharge.at.date) }),
    'patient.deceased': diedBefore,
  };
}

function decideCase(
  about: {
    readonly protocol: Protocol;
    readonly encounter: Encounter;
    readonly discharge: Discharge;
    readonly opening: Opening;
    readonly before: Case | undefined;
    readonly follows: Case | undefined;
  },
  encounters: readonly Encounter[],
  person: Person,
  { practice, now, newId }: Circumstances,
): Case {
  const { protocol, encounter, discharge, opening, before, follows } = about;
  const { start, end, endsAt } = periodOf(protocol, discharge.at, practice);
  const standing = caseStanding(
    { protocol, encounter, discharge, stands: opening.stands, endsAt, before },
    encounters,
    person,
    now,
  );
  const due = dueDates(protocol, opening.facts, discharge.at, practice);
  const id = before?.id ?? newId<'case'>();
  return {
    id,
    protocol: before?.protocol ?? { id: protocol.id, version: protocol.version },
    episode: before?.episode ?? newId<'episode'>(),
    encounter: encounter.id,
    discharge: opening.by,
    dischargedAt: discharge.at,
    ...standing,
    start,
    end,
    endsAt,
    flags: opening.flags,
    ...(follows && { follows: follows.id }),
    tasks: planTasks(protocol, due, standing, discharge, before?.tasks ?? [], newId),
    referrals: planReferrals(protocol, due, standing, before?.referrals ?? [], newId),
  };
}

/** Whether an event is part of what is known of a discharge. */
const tellsOf = (discharge: Discharge, event: string): boolean =>
  discharge.events.includes(event) || discharge.sayings.some((saying) => saying.event === event);

/** A case that a readmission suspended leads to that stay's case; a withdrawn one to the next of the same stay. */
const leadsTo = (other: Case, encounter: Encounter): boolean =>
  other.suspendedFor === encounter.id || (other.encounter === encounter.id && other.state === 'withdrawn');

/** A case that, as is known now, was never due: an earlier event that arrived late says so. */
function withdraw(gone: Case): Case {
  const { suspendedFor: _none, closedAt: _at, ...rest } = gone;
  const statusReason = 'An earlier event that arrived later shows that no case was due.';
  return {
    ...rest,
    state: 'withdrawn',
    closedAs: 'not-qualifying',
    tasks: gone.tasks.map((task) =>
      task.status === 'completed' ? task : { ...task, status: 'entered-in-error', statusReason },
    ),
    referrals: gone.referrals.map((referral) => ({ ...referral, status: 'entered-in-error' })),
  };
}

const byEnd = (encounters: readonly Encounter[]): Encounter[] =>
  [...encounters].sort(
    (a, b) =>
      (a.discharges[0]?.at.at ?? 0) - (b.discharges[0]?.at.at ?? 0) ||
      ((a.events[0] ?? '') < (b.events[0] ?? '') ? -1 : 1),
  );

function ageOn(birth: LocalDate, day: LocalDate): number {
  const years = Number(day.slice(0, 4)) - Number(birth.slice(0, 4));
  return day.slice(5) < birth.slice(5) ? years - 1 : years;
}
