// JSON that can be read one way only (RFC 8259 §4; faults.md F-70).

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStrict } from '../../../src/fhir/strict-json.ts';

const parse = (text: string | Uint8Array) => parseStrict(typeof text === 'string' ? Buffer.from(text) : text);
const refuses = (text: string | Uint8Array, detail: RegExp) =>
  expect(() => parse(text)).toThrow(
    expect.objectContaining({ code: 'fhir.json-invalid', detail: expect.stringMatching(detail) }),
  );

describe('strict JSON', () => {
  it('reads what any JSON writer writes', () => {
    const text = fc
      .string({ unit: 'grapheme' })
      .filter((each) => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(each));
    const key = text.filter((each) => !['__proto__', 'constructor', 'prototype'].includes(each));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 5 }, text, fc.integer(), fc.boolean(), fc.constant(null), tie('list'), tie('object')),
      list: fc.array(tie('value'), { maxLength: 4 }),
      object: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    }));
    fc.assert(
      fc.property(value, fc.constantFrom(0, 2), (each, indent) => {
        expect(parse(JSON.stringify(each, undefined, indent))).toEqual(JSON.parse(JSON.stringify(each)));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['{"a":"\\u0000"}', /control character/],
    ['{"a":["b\\b"]}', /control character/],
    ['{"a\\f":1}', /control character/],
    ['{"a":{"text":"chest pain \\ud83d"}}', /half of a character/],
    ['{"a":"\\udc00\\ud83d"}', /half of a character/],
    ['{"a":1,"a":2}', /twice/],
    ['{"a":1,"\\u0061":2}', /twice/],
    ['{"x":[{"a":{},"b":[1,2],"a":0}]}', /twice/],
    ['{"__proto__":{"admin":true}}', /not one of FHIR/],
    ['{"a":{"constructor":{}}}', /not one of FHIR/],
    ['{"\\u005f_proto__":1}', /not one of FHIR/],
    ['{"a":', /not JSON/],
    ['', /not JSON/],
    ['{"a"', /not JSON/],
    ['"\\', /not JSON/],
    ['{"a":1}x', /not JSON/],
    ['\ufeff{"a":NaN}', /not JSON/],
  ])('%j is refused', (text, detail) => refuses(text, detail));

  it('the same key in two objects, and in a text, is no repetition', () => {
    expect(parse('[{"a":1},{"a":"{\\"a\\":1,\\"a\\":2}"}]')).toEqual([{ a: 1 }, { a: '{"a":1,"a":2}' }]);
  });

  it('64 levels are read, 65 and a hundred thousand refused at once', () => {
    expect(parse('['.repeat(64) + ']'.repeat(64))).toBeInstanceOf(Array);
    refuses('['.repeat(65) + ']'.repeat(65), /deeper/);
    refuses('{"a":'.repeat(100_000), /deeper/);
  });

  it('256 keys in one object are read, one more is refused', () => {
    const keys = (count: number) => `{${Array.from({ length: count }, (_, at) => `"k${at}":0`).join(',')}}`;
    expect(Object.keys(parse(keys(256)) as object)).toHaveLength(256);
    refuses(keys(257), /more than 256 keys/);
    refuses(keys(600_000), /more than 256 keys/);
  });

  it('bytes that are not UTF-8 are refused', () => {
    refuses(Buffer.from([0x22, 0xff, 0x22]), /UTF-8/);
  });
});
