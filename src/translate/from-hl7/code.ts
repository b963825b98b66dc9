// Coded values: a sender's code becomes ours by a table of mappings/codes; what no table holds is counted and keeps
// its wording. A `to` is a code of the table's own system, or `system#code` for a code of another one.

import type { Code } from '../../domain/code.ts';
import { type Cwe, readCwe } from '../../hl7/datatypes.ts';
import type { Value } from '../../hl7/parse.ts';
import { type Found, valueAt } from './path.ts';
import type { Reading } from './reading.ts';
import { own, sent, text } from './sent.ts';
import type { TableName } from './table.ts';
import type { Trace } from './trace.ts';

type Row = { readonly to: string } | undefined;

export const terminology = 'http://terminology.hl7.org/CodeSystem/';

/** Codes of free text would fill the counters: what is longer is cut. */
const countedLengthMax = 40;
const countedMax = 100;

/** The `to` of a code. A code that the table lacks is counted, and has the `to` of the row without `from`, if any. */
export function lookUp(
  reading: Pick<Reading, 'language' | 'unmapped'>,
  table: TableName,
  code: string,
): string | undefined {
  const rows = own(reading.language.tables, table)?.rows ?? {};
  const row = own(rows, code) ?? own(rows, code.toUpperCase());
  if (reading.language.trace !== undefined) traceCode(reading.language.trace, table, code, row, own(rows, ''));
  if (row === undefined && reading.unmapped.length < countedMax)
    reading.unmapped.push({ table, code: code.slice(0, countedLengthMax) });
  return text((row ?? own(rows, ''))?.to);
}

function traceCode(trace: Trace, table: TableName, code: string, row: Row, otherwise: Row): void {
  const how = row !== undefined ? 'found' : otherwise !== undefined ? 'default' : 'none';
  trace.code(table, code, how, text((row ?? otherwise)?.to));
}

/** A code by its table. Without a row it has no code, only its wording. */
export function mapped(reading: Reading, table: TableName, system: string, cwe: Cwe | undefined): Code | undefined {
  const code = text(cwe?.code);
  const wording = text(cwe?.text) ?? text(cwe?.originalText);
  if (code === undefined) return wording === undefined ? undefined : { text: wording };
  const to = lookUp(reading, table, code);
  if (to === undefined) return { text: wording ?? code };
  const [first = to, second] = to.split('#', 2);
  const coded = second === undefined ? { system, code: first } : { system: terminology + first, code: second };
  return { ...coded, ...(wording !== undefined && { text: wording }) };
}

/** A code that names its own system, by the table `code-system`. Without a system that we know it still has its code. */
export function coded(reading: Reading, cwe: Cwe | undefined, method?: Value): Code | undefined {
  const code = text(cwe?.code);
  const wording = text(cwe?.text) ?? text(cwe?.originalText);
  if (code === undefined && wording === undefined) return undefined;
  const name = text(cwe?.system) ?? text(method);
  const system = code === undefined || name === undefined ? undefined : systemOf(reading, name);
  return sent({ system, code, text: wording ?? (system === undefined ? code : undefined) });
}

/** Names of HL7's own tables and of local systems are known by their form (table 0396). */
function systemOf(reading: Reading, name: string): string | undefined {
  const table = /^HL7(\d{4})$/i.exec(name);
  if (table !== null) return `${terminology}v2-${table[1]}`;
  return /^99/.test(name) ? undefined : lookUp(reading, 'code-system', name);
}

/** The coded element at a path; where the path names a component, that component is the code. */
export const cweAt = (found: Found): Cwe | undefined =>
  found.path.component === undefined ? readCwe(found.segment, found.path.field) : codeAlone(valueAt(found));

const codeAlone = (code: Value): Cwe => ({
  code,
  text: undefined,
  system: undefined,
  alternateCode: undefined,
  alternateText: undefined,
  alternateSystem: undefined,
  originalText: undefined,
});
