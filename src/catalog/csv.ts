// Reading CSV (RFC 4180) strictly: the header must be the one expected, every line must have its cells, and a cell with
// a comma is quoted. Every fault is told with file and line.

import { readFileSync } from 'node:fs';
import type { Problem } from './reading.ts';

export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The rows below the header; those with faults are left out. A cell never spans lines. */
export function openCsv(path: string, file: string, columns: readonly string[], problems: Problem[]): CsvRow[] {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch {
    problems.push({ file, place: '', says: 'the file cannot be read', right: 'it must exist and be readable' });
    return [];
  }
  const [header = '', ...lines] = content.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (header !== columns.join(',')) {
    problems.push({ file, line: 1, place: '', says: `the header is "${header}"`, right: `write ${columns.join(',')}` });
    return [];
  }
  return lines.flatMap((text, index) => {
    if (text === '' && index === lines.length - 1) return [];
    const line = index + 2;
    const cells = cellsOf(text);
    if (cells === undefined) {
      problems.push({ file, line, place: '', says: 'a quote is out of place', right: 'write "a, b", and "" for one' });
    } else if (cells.length !== columns.length) {
      const says = `${cells.length} cells instead of ${columns.length}`;
      problems.push({ file, line, place: '', says, right: 'quote a cell that holds a comma' });
    } else {
      return [{ line, cells }];
    }
    return [];
  });
}

/** Undefined when its quotes do not fit together. */
function cellsOf(line: string): string[] | undefined {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    const quoted = line[at] === '"' ? /"((?:[^"]|"")*)"/y : undefined;
    if (quoted) quoted.lastIndex = at;
    const match = quoted?.exec(line);
    if (match === null) return undefined;
    const comma = line.indexOf(',', at);
    const end = match ? at + match[0].length : comma < 0 ? line.length : comma;
    const cell = match ? match[1]!.replaceAll('""', '"') : line.slice(at, end);
    if (!match && cell.includes('"')) return undefined;
    cells.push(cell);
    if (end >= line.length) return cells;
    if (line[end] !== ',') return undefined;
    at = end + 1;
  }
}
