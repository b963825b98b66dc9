// The synthetic hospital: one week of one hospital group from a seed, as the messages it sends and as what must stand at
// the end. The same seed, number of people and moment give the same week, byte for byte.

import { type ExpectedPatient, expectPatient } from './expected.ts';
import { type FeedMessage, writeFeed } from './feed.ts';
import { createRandom } from './random.ts';
import type { Life } from './truth.ts';
import { liveAWeek } from './week.ts';

export interface HospitalOptions {
  readonly seed: number;
  /** People, not numbers: a few of them are known under two. */
  readonly patients: number;
  /** When the week ends, milliseconds since 1970. */
  readonly now: number;
}

export interface HospitalWeek {
  readonly from: number;
  readonly lives: readonly Life[];
  /** In the order in which they arrive. */
  readonly messages: readonly FeedMessage[];
  readonly expected: readonly ExpectedPatient[];
}

export function playHospital({ seed, patients, now }: HospitalOptions): HospitalWeek {
  const random = createRandom(seed);
  const { lives, from } = liveAWeek(random, patients, Math.floor(now / 60_000) * 60_000);
  return { from, lives, messages: writeFeed(lives, random), expected: lives.map(expectPatient) };
}
