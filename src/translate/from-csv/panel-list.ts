// A list of members as CSV (RFC 4180, UTF-8): a header that names the columns in any order, then one identifier a row.
// A row that cannot be read is told with its line and what would be right, never with what it holds.

import { type CsvRecord, csvRecords } from '../../base/csv.ts';
import { Fault } from '../../base/fault.ts';
import { localDate } from '../../base/instant.ts';
import { isDay } from '../../base/time.ts';
import { collect, type PanelList, type Row, type Unreadable } from '../../domain/panel/collect.ts';
import type { PanelEntry } from '../../domain/panel/member.ts';
import type { AuthorityNames } from '../panel-authorities.ts';
import { isSpanDay, isText, textWanted } from '../panel-values.ts';

export const panelColumns = [
  'authority',
  'identifier',
  'person',
  'family',
  'given',
  'birth-date',
  'practitioner-npi',
  'practitioner-name',
  'from',
  'until',
] as const;
type Column = (typeof panelColumns)[number];

const cellLengthMax = 256;

/** Throws `ops.request-invalid` where the text is no such list at all. */
export function readPanelCsv(bytes: Uint8Array, authorities: AuthorityNames): PanelList {
  const rows: Row[] = [];
  const unreadable: Unreadable[] = [];
  let columns: readonly Column[] | undefined;
  for (const record of csvRecords(textOf(bytes))) {
    if (columns === undefined) {
      columns = columnsOf(record);
      continue;
    }
    const read = readRow(record, columns, authorities);
    if (typeof read === 'string') unreadable.push({ line: record.line, reason: read });
    else rows.push({ line: record.line, entry: read });
  }
  return collect(rows, unreadable);
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Fault('ops.request-invalid', { detail: 'the file is not UTF-8; save it as CSV UTF-8' });
  }
}

/** The header is not repeated in the fault: in a file without one, it is a patient. */
function columnsOf({ cells, isBroken }: CsvRecord): readonly Column[] {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  const isKnown = (name: string): name is Column => (panelColumns as readonly string[]).includes(name);
  if (!isBroken && names.every(isKnown) && new Set(names).size === names.length && names.includes('identifier'))
    return names as Column[];
  throw new Fault('ops.request-invalid', {
    detail: `the first line must name the columns, each once, identifier among them; known: ${panelColumns.join(', ')}`,
  });
}

/** The entry, or what would be right. */
function readRow(record: CsvRecord, columns: readonly Column[], authorities: AuthorityNames): PanelEntry | string {
  if (record.isBroken) return 'a cell that holds a quote or a comma must be quoted, its quotes doubled';
  if (record.cells.length !== columns.length) return `a row must have ${columns.length} cells`;
  const cells = new Map<Column, string>();
  for (const [index, column] of columns.entries()) {
    const cell = record.cells[index]?.trim() ?? '';
    if (cell.length > cellLengthMax) return `${column} must have at most ${cellLengthMax} characters`;
    if (!isText(cell)) return `${column} ${textWanted}`;
    if (cell !== '') cells.set(column, cell);
  }
  const value = cells.get('identifier');
  if (value === undefined) return 'identifier must not be empty';
  const authority = authorities.uriOf(cells.get('authority'));
  if (authority === undefined) return authorities.wanted;
  for (const column of ['birth-date', 'from', 'until'] as const) {
    const day = cells.get(column);
    const isTaken = column === 'birth-date' ? isDay : isSpanDay;
    if (day !== undefined && !isTaken(day)) return `${column} must be a day like 2026-11-20`;
  }
  const npi = cells.get('practitioner-npi');
  if (npi !== undefined && !/^\d{10}$/.test(npi)) return 'practitioner-npi must have ten digits';
  const [birthDate, from, until] = [cells.get('birth-date'), cells.get('from'), cells.get('until')];
  if (from !== undefined && until !== undefined && until < from) return 'until must not be before from';
  const [person, family, given] = [cells.get('person'), cells.get('family'), cells.get('given')];
  const practitionerName = cells.get('practitioner-name');
  return {
    authority,
    value,
    person: person ?? `${authority}|${value}`,
    ...(family !== undefined && { family }),
    ...(given !== undefined && { given }),
    ...(birthDate !== undefined && { birthDate: localDate(birthDate) }),
    ...(npi !== undefined && { practitionerNpi: npi }),
    ...(practitionerName !== undefined && { practitionerName }),
    ...(from !== undefined && { from: localDate(from) }),
    ...(until !== undefined && { until: localDate(until) }),
  };
}
