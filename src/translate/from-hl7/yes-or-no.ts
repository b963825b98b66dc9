// Indicators: yes, no, or what no table takes for either (HL7 table 0136).

import { lookUp } from './code.ts';
import { type Found, valueAt } from './path.ts';
import type { Reading } from './reading.ts';
import { text } from './sent.ts';
import type { TableName } from './table.ts';

/** Undefined when it is neither. `table` says which codes are which, as `true` and `false`. */
export function yesOrNo(reading: Reading, found: Found, table: TableName = 'yes-no'): boolean | undefined {
  const value = text(valueAt(found));
  const to = value === undefined ? undefined : lookUp(reading, table, value);
  return to === undefined ? undefined : to === 'true';
}
