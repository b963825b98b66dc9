// What the loader says of mappings with faults, word for word.

import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCsv } from '../../../src/catalog/csv.ts';
import { readMappings } from '../../../src/catalog/mappings.ts';
import type { Problem } from '../../../src/catalog/reading.ts';
import { holding, replaced, tell } from '../../support/definition-files.ts';

/** The shipped mappings with one file changed. */
function changed(file: string, change: (text: string) => string): readonly string[] {
  const folder = holding('hl7v2/adt.yaml', '');
  cpSync('mappings', folder, { recursive: true });
  const path = join(folder, file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
  return tell(readMappings(folder).problems);
}

describe('adt.yaml', () => {
  it.each([
    [
      'A01: admitted',
      'A01: admited',
      ': unknown effect "admited" at events.A01; known: pre-admitted, registered, admitted, transferred, transfer-cancelled, class-changed, updated, discharged, discharge-cancelled, admission-cancelled, pre-admission-cancelled, leave-began, leave-ended, doctors-changed, deleted, present, swap, person, person-deleted, merge, merge-account, merge-visit, move-identifiers, move-account, move-visit, rename-identifiers, rename-account, rename-visit, link, unlink',
    ],
    ['A01: admitted', 'A1: admitted', ': "A1" is no trigger event at events.A1; write it like A01'],
    [
      'A01: admitted',
      'A01: { ignored: "" }',
      ': the text is empty at events.A01.ignored; write something or leave the key out',
    ],
    [
      'place: [PV1-3]',
      'place: [PV1.3]',
      ': "PV1.3" is no field path at fields.place[0]; write it like PV1-19, or PV1-37.1 for a component',
    ],
    [
      'place: [PV1-3]',
      'place: [PV1-3.1]',
      ': "PV1-3.1" names a component, but place needs the whole field at fields.place[0]; write PV1-3',
    ],
    [
      'place: [PV1-3]',
      'place: PV1-3',
      ': expected a list, found "PV1-3" at fields.place; write [a, b] or one "- " line for each',
    ],
  ])('with %j written as %j says so', (piece, replacement, expected) => {
    const [only, ...more] = changed('hl7v2/adt.yaml', (text) => replaced(text, piece, replacement));
    expect(more).toEqual([]);
    expect(only?.replace(/^hl7v2\/adt\.yaml:\d+/, '')).toBe(expected);
  });

  it('names a misspelt key of an effect', () => {
    const problems = changed('hl7v2/adt.yaml', (text) => replaced(text, 'A01: admitted', 'A01: { ignore: x }'));
    expect(problems).toEqual([
      'hl7v2/adt.yaml:10: unknown key "ignore" at events.A01; known keys: ignored',
      'hl7v2/adt.yaml:10: missing key "ignored" at events.A01; needed keys: ignored',
    ]);
  });

  it('names a misspelt fact, and the one that is missing then', () => {
    const problems = changed('hl7v2/adt.yaml', (text) => replaced(text, 'place:', 'plaice:'));
    expect(problems).toEqual([
      expect.stringMatching(/^hl7v2\/adt\.yaml:\d+: unknown key "plaice" at fields; known keys: event-time, /),
      expect.stringMatching(/^hl7v2\/adt\.yaml:\d+: missing key "place" at fields; /),
    ]);
  });
});

describe('a code table', () => {
  const table = (text: string) => changed('codes/gender.csv', () => text);

  it.each([
    ['F,woman,', ':2: unknown word "woman"; known: female, male, other, unknown, or nothing'],
    ['F,female,\nf,male,', ':3: "f" stands in line 2 already; keep one of them; case does not count'],
    ['F, female,', ':2: a cell begins or ends with a blank; take it away'],
    ['F,female', ':2: 2 cells instead of 3; quote a cell that holds a comma'],
    ['F,female,a,b', ':2: 4 cells instead of 3; quote a cell that holds a comma'],
    ['F,female,"a', ':2: a quote is out of place; write "a, b", and "" for one'],
    ['F,female,a"b"', ':2: a quote is out of place; write "a, b", and "" for one'],
    ['F,female,\n\nM,male,', ':3: 1 cells instead of 3; quote a cell that holds a comma'],
  ])('with %j says so', (rows, expected) => {
    expect(table(`from,to,note\n${rows}\n`)).toContain(`codes/gender.csv${expected}`);
  });

  it('with another header says so', () => {
    expect(table('code,to,note\nF,female,\n')).toEqual([
      'codes/gender.csv:1: the header is "code,to,note"; write from,to,note',
    ]);
  });

  it('may lead to a code of another system, but not to two things', () => {
    expect(changed('codes/patient-class.csv', (text) => `${text}Q,v2-0004#U,\n`)).toEqual([]);
    expect(changed('codes/patient-class.csv', (text) => `${text}Q,A B,\n`)).toEqual([
      expect.stringMatching(/: "A B" is no code; write a code, system#code, or the URI of a system$/),
    ]);
  });

  it('that is missing, or that nothing asks, is told', () => {
    const folder = holding('hl7v2/adt.yaml', '');
    cpSync('mappings', folder, { recursive: true });
    rmSync(join(folder, 'codes/gender.csv'));
    writeFileSync(join(folder, 'codes/sex.csv'), 'from,to,note\n');
    expect(tell(readMappings(folder).problems)).toEqual([
      expect.stringMatching(/^codes\/sex\.csv: nothing asks this table; known: address-use, /),
      'codes/gender.csv: the file cannot be read; it must exist and be readable',
    ]);
  });
});

describe('CSV', () => {
  const rowsOf = (text: string) => {
    const problems: Problem[] = [];
    const rows = openCsv(join(holding('x.csv', text), 'x.csv'), 'x.csv', ['a', 'b'], problems);
    return [...rows.map(({ line, cells }) => [line, ...cells]), ...tell(problems)];
  };

  it('takes quoted cells, empty cells, CRLF, a byte order mark and a last line without an end', () => {
    expect(rowsOf('\uFEFFa,b\r\n"1, ""x""",2\r\n,\r\n"",""\r\n3,4')).toEqual([
      [2, '1, "x"', '2'],
      [3, '', ''],
      [4, '', ''],
      [5, '3', '4'],
    ]);
  });
});
