// What must be loaded before a batch can be thought about: everyone its messages name, everyone they may mean, and
// whose the stays are that they move.

import { Fault } from '../base/fault.ts';
import type { Identifier } from '../domain/code.ts';
import {
  accountHomeKey,
  accountsOf,
  homeKeys,
  olderHomeKeys,
  visitHomeKey,
  visitsOf,
} from '../domain/encounter/home.ts';
import { eventsOf, type Notice, subjectsOf, type Understood } from '../domain/notice.ts';
import { identifierHomeKey } from '../domain/patient/identifier-home.ts';
import type { MatchRules } from '../domain/patient/likeness.ts';
import { mayMean } from '../domain/patient/look.ts';
import { lookKeys, type Sketch, sketchOf, valuesSaid } from '../domain/patient/person-words.ts';
import type { ChartWish, Lookout } from '../store/charts.ts';
import type { InboxEntry } from '../store/inbox.ts';

interface Read {
  readonly entry: InboxEntry;
  readonly notice: Notice | Fault;
}

export function wishOf(read: readonly Read[], rules: MatchRules): ChartWish {
  const notices = read.flatMap(({ notice }) =>
    notice instanceof Fault || notice.kind === 'ignored' ? [] : [notice as Understood],
  );
  const subjects = notices.flatMap(subjectsOf);
  const moves = notices.flatMap(movesOf);
  const movedIdentifiers = notices.flatMap(identifierMovesOf);
  const events = notices.flatMap(eventsOf);
  const movedKeys = [
    ...moves.flatMap(({ visits }) => visits.map(visitHomeKey)),
    ...moves.flatMap(({ account }) => (account ? [accountHomeKey(account)] : [])),
  ];
  return {
    identifiers: subjects.flatMap(({ identifiers }) => identifiers),
    homeKeys: [...events.flatMap(homeKeys), ...movedKeys, ...movedIdentifiers.map(identifierHomeKey)],
    exclusiveKeys: [
      ...events.filter((event) => visitsOf(event).length > 1).flatMap(homeKeys),
      // A move of its account may become one of its visit.
      ...events.filter((event) => accountsOf(event).length > 0).flatMap((event) => visitsOf(event).map(visitHomeKey)),
      ...movedKeys,
    ],
    olderHomeKeys: events.flatMap(olderHomeKeys),
    changesHands: notices.some(changesHands),
    movedVisits: moves.flatMap(({ visits }) => visits.map(({ value }) => value)),
    // What a replayed message said before stands where it was applied.
    patients: read.flatMap(({ entry }) => (entry.replays > 0 && entry.patient !== null ? [entry.patient] : [])),
    lookout: (isHeld) =>
      lookoutFor(
        subjects
          .filter(({ identifiers }) => !identifiers.some(isHeld))
          .map(({ demographics }) => sketchOf(valuesSaid(demographics), rules)),
        rules,
      ),
  };
}

function lookoutFor(newcomers: readonly Sketch[], rules: MatchRules): Lookout {
  const byKey = new Map<string, Sketch[]>();
  for (const newcomer of newcomers)
    for (const key of lookKeys(newcomer)) byKey.set(key, [...(byKey.get(key) ?? []), newcomer]);
  return {
    keys: [...byKey.keys()].sort(),
    concerns: (look) => byKey.get(look.key)?.some((newcomer) => mayMean(look, newcomer, rules)) === true,
  };
}

const movesOf = (notice: Understood): readonly (Understood & { kind: 'move-stays' })['moves'][number][] =>
  notice.kind === 'move-stays' ? notice.moves : notice.kind === 'several' ? notice.notices.flatMap(movesOf) : [];

const identifierMovesOf = (notice: Understood): readonly Identifier[] =>
  notice.kind === 'move-identifiers'
    ? notice.pairs.flatMap(({ retired }) => retired.identifiers)
    : notice.kind === 'several'
      ? notice.notices.flatMap(identifierMovesOf)
      : [];

/** Whether people, identifiers or stays become somebody else's: then stays moved before may have to move as well. */
function changesHands(notice: Understood): boolean {
  switch (notice.kind) {
    case 'merge':
    case 'rename':
    case 'part':
    case 'move-identifiers':
    case 'move-stays':
      return true;
    case 'several':
      return notice.notices.some(changesHands);
    case 'person':
    case 'encounter':
    case 'document':
    case 'appointment':
    case 'link':
      return false;
  }
}
