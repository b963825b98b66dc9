// A file of messages taken apart while it is read (HL7 v2.5.1 ch. 2.10.3).

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitMessages } from '../../../src/hl7/batch.ts';
import { createBatchSplitter, type Piece } from '../../../src/hl7/batch-stream.ts';
import { unitsOf } from '../../../src/hl7/byte-lines.ts';
import { decodeMessage } from '../../../src/hl7/charset.ts';

interface Options {
  readonly messageBytesMax?: number;
  readonly cuts?: readonly number[];
}

function split(bytes: Buffer, { messageBytesMax = 10_000, cuts = [] }: Options = {}) {
  const splitter = createBatchSplitter({ messageBytesMax, units: unitsOf(bytes) });
  const pieces: Piece[] = [];
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let start = 0;
  for (const end of [...ends, bytes.length]) {
    pieces.push(...splitter.push(bytes.subarray(start, end)));
    start = end;
  }
  pieces.push(...splitter.end());
  return { pieces, strayLines: splitter.strayLines };
}

const messagesOf = (pieces: readonly Piece[]) =>
  pieces.filter(({ kind }) => kind === 'message').map(({ bytes }) => bytes.toString('utf8'));
const shown = (pieces: readonly Piece[]) =>
  pieces.map(({ kind, bytes, from, to }) => [kind, bytes.toString('latin1'), from, to]);

const word = fc.string({ unit: fc.constantFrom('a', 'Z', '9', ' ', '^', 'é', '日'), maxLength: 6 });
const segment = fc
  .tuple(fc.constantFrom('PID', 'PV1', 'OBX', 'ZXY', 'MSHX', 'BTSX'), word)
  .map(([name, text]) => `${name}|${text}`);
const message = fc.array(segment, { maxLength: 4 }).map((segments) => [`MSH|^~\\&|A`, ...segments]);
const envelope = fc.constantFrom('FHS|^~\\&', 'BHS|^~\\&|x', 'BTS|3', 'FTS|1', 'FTS');
const lineEnd = fc.constantFrom('\r', '\n', '\r\n');
const file = fc
  .tuple(
    fc.array(
      fc.oneof(
        message,
        envelope.map((line) => [line]),
      ),
      { maxLength: 6 },
    ),
    lineEnd,
    fc.boolean(),
  )
  .map(([pieces, end, isClosed]) => pieces.flat().join(end) + (isClosed ? end : ''));
const cuts = fc.array(fc.nat(500), { maxLength: 12 });

test('where the chunks are cut makes no difference', () => {
  fc.assert(
    fc.property(
      fc.oneof(file, fc.string({ unit: fc.constantFrom('M', 'S', 'H', '|', '\r', '\n', '\v', '\x1c', 'B', 'T') })),
      cuts,
      (text, at) => {
        const bytes = Buffer.from(text, 'utf8');
        const whole = split(bytes);
        const cut = split(bytes, { cuts: at });
        expect([shown(cut.pieces), cut.strayLines]).toEqual([shown(whole.pieces), whole.strayLines]);
      },
    ),
  );
});

test('it finds what the splitter of whole texts finds', () => {
  fc.assert(
    fc.property(file, cuts, (text, at) => {
      const { pieces } = split(Buffer.from(text, 'utf8'), { cuts: at });
      const expected = splitMessages(text);
      expect(messagesOf(pieces)).toEqual(expected.messages);
      expect(
        pieces.filter(({ kind }) => kind !== 'message').map(({ bytes }) => bytes.toString('utf8').trimEnd()),
      ).toEqual(expected.envelope);
    }),
  );
});

test('reading that goes on where a piece ended finds the rest, at the same places', () => {
  fc.assert(
    fc.property(file, fc.nat(20), (text, which) => {
      const bytes = Buffer.from(text, 'utf8');
      const { pieces } = split(bytes);
      if (pieces.length === 0) return;
      const at = which % pieces.length;
      const from = pieces[at]?.to ?? { position: 0, line: 1 };
      const splitter = createBatchSplitter({ messageBytesMax: 10_000, from });
      const rest = [...splitter.push(bytes.subarray(from.position)), ...splitter.end()];
      expect(shown(rest)).toEqual(shown(pieces.slice(at + 1)));
    }),
  );
});

test('messages printed as frames, one after another, come back byte for byte', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 5 }), cuts, (messages, at) => {
      const texts = messages.map((segments) => `${segments.join('\r')}\r`);
      const captured = texts.map((text) => `\x0b${text}\x1c\r`).join('');
      expect(messagesOf(split(Buffer.from(captured, 'utf8'), { cuts: at }).pieces)).toEqual(texts);
    }),
  );
});

test.each(['utf-16le', 'utf-16be'] as const)('a file in %s is taken apart as it is', (units) => {
  const text = '\ufeffBHS|^~\\&\rMSH|^~\\&|日ഀ\rPID|1\rMSH|^~\\&|2\r\nBTS|2\r';
  const bytes = Buffer.from(text, 'utf16le');
  if (units === 'utf-16be') bytes.swap16();
  for (const at of [[], [1, 7, 30, 41], Array.from({ length: 200 }, (_, index) => index)]) {
    const { pieces } = split(bytes, { cuts: at });
    expect(pieces.map(({ kind }) => kind)).toEqual(['BHS', 'message', 'message', 'BTS']);
    expect(decodeMessage(pieces[1]?.bytes ?? Buffer.alloc(0)).text).toBe('MSH|^~\\&|日ഀ\rPID|1\r');
    expect(decodeMessage(pieces[2]?.bytes ?? Buffer.alloc(0)).text).toBe('MSH|^~\\&|2\r\n');
  }
});

test('a byte order mark, blank lines and blanks before the first segment are passed over; lines are counted', () => {
  const { pieces, strayLines } = split(Buffer.from('\ufeff\n  \nBHS|^~\\&\n\nMSH|^~\\&|1\nPID|1\n\n\nBTS|1\nwhat\n'));
  expect(pieces.map(({ kind, from }) => [kind, from.line])).toEqual([
    ['BHS', 3],
    ['message', 5],
    ['BTS', 9],
  ]);
  expect([pieces[1]?.bytes.toString(), strayLines]).toEqual(['MSH|^~\\&|1\nPID|1\n', 1]);
});

test('a file without a message holds none', () => {
  expect(split(Buffer.alloc(0)).pieces).toEqual([]);
  expect(split(Buffer.from('FHS|^~\\&\rBHS|^~\\&\rBTS|0\rFTS|1')).pieces.map(({ kind }) => kind)).toEqual([
    'FHS',
    'BHS',
    'BTS',
    'FTS',
  ]);
});

test('a message at the limit is taken; one byte more is told of by its beginning, and the next goes on', () => {
  const long = (size: number) => `MSH|^~\\&|${'x'.repeat(size - 10)}\r`;
  const bytes = Buffer.from(`${long(5_000)}\r\r${long(5_001)}${long(5_000)}`);
  for (const cuts of [[], [3, 6_000, 9_000], Array.from({ length: 300 }, (_, index) => index * 50)]) {
    const { pieces } = split(bytes, { messageBytesMax: 5_000, cuts });
    expect(pieces.map(({ kind, bytes }) => [kind, bytes.length])).toEqual([
      ['message', 5_000],
      ['oversize', 4_096],
      ['message', 5_000],
    ]);
  }
});

test('a line without an end is not gathered', () => {
  const splitter = createBatchSplitter({ messageBytesMax: 10_000 });
  const before = process.memoryUsage().arrayBuffers;
  for (let turn = 0; turn < 2_000; turn += 1) splitter.push(Buffer.alloc(65_536, 'x'));
  splitter.push(Buffer.from('\rMSH|^~\\&|1\r'));
  expect(splitter.end().map(({ kind, from }) => [kind, from])).toEqual([
    ['message', { position: 2_000 * 65_536 + 1, line: 2 }],
  ]);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(150_000_000);
});
