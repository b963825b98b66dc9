// When the service itself was running. Its own absence, and an hour that a jump of the clock left out, is nobody's
// silence: time is counted only as far as it was there to listen.

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A beat that comes later than this after the last begins a new span. */
export const gapMsMax = 180_000;

/** After a start, or a jump of the clock, nothing is judged for so long: senders come back, the backlog is worked. */
const settlingMs = 600_000;

/** Milliseconds of a window in which the service was running. Spans do not overlap. */
export function upWithin(spans: readonly Span[], from: number, to: number): number {
  let sum = 0;
  for (const span of spans) sum += Math.max(0, Math.min(span.to, to) - Math.max(span.from, from));
  return sum;
}

/** Whether it has been running long enough for a silence to be anybody else's. */
export function isSettled(spans: readonly Span[], now: number): boolean {
  const last = spans.reduce<Span | undefined>(
    (newest, span) => (newest && newest.from > span.from ? newest : span),
    undefined,
  );
  return last !== undefined && now - last.from >= settlingMs;
}
