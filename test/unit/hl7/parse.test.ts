// The parser by example: what each way of writing a message means (HL7 v2.5.1 ch. 2.5 to 2.7).

import { describe, expect, test } from 'vitest';
import { parse, serialize, type Value } from '../../../src/hl7/parse.ts';

const header = 'MSH|^~\\&|LAB|NORTH|THROUGHLINE|PRACTICE|20261120120000||ADT^A03^ADT_A03|M-1|P|2.5.1\r';
const pid = (rest: string) => `${header}PID|1||${rest}\r`;

/** Segment, field, component, sub-component, repetition. */
type Place = readonly [segment: string, field: number, component?: number, subcomponent?: number, repetition?: number];

const at = (text: string, [name, field, component, subcomponent, repetition]: Place): Value =>
  parse(text).first(name)?.get(field, component, subcomponent, repetition);

describe('values', () => {
  const cases: readonly (readonly [what: string, text: string, place: Place, value: Value])[] = [
    ['a field', `${header}EVN|A03|20261120115900\r`, ['EVN', 2], '20261120115900'],
    ['the last field of the last segment', `${header}EVN|A03|x`, ['EVN', 2], 'x'],
    ['MSH-1 is the separator', header, ['MSH', 1], '|'],
    ['MSH-2 is not split', header, ['MSH', 2], '^~\\&'],
    ['MSH-3 counts from the separator', header, ['MSH', 3], 'LAB'],
    ['MSH-9.3', header, ['MSH', 9, 3], 'ADT_A03'],
    ['a component', pid('4711^^^NORTH^MR'), ['PID', 3, 5], 'MR'],
    ['a sub-component', pid('4711^^^NORTH&1.2.3&ISO^MR'), ['PID', 3, 4, 2], '1.2.3'],
    ['the first sub-component when none is asked for', pid('4711^^^NORTH&1.2.3&ISO'), ['PID', 3, 4], 'NORTH'],
    ['sub-components of the only component', pid('A&B'), ['PID', 3, 1, 2], 'B'],
    ['the second repetition', pid('1^^^A~2^^^B'), ['PID', 3, 4, 1, 1], 'B'],
    ['a repetition past the end', pid('1~2'), ['PID', 3, 1, 1, 2], undefined],
    ['a component past the end', pid('1^2'), ['PID', 3, 3], undefined],
    ['a sub-component past the end', pid('1&2'), ['PID', 3, 1, 3], undefined],
    ['a field past the end', pid('1'), ['PID', 40], undefined],
    ['field 0', pid('1'), ['PID', 0], undefined],
    ['an empty field', pid('||'), ['PID', 4], undefined],
    ['an empty component', pid('1^^3'), ['PID', 3, 2], undefined],
    ['an empty first repetition', pid('~2'), ['PID', 3], undefined],
    ['an explicit null', pid('""'), ['PID', 3], null],
    ['an explicit null in a component', pid('1^""'), ['PID', 3, 2], null],
    ['an explicit null in a sub-component', pid('1&""'), ['PID', 3, 1, 2], null],
    ['quotes around text are text', pid('"x"'), ['PID', 3], '"x"'],
    ['three quotes are text', pid('"""'), ['PID', 3], '"""'],
    ['blanks belong to the value', pid('  4711  '), ['PID', 3], '  4711  '],
    ['a value that looks like a segment', pid('PV1'), ['PID', 3], 'PV1'],
    ['text beyond ASCII', pid('Müller 山田 🏥'), ['PID', 3], 'Müller 山田 🏥'],
    ['an escaped separator', pid('A\\F\\B'), ['PID', 3], 'A|B'],
    ['an escaped component delimiter does not split', pid('A\\S\\B^C'), ['PID', 3], 'A^B'],
    ['a segment without fields', `${header}PD1\rPID|1||7\r`, ['PID', 3], '7'],
    ['a Z segment', `${header}ZPD|1|private\r`, ['ZPD', 2], 'private'],
    ['a header with MSH-1 and MSH-2 only', 'MSH|^~\\&', ['MSH', 2], '^~\\&'],
  ];
  test.each(cases)('%s', (_what, text, place, value) => {
    expect(at(text, place)).toBe(value);
  });

  test('a field knows its raw text and its repetitions', () => {
    const segment = parse(pid('1^^^A~2\\T\\3^^^B|')).first('PID');
    expect(segment?.field(3)).toBe('1^^^A~2\\T\\3^^^B');
    expect([3, 4, 50].map((field) => segment?.repetitions(field))).toEqual([2, 0, 0]);
  });
});

describe('delimiters', () => {
  test.each([
    ['a hash for components', 'MSH@~&#\\@S@@@@@@ADT~A01@1@P@2.5\rPID@1@@7~~~A\\B~MR&8\r'],
    ['punctuation', 'MSH$%*!?$S$$$$$$ADT%A01$1$P$2.5\rPID$1$$7%%%A?B%MR*8\r'],
  ])('%s', (_what, text) => {
    expect(at(text, ['PID', 3, 4, 2])).toBe('B');
    expect(at(text, ['PID', 3, 1, 1, 1])).toBe('8');
    expect(at(text, ['MSH', 9, 2])).toBe('A01');
  });

  test('MSH-2 may name the component delimiter alone; then nothing repeats or escapes', () => {
    const message = parse('MSH|^|S\rPID|1||a~b&c\\F\\^d\r');
    expect(message.first('PID')?.get(3)).toBe('a~b&c\\F\\');
    expect(message.first('PID')?.get(3, 2)).toBe('d');
  });

  test('a fifth character is the truncation character (v2.7)', () => {
    expect(parse('MSH|^~\\&#|S\rPID|1||a\\P\\\r').first('PID')?.get(3)).toBe('a#');
  });

  test.each([
    ['no delimiters', 'MSH|'],
    ['an empty MSH-2', 'MSH||S'],
    ['one character twice', 'MSH|^~^&|S'],
    ['the field separator again', 'MSH^^~\\&^S'],
    ['a letter', 'MSHA^~\\&AS'],
    ['a digit', 'MSH|^~1&|S'],
    ['a blank', 'MSH |^~\\& S'],
    ['a control character', 'MSH|^~\x01&|S'],
  ])('%s cannot delimit', (_what, text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'hl7.bad-delimiters' }));
  });

  test.each(['', 'MSH', 'PID|1', 'msh|^~\\&|', 'GET / HTTP/1.1', 'FHS|^~\\&|S\rMSH|^~\\&|S', '\x06', '{"a":1}'])(
    '%j is not a message',
    (text) => {
      expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'hl7.not-a-message' }));
    },
  );
});

describe('lines', () => {
  const names = (text: string) => parse(text).segments.map((segment) => segment.name);
  const body = ['EVN|A03|1', 'PID|1||7', 'PV1|1|I'];

  test.each([
    ['CR', '\r'],
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ])('%s ends segments', (_what, end) => {
    const text = header.trimEnd() + end + body.join(end);
    for (const tail of ['', end, end + end]) expect(names(text + tail)).toEqual(['MSH', 'EVN', 'PID', 'PV1']);
    const expected = end === '\r' ? [] : [{ kind: 'line-ends', segment: 0 }];
    expect(parse(text + end).warnings).toEqual(expected);
  });

  test('an LF after the last segment, or before what is no segment, is no end of one', () => {
    expect(parse(`${header}PID|1||7\r\n`).warnings).toEqual([]);
    expect(parse(`${header}PID|1||7\r\nand more\r`).warnings).toEqual([{ kind: 'continuation', segment: 1 }]);
    expect(parse(`${header}\nPID|1||7\rPV1|1\r`).warnings).toEqual([{ kind: 'line-ends', segment: 0 }]);
  });

  test('LF in a CR message is data', () => {
    const message = parse(`${header}NTE|1||first\nsecond\rPV1|1|I\r`);
    expect(message.first('NTE')?.get(3)).toBe('first\nsecond');
    expect(message.segments.length).toBe(3);
    expect(message.warnings).toEqual([]);
  });

  test('many LFs in a note do not change the terminator', () => {
    expect(names(`${header}NTE|1||${'line\n'.repeat(50)}\rPV1|1|I\r`)).toEqual(['MSH', 'NTE', 'PV1']);
  });

  test('LF before an ADT segment in a CR message starts it, with a warning', () => {
    const message = parse(`${header}EVN|A03|1\nPID|1||7\r\nPV1|1|I\n`);
    expect(message.segments.map((segment) => segment.raw)).toEqual([
      header.trimEnd(),
      'EVN|A03|1',
      'PID|1||7',
      'PV1|1|I',
    ]);
    expect(message.warnings).toEqual([{ kind: 'mixed-terminators', segment: 0 }]);
  });

  test('an LF before what only looks like a segment is data', () => {
    expect(parse(`${header}NTE|1||line one\nEND|x\r`).first('NTE')?.get(3)).toBe('line one\nEND');
  });

  test('a line that is no segment belongs to the one before, with one warning', () => {
    const message = parse(`${header}NTE|1||wrapped\rtext goes on\rand on\rPV1|1|I\r`);
    expect(message.first('NTE')?.get(3)).toBe('wrapped\rtext goes on\rand on');
    expect(message.warnings).toEqual([{ kind: 'continuation', segment: 1 }]);
  });

  test('after a blank line it belongs to none, with one warning', () => {
    const message = parse(`${header}PV1|1|I\r\r# a comment\r# and another\rDG1|1\r`);
    expect(message.first('PV1')?.get(2)).toBe('I');
    expect(message.segments.length).toBe(3);
    expect(message.warnings).toEqual([{ kind: 'stray-line', segment: 1 }]);
  });

  test.each(['pid|1||7', 'PIDX|1||7', 'PI|1', '1AB|x'])('%s is no segment', (line) => {
    expect(names(`${header}${line}\rPV1|1|I\r`)).toEqual(['MSH', 'PV1']);
  });

  test('blank lines, a byte order mark, leading line ends and MLLP bytes are dropped', () => {
    expect(names(`\uFEFF${header}\r  \rPID|1\r`)).toEqual(['MSH', 'PID']);
    expect(names(`\r\n${header}PID|1\r`)).toEqual(['MSH', 'PID']);
    const framed = parse(`\x0b${header}PID|1||7\r\x1c\r`);
    expect(framed.first('PID')?.get(3)).toBe('7');
    expect(framed.warnings).toEqual([]);
  });

  test('segments keep their order, and repeat', () => {
    const message = parse(`${header}DG1|1\rAL1|1\rDG1|2\r`);
    expect(message.segments.map((segment) => segment.name)).toEqual(['MSH', 'DG1', 'AL1', 'DG1']);
    expect(message.all('DG1').map((segment) => segment.get(1))).toEqual(['1', '2']);
    expect(message.first('OBX')).toBeUndefined();
    expect(message.all('OBX')).toEqual([]);
  });
});

test('a message is printed as it came', () => {
  const text = `${header}PID|1||1^^^A&B~""\\F\\||Doe^Jane||||\rNTE|1||a\nb\rZZZ\r`;
  expect(serialize(parse(text))).toBe(text);
});

describe('cost stays linear', () => {
  const timed = (work: () => void) => {
    const start = performance.now();
    work();
    return performance.now() - start;
  };

  test('100 000 repetitions, read one by one', () => {
    const segment = parse(pid(Array.from({ length: 100_000 }, (_, index) => `${index}^^^A`).join('~'))).first('PID')!;
    let last: Value;
    const ms = timed(() => {
      for (let index = 0; index < segment.repetitions(3); index += 1) last = segment.get(3, 1, 1, index);
    });
    expect(last).toBe('99999');
    expect(ms).toBeLessThan(2000);
  });

  test.each([
    ['continuation lines', `${header}${'x\r'.repeat(200_000)}`],
    ['stray lines', `${header}\r${'x\r'.repeat(200_000)}`],
    ['blank lines', `${header}${'\r'.repeat(200_000)}x`],
    ['segments', `${header}${'ZZZ|1\r'.repeat(200_000)}`],
    ['line feeds', `${header}NTE|1||${'\nPID'.repeat(100_000)}\r`],
    ['escape characters', pid('\\'.repeat(200_000))],
    ['hexadecimal runs', pid('\\X41\\'.repeat(50_000))],
    ['unfinished escapes', pid('\\X4'.repeat(100_000))],
    ['blanks', `${header}${' '.repeat(500_000)}\rPID|1`],
  ])('%s', (_what, text) => {
    const ms = timed(() => {
      const message = parse(text);
      for (const name of ['PID', 'NTE']) message.first(name)?.get(3);
    });
    expect(ms).toBeLessThan(2000);
  });
});
