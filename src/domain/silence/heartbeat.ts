// Whether a feed is quiet: nothing, or far too little, comes while the service listens and messages are expected.

import { busyWithin, type Expectation, expectedWithin, type FeedHour, hourMs } from './expectation.ts';
import { atMost } from './poisson.ts';
import { isSettled, type Span } from './up.ts';

export interface Heartbeat {
  /** Silent for so long in hours that are not usually silent. */
  readonly silentMinutesMax: number;
  /** Expected an hour, even where fewer were learned. */
  readonly floorPerHour: number;
  /** Weeks of history from which the expected number is learned. */
  readonly learnWeeks: number;
}

export const usualHeartbeat: Heartbeat = { silentMinutesMax: 240, floorPerHour: 0, learnWeeks: 6 };

/** So improbable must so few messages be. */
export const improbable = 0.001;

/** The window in which too few are looked for: this hour and the three before it. */
const windowHours = 3;

export interface Judgement {
  readonly isQuiet: boolean;
  /** `silent`: longer than the partner file allows. `improbable`: nothing, or too little, for these hours of the week. */
  readonly why?: 'silent' | 'improbable';
  /** How long nothing came while the service listened, in hours in which messages usually come. */
  readonly silentMinutes: number;
  /** Since the last message, where nothing at all came; else in the last hours. */
  readonly expected: number;
  readonly got: number;
  readonly probability: number;
}

export interface Heard {
  readonly now: number;
  /** The last message; absent when none ever came: such a feed is not live yet, and not quiet. */
  readonly lastAt?: number | undefined;
  readonly hours: readonly FeedHour[];
  readonly up: readonly Span[];
  readonly zone: string;
  readonly heartbeat: Heartbeat;
  readonly expectation: Expectation;
}

export function judgeFeed({ now, lastAt, hours, up, zone, heartbeat, expectation }: Heard): Judgement {
  if (lastAt === undefined || !isSettled(up, now))
    return { isQuiet: false, silentMinutes: 0, expected: 0, got: 0, probability: 1 };
  const options = { zone, up, floorPerHour: heartbeat.floorPerHour };
  const since = { from: Math.min(lastAt, now), to: now };
  const silentMinutes = Math.floor(busyWithin(expectation, since, options) / 60_000);
  const nothing = measured(expectation, expectedWithin(expectation, since, options), 0);
  const recent = { from: (Math.floor(now / hourMs) - windowHours) * hourMs, to: now };
  const got = hours.reduce((sum, { hour, received }) => (hour >= recent.from && hour <= now ? sum + received : sum), 0);
  const few = measured(expectation, expectedWithin(expectation, recent, options), got);
  const shown = few.probability < nothing.probability ? few : nothing;
  if (silentMinutes >= heartbeat.silentMinutesMax) return { isQuiet: true, why: 'silent', silentMinutes, ...nothing };
  // Half of what is expected at the least: a busy feed that is a tenth down on a holiday is not silent.
  const isImprobable = shown.probability < improbable && shown.got <= shown.expected / 2;
  return { isQuiet: isImprobable, ...(isImprobable && { why: 'improbable' as const }), silentMinutes, ...shown };
}

/** Counts that vary more than independent arrivals are scaled down to what they are worth (quasi-Poisson). */
function measured({ dispersion }: Expectation, expected: number, got: number) {
  return { expected, got, probability: atMost(got / dispersion, expected / dispersion) };
}
