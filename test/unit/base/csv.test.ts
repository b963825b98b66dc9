// CSV of any size: whatever ends its lines, the same records under the same line numbers, in a time that grows with the
// text and not faster.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CsvRecord, csvRecords } from '../../../src/base/csv.ts';

const read = (text: string): CsvRecord[] => [...csvRecords(text)];
const ends = ['\n', '\r\n', '\r'] as const;

/** Every line end of a text that has LF alone written as another, those within cells too. */
const endingWith = (text: string, end: string): string => text.replaceAll('\n', end);
const plain = (records: readonly CsvRecord[]): CsvRecord[] =>
  records.map(({ cells, ...rest }) => ({ ...rest, cells: cells.map((cell) => cell.replace(/\r\n?/g, '\n')) }));

test('a table whose lines end with CR, LF or CRLF is read alike, with the same line numbers', () => {
  const text = 'a,b\n"one\ntwo",x\n\n3,"y\n\nz"\n4,bro"ken\n5,last';
  const expected = [
    { line: 1, cells: ['a', 'b'], isBroken: false },
    { line: 2, cells: ['one\ntwo', 'x'], isBroken: false },
    { line: 5, cells: ['3', 'y\n\nz'], isBroken: false },
    { line: 8, cells: ['4', 'bro"ken'], isBroken: true },
    { line: 9, cells: ['5', 'last'], isBroken: false },
  ];
  for (const end of ends) {
    expect(plain(read(endingWith(text, end)))).toEqual(expected);
    expect(plain(read(endingWith(`${text}\n`, end)))).toEqual(expected);
  }
});

test('so is any text at all, well formed or not', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', 'é', ',', '"', '\n', '\n', ' '), maxLength: 40 });
  fc.assert(
    fc.property(texts, (text) => {
      const expected = plain(read(text));
      for (const end of ends) expect(plain(read(endingWith(text, end)))).toEqual(expected);
    }),
  );
});

test('line ends of all kinds in one text each end one line', () => {
  expect(read('a\rb\r\nc\nd\r\r\ne,"\r\n\r\n\n"\rf').map(({ line, cells }) => [line, cells[0]])).toEqual([
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
    [4, 'd'],
    [6, 'e'],
    [10, 'f'],
  ]);
});

test.each(ends)('200,000 rows of quoted cells that end with %j are read in a moment', (end) => {
  const text = Array.from({ length: 200_000 }, (_, index) => `"${index}","Winter","Ada"`).join(end);
  const before = performance.now();
  let [count, last] = [0, 0];
  for (const { line } of csvRecords(text)) [count, last] = [count + 1, line];
  expect([count, last]).toEqual([200_000, 200_000]);
  // Some 100 ms; a search to the end of the text for each cell takes minutes.
  expect(performance.now() - before).toBeLessThan(5_000);
});
