// Code tables (mappings/codes/*.csv, `from,to,note`): how a sender's codes become ours. What a table may lead to is
// checked where our words are a closed list.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { appointmentStatuses } from '../domain/appointment/event.ts';
import { destinations } from '../domain/encounter/event.ts';
import type { CodeTable } from '../translate/from-hl7/dialect.ts';
import { type TableName, tableNames } from '../translate/from-hl7/table.ts';
import { openCsv } from './csv.ts';
import type { Problem } from './reading.ts';

/** FHIR R4 valuesets name-use, address-use, contact-point-use and contact-point-system; our own where they are ours. */
const words: Partial<Readonly<Record<TableName, readonly string[]>>> = {
  'address-use': ['home', 'work', 'temp', 'old', 'billing'],
  'allergy-category': ['food', 'medication', 'environment', 'biologic'],
  'allergy-severity': ['low', 'high', 'unable-to-assess'],
  'appointment-status': appointmentStatuses,
  'appointment-type': ['follow-up', 'other'],
  'diagnosis-type': ['AD', 'DD', 'CC', 'CM', 'pre-op', 'post-op', 'billing'],
  'discharge-disposition': destinations,
  'fhir-disposition': destinations,
  gender: ['female', 'male', 'other', 'unknown'],
  'name-use': ['official', 'usual', 'nickname', 'maiden', 'temp', 'old', 'anonymous'],
  're-admission': ['true', 'false'],
  'telecom-equipment': ['phone', 'fax', 'email', 'pager', 'url', 'sms', 'other'],
  'telecom-use': ['home', 'work', 'temp', 'old', 'mobile'],
  'yes-no': ['true', 'false'],
};

/** A code, `system#code`, or the URI of a system. */
const targetForm = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s|]+$|^([a-zA-Z0-9-]+#)?[A-Za-z0-9.+-]+$/;

/** Reads `mappings/codes`. Every table that reading asks must be there, and no other. */
export function readCodeTables(folder: string): { tables: Record<string, CodeTable>; problems: Problem[] } {
  const problems: Problem[] = [];
  const tables: Record<string, CodeTable> = {};
  for (const name of strangers(folder)) {
    problems.push({
      file: `codes/${name}`,
      place: '',
      says: 'nothing asks this table',
      right: `known: ${tableNames.join(', ')}`,
    });
  }
  for (const name of tableNames) tables[name] = readTable(folder, name, problems);
  return { tables, problems };
}

function strangers(folder: string): string[] {
  const known = new Set(tableNames.map((name) => `${name}.csv`));
  try {
    return readdirSync(folder)
      .filter((name) => !known.has(name))
      .sort();
  } catch {
    return [];
  }
}

/** What is wrong with a code that a row of a table leads to. */
export function faultOf(name: TableName, to: string): Pick<Problem, 'says' | 'right'> | undefined {
  const known = words[name];
  if (known && !known.includes(to))
    return { says: `unknown word "${to}"`, right: `known: ${known.join(', ')}, or nothing` };
  if (targetForm.test(to)) return undefined;
  return { says: `"${to}" is no code`, right: 'write a code, system#code, or the URI of a system' };
}

function readTable(folder: string, name: TableName, problems: Problem[]): CodeTable {
  const file = `codes/${name}.csv`;
  const rows: Record<string, { readonly to: string; readonly note: string }> = {};
  const seen = new Map<string, number>();
  for (const { line, cells } of openCsv(join(folder, `${name}.csv`), file, ['from', 'to', 'note'], problems)) {
    const [from = '', to = '', note = ''] = cells;
    const tell = (says: string, right: string) => problems.push({ file, line, place: '', says, right });
    const first = seen.get(from.toUpperCase());
    if (first !== undefined) tell(`"${from}" stands in line ${first} already`, 'keep one of them; case does not count');
    if (cells.some((cell) => cell !== cell.trim())) tell('a cell begins or ends with a blank', 'take it away');
    const fault = to === '' ? undefined : faultOf(name, to);
    if (fault !== undefined) tell(fault.says, fault.right);
    seen.set(from.toUpperCase(), line);
    rows[from] = { to, note };
  }
  return { name, rows };
}
