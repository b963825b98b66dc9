// Periods (FHIR R4 datatypes.html#Period): as precise as the sender was, and never from later to earlier.

import type { Period } from 'fhir/r4.js';
import type { Moment } from '../../base/instant.ts';
import { formatMoment } from '../../base/moment.ts';

/** A period; where a sender's start is after its end, the start is left out (per-1). */
export function periodOf(from: Moment | undefined, to: Moment | undefined): Period | undefined {
  if (from === undefined) return to === undefined ? undefined : { end: formatMoment(to) };
  if (to === undefined) return { start: formatMoment(from) };
  return isAfter(from, to) ? { end: formatMoment(to) } : { start: formatMoment(from), end: formatMoment(to) };
}

const isExact = ({ precision }: Moment): boolean =>
  precision === 'minute' || precision === 'second' || precision === 'fraction';

/** As far as the precision of both tells. */
const isAfter = (one: Moment, other: Moment): boolean =>
  isExact(one) && isExact(other) ? one.at > other.at : one.date > other.date;
