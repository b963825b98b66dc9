// Parameters of the operators' addresses that are numbers.

import { Fault } from '../../base/fault.ts';

/** Of the columns that count within something, `integer`; ids are `bigint`. */
export const integerMax = 2_147_483_647;

/** A whole number from 0 to `most`. Throws `ops.request-invalid` naming the parameter. */
export function numberOf(text: string | undefined, name: string, most = 999_999_999_999_999): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text) || Number(text) > most)
    throw new Fault('ops.request-invalid', {
      detail: `${name} is a whole number${most === integerMax ? ` of at most ${most}` : ''}`,
    });
  return Number(text);
}

/**
 * The rows that are shown of those that were asked for, one more than wanted: `more` says that the list goes on behind
 * them.
 */
export function shownOf<Row>(found: readonly Row[], wanted: number) {
  return { rows: found.slice(0, wanted), more: found.length > wanted ? ({ more: true } as const) : {} };
}
