// What an organisation file says of its operators: who owns what they have to look at, and after how many days a stay
// that goes on is looked at.

import type { Practice } from '../domain/practice.ts';
import { entries, type Field, oneOf, record, wholeNumber } from './reading.ts';

export function readOperators(
  operators: Field | undefined,
  stayDays: Field | undefined,
  roles: readonly string[],
): Pick<Practice, 'operators'> {
  if (operators === undefined && stayDays === undefined) return {};
  return {
    operators: {
      ...(operators && { owner: oneOf(record(operators, ['owner']).owner, roles, 'role') }),
      ...(stayDays && {
        stayDaysMax: Object.fromEntries(entries(stayDays).map(([code, days]) => [code, wholeNumber(days, 1)])),
      }),
    },
  };
}
