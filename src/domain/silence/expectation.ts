// How many messages a feed is expected to send in each hour of the week, learned from the hours it was heard. Hours are
// those of the sender's zone, so that a night stays a night over a change of clocks.

import { instant } from '../../base/instant.ts';
import { offsetMinutesAt } from '../../base/time.ts';
import { type Span, upWithin } from './up.ts';

export const hourMs = 3_600_000;
const weekMs = 168 * hourMs;

export interface FeedHour {
  /** Its first millisecond; hours are those of UTC. */
  readonly hour: number;
  readonly received: number;
}

export interface Expectation {
  /** Whether a week has been heard: before that nothing is expected. */
  readonly isLearned: boolean;
  /** Messages an hour by hour of the week, where it was heard at least twice. */
  readonly rates: ReadonlyMap<number, number>;
  /** The same where it was heard at least once: whether anything comes then at all. */
  readonly seen: ReadonlyMap<number, number>;
  /** How much more the counts vary than independent arrivals would: at least 1. */
  readonly dispersion: number;
}

export const nothingLearned: Expectation = { isLearned: false, rates: new Map(), seen: new Map(), dispersion: 1 };

/** Hour of the week in a zone, 0 to 167. */
export function slotOf(hour: number, zone: string): number {
  const local = hour + offsetMinutesAt(instant(hour), zone) * 60_000;
  return Math.floor(local / hourMs) % 168;
}

/** An hour counts when the service was there for most of it. */
const heardMsMin = 50 * 60_000;

/**
 * What `now` may be held against: the complete hours of the last weeks, from the first message on. Hours before the
 * first span are taken as heard: their messages were kept before running times were.
 */
export function learn(
  hours: readonly FeedHour[],
  options: { readonly now: number; readonly weeks: number; readonly zone: string; readonly up: readonly Span[] },
): Expectation {
  const first = hours.reduce((least, { hour }) => Math.min(least, hour), Number.POSITIVE_INFINITY);
  const end = Math.floor(options.now / hourMs) * hourMs;
  const from = Math.max(first, end - options.weeks * weekMs);
  if (end - from < weekMs) return nothingLearned;
  const heardFrom = options.up.reduce((least, span) => Math.min(least, span.from), Number.POSITIVE_INFINITY);
  const received = new Map(hours.map((each) => [each.hour, each.received]));
  const slots = new Map<number, number[]>();
  for (let hour = from; hour < end; hour += hourMs) {
    if (hour >= heardFrom && upWithin(options.up, hour, hour + hourMs) < heardMsMin) continue;
    const slot = slotOf(hour, options.zone);
    const counts = slots.get(slot) ?? [];
    counts.push(received.get(hour) ?? 0);
    slots.set(slot, counts);
  }
  const seen = new Map<number, number>();
  const rates = new Map<number, number>();
  let excess = 0;
  let degrees = 0;
  for (const [slot, counts] of slots) {
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    seen.set(slot, mean);
    if (counts.length < 2) continue;
    rates.set(slot, mean);
    if (mean === 0) continue;
    degrees += counts.length - 1;
    for (const count of counts) excess += (count - mean) ** 2 / mean;
  }
  return { isLearned: true, rates, seen, dispersion: degrees === 0 ? 1 : Math.max(1, excess / degrees) };
}

/** Messages expected in a window, as far as the service was there. */
export function expectedWithin(
  { rates }: Expectation,
  window: Span,
  options: { readonly zone: string; readonly up: readonly Span[]; readonly floorPerHour: number },
): number {
  let sum = 0;
  for (const [slot, ms] of hoursOf(window, options))
    sum += Math.max(rates.get(slot) ?? 0, options.floorPerHour) * (ms / hourMs);
  return sum;
}

/** Milliseconds of a window in hours in which messages usually come: at least one an hour, or not known. */
export function busyWithin(
  { isLearned, seen }: Expectation,
  window: Span,
  options: { readonly zone: string; readonly up: readonly Span[] },
): number {
  let sum = 0;
  for (const [slot, ms] of hoursOf(window, options)) if (!isLearned || (seen.get(slot) ?? 1) >= 1) sum += ms;
  return sum;
}

/** The hours of a window that the service heard, with how much of each. A window begins at most ten weeks back. */
function* hoursOf(
  window: Span,
  { zone, up }: { readonly zone: string; readonly up: readonly Span[] },
): Generator<readonly [slot: number, ms: number]> {
  const from = Math.max(window.from, window.to - 10 * weekMs);
  const heard = up.filter((span) => span.to > from && span.from < window.to);
  for (let hour = Math.floor(from / hourMs) * hourMs; hour < window.to; hour += hourMs) {
    const ms = upWithin(heard, Math.max(hour, from), Math.min(hour + hourMs, window.to));
    if (ms > 0) yield [slotOf(hour, zone), ms];
  }
}
