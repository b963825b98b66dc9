// The outline of a message: what people see is what the parser reads, with the names of the fields.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fieldName, namedSegments } from '../../../src/hl7/field-names.ts';
import { outline, outlineLimits } from '../../../src/hl7/outline.ts';
import { parse } from '../../../src/hl7/parse.ts';

const lines = [
  'MSH|^~\\&|ADT|GENERAL|||20261120||ADT^A01|C1|P|2.5.1',
  'PID|1||100^^^GEN&2.16.1&ISO^MR~200||Doe^Ann \\T\\ Bea||""',
  'ZZZ|x||y',
];

it('names the fields and resolves their parts', () => {
  const { segments, more } = outline(parse(`${lines.join('\r')}\r`));
  expect(more).toBe(0);
  expect(segments.map(({ segment }) => segment)).toEqual(['MSH', 'PID', 'ZZZ']);
  const [header, person, own] = segments;
  expect(header?.fields.slice(0, 3)).toEqual([
    { number: 1, name: 'field separator', sent: '|', values: [[['|']]] },
    { number: 2, name: 'encoding characters', sent: '^~\\&', values: [[['^~\\&']]] },
    { number: 3, name: 'sending application', sent: 'ADT', values: [[['ADT']]] },
  ]);
  expect(person?.fields.map(({ number, name, values }) => [number, name, values])).toEqual([
    [1, 'set id', [[['1']]]],
    [3, 'patient identifiers', [[['100'], [''], [''], ['GEN', '2.16.1', 'ISO'], ['MR']], [['200']]]],
    [5, 'name', [[['Doe'], ['Ann & Bea']]]],
    [7, 'birth date', [[['""']]]],
  ]);
  expect(own?.fields).toEqual([
    { number: 1, name: undefined, sent: 'x', values: [[['x']]] },
    { number: 3, name: undefined, sent: 'y', values: [[['y']]] },
  ]);
});

it('says how many segments it leaves out, and cuts what is long', () => {
  const many = `${lines[0]}\r${'NTE|1||x\r'.repeat(outlineLimits.segments + 9)}NTE|2||${'y'.repeat(9_000)}\r`;
  expect(outline(parse(many)).more).toBe(11);
  const long = outline(parse(`${lines[0]}\rNTE|2||${'y'.repeat(9_000)}\r`)).segments[1]?.fields[1];
  expect(long?.sent.length).toBeLessThan(outlineLimits.characters + 40);
  expect(long?.sent).toContain('(9000 characters)');
});

it('shows every value that was sent, whatever it is', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[A-Za-z0-9 .-]{0,12}$/), { maxLength: 20 }), (values) => {
      const { segments } = outline(parse(`${lines[0]}\rZAB|${values.join('|')}\r`));
      const found = segments[1]?.fields.map(({ number, values: [first] }) => [number, first?.[0]?.[0]]);
      expect(found).toEqual(values.flatMap((value, at) => (value === '' ? [] : [[at + 1, value]])));
    }),
  );
});

it('knows the key fields of every named segment by their numbers', () => {
  expect(namedSegments.length).toBeGreaterThan(20);
  for (const [segment, number, name] of [
    ['MSH', 10, 'control id'],
    ['MSH', 18, 'character set'],
    ['EVN', 6, 'occurred at'],
    ['PID', 18, 'account number'],
    ['PID', 29, 'died at'],
    ['PV1', 19, 'visit number'],
    ['PV1', 36, 'discharge disposition'],
    ['PV1', 44, 'admitted at'],
    ['PV1', 45, 'discharged at'],
    ['PV1', 50, 'alternate visit id'],
    ['PV2', 8, 'expected admission'],
    ['DG1', 6, 'type'],
    ['MRG', 5, 'prior visit number'],
    ['TXA', 12, 'document number'],
    ['SCH', 25, 'status'],
    ['OBR', 25, 'result status'],
    ['IN1', 36, 'policy number'],
    ['GT1', 11, 'relationship'],
    ['OBX', 11, 'status'],
  ] as const)
    expect([segment, number, fieldName(segment, number)]).toEqual([segment, number, name]);
});
