// What one seed makes of a run besides the feed: how big the world is, how the service is set, how fast time goes and how
// much goes wrong. Half of the seeds see little trouble, so that what they find is easily told.

import type { Random } from '../hospital/random.ts';
import { dayMs, hourMs } from '../hospital/zone-time.ts';
import type { Rates } from '../torture/rates.ts';

export interface Chances {
  readonly patients: number;
  /** Connections of the sender. */
  readonly lanes: number;
  /** Messages that a connection may hold without an answer. */
  readonly packedMax: number;
  readonly workers: number;
  readonly entriesMax: number;
  readonly shardsMax: number;
  /** Of a choice among what may happen next: that the next message is sent rather than that work goes on. */
  readonly sends: number;
  /** Answers that get lost on their way, so that the message is sent again. */
  readonly answersLost: number;
  readonly reviews: number;
  /** Messages that arrive about when they were sent, or all at the end. */
  readonly isLive: boolean;
  /** How far the clock may jump at once. */
  readonly jumpMs: number;
  /** From the end of the feed to the last look. */
  readonly afterMs: number;
  /** Of the steps: that something goes wrong with it. */
  readonly faults: number;
  readonly faultsMax: number;
  /** Whether people decide the match reviews that the feed leads to, as new persons; else those wait. */
  readonly decides: boolean;
  /** That somebody has messages read again. */
  readonly replays: number;
}

export function drawChances(random: Random, patientsMax: number): Chances {
  const isRough = random.chance(0.6);
  const workers = random.pick([1, 1, 2]);
  // Several people matter most where several workers meet over them; otherwise half of the worlds have one alone.
  const areMany = workers > 1 || random.chance(0.5);
  return {
    patients: random.between(1, areMany ? patientsMax : 1),
    lanes: random.between(1, 3),
    packedMax: random.pick([1, 1, 3, 8]),
    workers,
    entriesMax: random.pick([1, 3, 8, 128]),
    shardsMax: random.pick([1, 4, 64]),
    sends: random.pick([0.1, 0.3, 0.6]),
    answersLost: random.pick([0, 0, 0.05, 0.2]),
    reviews: random.pick([0, 0.02, 0.06]),
    isLive: random.chance(0.6),
    jumpMs: random.pick([0, hourMs, hourMs, 5 * dayMs]),
    afterMs: random.pick([0, 0, hourMs, 3 * dayMs, 16 * dayMs, 45 * dayMs]),
    faults: isRough ? random.pick([0.01, 0.03, 0.08]) : 0,
    faultsMax: 8,
    decides: random.chance(0.6),
    replays: random.pick([0, 0, 0, 0.01]),
  };
}

/** Disorders of the feed that small worlds would seldom show, or that are asked for by name. */
export const feedRates: Partial<Rates> = {
  similar: 0.06,
  'account-renamed': 0.05,
  moved: 0.05,
  linked: 0.05,
  'merged-by-mistake': 0.05,
};

/** What may go wrong with a step. */
export type FaultKind =
  | 'lost-before'
  | 'lost-after'
  | 'conflict'
  | 'database-restarts'
  | 'killed-before'
  | 'killed-after';

export const faultKinds: readonly FaultKind[] = [
  'lost-before',
  'lost-after',
  'conflict',
  'database-restarts',
  'killed-before',
  'killed-after',
];
