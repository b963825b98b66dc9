// Parameters of the operators' addresses that are numbers.

import { Fault } from '../../base/fault.ts';

/** A whole number from 0 on. Throws `ops.request-invalid` naming the parameter. */
export function numberOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new Fault('ops.request-invalid', { detail: `${name} is a whole number` });
  return Number(text);
}
