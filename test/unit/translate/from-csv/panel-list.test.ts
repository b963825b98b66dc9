// A list of members as CSV: what is read, and what would be right of what is not.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvRecords } from '../../../../src/base/csv.ts';
import { Fault } from '../../../../src/base/fault.ts';
import { panelColumns, readPanelCsv } from '../../../../src/translate/from-csv/panel-list.ts';
import { authorityNames } from '../../../../src/translate/panel-authorities.ts';

const mrn = 'https://hospital.example/mrn';
const one = {
  partner: 'hospital',
  defaultAuthority: { uri: mrn, name: 'H' },
  authorities: { GH: { uri: mrn, name: 'H' } },
};
const authorities = authorityNames([one]);
const read = (text: string, names = authorities) => readPanelCsv(Buffer.from(text), names);

describe('a row', () => {
  test('is read whole, whatever the order of columns', () => {
    const text = `until,from,practitioner-name,practitioner-npi,birth-date,given,family,person,identifier,authority
2026-12-31,2026-01-01,Dr. Summer,1234567893,1955-01-02,Ada,Winter,p1,1001,GH
`;
    expect(read(text).entries).toEqual([
      {
        authority: mrn,
        value: '1001',
        person: 'p1',
        family: 'Winter',
        given: 'Ada',
        birthDate: '1955-01-02',
        practitionerNpi: '1234567893',
        practitionerName: 'Dr. Summer',
        from: '2026-01-01',
        until: '2026-12-31',
      },
    ]);
  });

  test('without an authority has that of the only feed; with an alias or a URI, its own', () => {
    const text = 'identifier,authority\n1,\n2,hospital\n3,urn:oid:2.16.840.1.1\n';
    expect(read(text).entries.map(({ authority }) => authority)).toEqual([mrn, mrn, 'urn:oid:2.16.840.1.1']);
  });

  test('keeps the zeros in front and the accents of a name, past a byte order mark, quotes and CRLF', () => {
    const text = '\uFEFF"identifier","family"\r\n"00017","Ångström, ""Å"""\r\n';
    expect(read(text).entries).toMatchObject([{ value: '00017', family: 'Ångström, "Å"' }]);
  });

  test.each([
    ['identifier,from\n,\n', 'identifier must not be empty'],
    ['identifier,from\n1,20.11.2026\n', 'from must be a day like 2026-11-20'],
    ['identifier,from\n1,2026-02-30\n', 'from must be a day like 2026-11-20'],
    ['identifier,birth-date\n1,0000-01-02\n', 'birth-date must be a day like 2026-11-20'],
    ['identifier,until\n1,0000-12-31\n', 'until must be a day like 2026-11-20'],
    ['identifier,from\n1,0001-01-01\n', 'from must be a day like 2026-11-20'],
    ['identifier\n1\u0000\n', 'identifier must hold no NUL and no half of a character'],
    ['identifier,authority\n1,urn:a\u0000\n', 'authority must hold no NUL and no half of a character'],
    ['identifier,family\n1,Win\u0000ter\n', 'family must hold no NUL and no half of a character'],
    ['identifier,from,until\n1,2026-02-02,2026-02-01\n', 'until must not be before from'],
    ['identifier,practitioner-npi\n1,123\n', 'practitioner-npi must have ten digits'],
    ['identifier,family\n1\n', 'a row must have 2 cells'],
    ['identifier,family\n1,a"b\n', 'a cell that holds a quote or a comma must be quoted, its quotes doubled'],
    ['identifier,authority\n1,nobody\n', 'authority must be a URI or one of hospital, GH'],
    [`identifier\n${'1'.repeat(257)}\n`, 'identifier must have at most 256 characters'],
  ])('that cannot be read says what would be right: %j', (text, reason) => {
    const list = read(text);
    expect(list.entries).toEqual([]);
    expect(list.unreadable).toEqual([{ line: 2, reason }]);
  });

  test('after one that cannot be read is read, under its own line number', () => {
    const list = read('identifier,family\n1,"two\nlines"\n,x\n2,y\n');
    expect([list.rows, list.entries.length, list.unreadable.map(({ line }) => line)]).toEqual([3, 2, [4]]);
  });

  test('twice is a duplicate; of two people, shared', () => {
    const list = read('identifier,family,birth-date\n1,Winter,1955-01-02\n1,WINTER,\n1,Spring,1955-01-02\n');
    expect(list.entries).toHaveLength(1);
    expect(list.repeated.map(({ line, reason }) => [line, reason])).toEqual([
      [3, 'duplicate'],
      [4, 'shared'],
    ]);
  });

  test('with a name of an authority that means two things is not guessed', () => {
    const other = {
      ...one,
      partner: 'clinic',
      defaultAuthority: { uri: 'a:b', name: 'C' },
      authorities: { GH: { uri: 'a:b', name: 'C' } },
    };
    const list = read('identifier,authority\n1,GH\n2,\n3,clinic\n', authorityNames([one, other]));
    expect(list.unreadable.map(({ line }) => line)).toEqual([2, 3]);
    expect(list.entries.map(({ authority }) => authority)).toEqual(['a:b']);
  });
});

test('a facility is named for the authority of its own; then no authority at all means two', () => {
  const west = { uri: 'https://west.example/mrn', name: 'West' };
  const names = authorityNames([{ ...one, facilityAuthorities: { 'H-WEST': west } }]);
  const list = read(`identifier,authority\n1,H-WEST\n2,GH\n3,${one.partner}\n4,\n`, names);
  expect(list.entries.map(({ authority }) => authority)).toEqual([west.uri, mrn, mrn]);
  expect(list.unreadable).toEqual([{ line: 5, reason: expect.stringContaining('H-WEST') }]);
});

describe('a file', () => {
  test.each([
    ['without a header', '1001,Winter\n'],
    ['with a column unknown here', 'identifier,ssn\n1,2\n'],
    ['with a column twice', 'identifier,identifier\n1,2\n'],
    ['without identifiers', 'family,given\nWinter,Ada\n'],
  ])('%s is refused, and what it holds is not repeated', (_name, text) => {
    const refusal = expect.objectContaining({
      code: 'ops.request-invalid',
      detail: expect.stringContaining('known: '),
    });
    expect(() => read(text)).toThrow(Fault);
    try {
      read(text);
    } catch (thrown) {
      expect(thrown).toEqual(refusal);
      expect((thrown as Fault).detail).not.toContain('Winter');
    }
  });

  test('that is not UTF-8 is refused', () => {
    expect(() => readPanelCsv(Buffer.from('identifier,family\n1,\xe9\n', 'latin1'), authorities)).toThrow(Fault);
  });

  test('that is empty names nobody', () => {
    expect(read('')).toMatchObject({ rows: 0, entries: [] });
    expect(read(`${panelColumns.join(',')}\r\n`)).toMatchObject({ rows: 0, entries: [] });
  });
});

test('what is written as RFC 4180 says is read as it was', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r\n', ' ', 'é'), maxLength: 6 });
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(rows, fc.constantFrom('\n', '\r\n'), (table, end) => {
      const text = table
        .map((cells) => cells.map((one) => (/[",\r\n]/.test(one) ? `"${one.replaceAll('"', '""')}"` : one)).join(','))
        .join(end);
      const records = [...csvRecords(text)];
      expect(records.map(({ cells }) => cells)).toEqual(table);
      expect(records.some(({ isBroken }) => isBroken)).toBe(false);
    }),
  );
});
