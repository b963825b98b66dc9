// MLLP framing without a socket: bytes in any pieces, whole messages out.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDeframer, frame } from '../../../src/hl7/frame.ts';

function collect(bytesMax = 1 << 20) {
  const messages: string[] = [];
  const problems: string[] = [];
  const deframer = createDeframer({
    bytesMax,
    onMessage: (bytes) => messages.push(Buffer.from(bytes).toString('latin1')),
    onProblem: (problem) => problems.push(problem),
  });
  return {
    messages,
    problems,
    deframer,
    push: (text: string) => deframer.push(Buffer.from(text, 'latin1')),
  };
}

const VT = '\x0b';
const END = '\x1c\r';

describe('frames', () => {
  test.each([
    ['one', [`${VT}a${END}`], ['a'], []],
    ['three in a chunk', [`${VT}a${END}${VT}b${END}${VT}c${END}`], ['a', 'b', 'c'], []],
    ['one and a half, then the rest', [`${VT}a${END}${VT}b`, `c${END}`], ['a', 'bc'], []],
    ['FS and CR apart', [`${VT}a\x1c`, '\r'], ['a'], []],
    ['a lone FS is data', [`${VT}a\x1cb${END}`], ['a\x1cb'], []],
    ['a lone FS at the end of a chunk is data', [`${VT}a\x1c`, `b${END}`], ['a\x1cb'], []],
    ['two FS before CR', [`${VT}a\x1c${END}`], ['a\x1c'], []],
    ['an empty frame', [`${VT}${END}`], [''], []],
    ['a missing end block', [`${VT}a${VT}b${END}`], ['b'], ['missing-end-block']],
    ['a missing end block, apart', [`${VT}a`, VT, `b${END}`], ['b'], ['missing-end-block']],
    ['FS without CR, then another frame', [`${VT}a\x1c${VT}b${END}`], ['b'], ['missing-end-block']],
    ['line ends between frames', [`${VT}a${END}\r\n${VT}b${END}\n`], ['a', 'b'], []],
    ['noise', [`xyz${VT}a${END}`], ['a'], ['noise']],
    ['noise alone', ['GET / HTTP/1.1\r\n\r\n'], [], ['noise']],
    ['NULs', ['\0\0\0', `${VT}a\0b${END}`], ['a\0b'], ['noise']],
    ['nothing', ['', ''], [], []],
  ])('%s', (_what, chunks, messages, problems) => {
    const collected = collect();
    for (const chunk of chunks) collected.push(chunk);
    expect({ messages: collected.messages, problems: collected.problems }).toEqual({ messages, problems });
    expect(collected.deframer.isInsideFrame).toBe(false);
  });

  test('it knows when it is inside one', () => {
    const { push, deframer } = collect();
    push('x');
    expect(deframer.isInsideFrame).toBe(false);
    push(VT);
    expect(deframer.isInsideFrame).toBe(true);
    push(END);
    expect(deframer.isInsideFrame).toBe(false);
  });

  test('framing adds three bytes, and writes text as UTF-8', () => {
    expect([...frame('ü')]).toEqual([0x0b, 0xc3, 0xbc, 0x1c, 0x0d]);
    expect([...frame(Uint8Array.of(1))]).toEqual([0x0b, 1, 0x1c, 0x0d]);
  });
});

describe('the size limit', () => {
  const tooLarge = expect.objectContaining({ code: 'mllp.frame-too-large' });

  test.each([
    ['whole', (text: string) => [text]],
    ['byte by byte', (text: string) => [...text]],
  ])('holds for a frame that comes %s', (_what, cut) => {
    const collected = collect(10);
    for (const chunk of cut(`${VT}1234567890${END}`)) collected.push(chunk);
    expect(collected.messages).toEqual(['1234567890']);
    expect(() => {
      for (const chunk of cut(`${VT}12345678901${END}`)) collected.push(chunk);
    }).toThrow(tooLarge);
  });

  test('with somebody to hear of it, the beginning is told at the end of the frame and the rest is not kept', () => {
    const told: string[] = [];
    const deframer = createDeframer({
      bytesMax: 1_000_000,
      onMessage: (bytes) => told.push(`whole ${bytes.length}`),
      onOversize: (head) => told.push(`${Buffer.from(head.subarray(0, 3))} of ${head.length}`),
      onProblem: (problem) => told.push(problem),
    });
    const push = (text: string) => deframer.push(Buffer.from(text, 'latin1'));
    push(`${VT}abc`);
    for (let count = 0; count < 30; count += 1) push('x'.repeat(100_000));
    expect(told).toEqual([]);
    push(`\x1c`);
    push(`\r${VT}xyz${END}`);
    push(`${VT}${'y'.repeat(1_000_001)}${END}${VT}${'z'.repeat(1_000_000)}${END}`);
    expect(told).toEqual(['abc of 16384', 'whole 3', 'yyy of 16384', 'whole 1000000']);
  });

  test('stops an endless frame, and a fresh one can follow', () => {
    const collected = collect(1000);
    collected.push(VT);
    expect(() => {
      for (;;) collected.push('x'.repeat(100));
    }).toThrow(tooLarge);
    collected.push(`${VT}a${END}`);
    expect(collected.messages).toEqual(['a']);
  });

  test('noise is never kept, so it has no limit', () => {
    const collected = collect(10);
    for (let index = 0; index < 100; index += 1) collected.push('x'.repeat(1000));
    collected.push(`${VT}a${END}`);
    expect(collected.messages).toEqual(['a']);
  });
});

test('any cutting of any frames gives the same messages', () => {
  const byte = fc.constantFrom(0x61, 0x0d, 0x1c, 0x0a, 0xc3, 0x00);
  const content = fc
    .array(byte, { maxLength: 12 })
    .map((bytes) => Buffer.from(bytes).toString('latin1'))
    .filter((text) => !text.includes(END) && !`${text}\x1c`.includes(END));
  fc.assert(
    fc.property(fc.array(content, { maxLength: 6 }), fc.infiniteStream(fc.nat(5)), (messages, cuts) => {
      const text = messages.map((message) => `${VT}${message}${END}`).join('');
      const collected = collect();
      for (let at = 0; at < text.length; ) {
        const length = cuts.next().value ?? 1;
        collected.push(text.slice(at, at + length));
        at += length;
      }
      expect(collected.messages).toEqual(messages);
      expect(collected.problems).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

describe('cost stays linear', () => {
  test.each([
    ['lone FS bytes', `${VT}${'\x1c'.repeat(2_000_000)}`],
    ['start blocks', VT.repeat(1_000_000)],
    ['empty frames', `${VT}${END}`.repeat(300_000)],
    ['text without an end', `${VT}${'x'.repeat(4_000_000)}`],
  ])('%s in one chunk', (_what, text) => {
    const { push } = collect(1 << 23);
    const start = performance.now();
    push(text);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test('a large frame byte by byte', () => {
    const { deframer, messages } = collect(1 << 20);
    const bytes = frame('x'.repeat(1 << 20));
    const start = performance.now();
    for (let index = 0; index < bytes.length; index += 1) deframer.push(bytes.subarray(index, index + 1));
    expect(performance.now() - start).toBeLessThan(4000);
    expect(messages[0]?.length).toBe(1 << 20);
  });
});
