// What must hold for any input (fast-check): printing undoes parsing, unescaping undoes escaping, a value placed in a
// message is read back, and no text makes the readers fail with anything but their own faults.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../../src/base/fault.ts';
import { decodeMessage } from '../../../src/hl7/charset.ts';
import { escapeText, unescapeText } from '../../../src/hl7/escape.ts';
import { firstIdentifier } from '../../../src/hl7/first-identifier.ts';
import { countMessages, readHeader } from '../../../src/hl7/header.ts';
import { parse, serialize } from '../../../src/hl7/parse.ts';
import { readTime } from '../../../src/hl7/time.ts';

const delimiters = fc
  .shuffledSubarray(['|', '^', '~', '\\', '&', '#', '$', '%', '*', '!', '@', ';'], { minLength: 6, maxLength: 6 })
  .map(([field, component, repetition, mark, subcomponent]) => ({
    field: field!,
    component: component!,
    repetition: repetition!,
    escape: mark!,
    subcomponent: subcomponent!,
    truncation: '',
  }));

const text = fc.string({ unit: 'grapheme', maxLength: 20 }).map((value) => value.replaceAll('\0', ''));
const name = fc.constantFrom('PID', 'PV1', 'OBX', 'ZZ1', 'NK1');

test('unescaping undoes escaping', () => {
  fc.assert(
    fc.property(delimiters, text, (marks, value) => {
      expect(unescapeText(escapeText(value, marks), marks)).toBe(value);
    }),
  );
});

test('what was written is read, and what was read is printed', () => {
  const values = fc.array(
    fc.array(fc.array(fc.array(text, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 3,
    }),
    {
      maxLength: 5,
    },
  );
  const segments = fc.array(fc.tuple(name, values), { maxLength: 6 });
  fc.assert(
    fc.property(delimiters, segments, (marks, content) => {
      const { field, component, repetition, escape: mark, subcomponent } = marks;
      const written = content.map(([segment, fields]) =>
        [
          segment,
          ...fields.map((repetitions) =>
            repetitions
              .map((components) =>
                components
                  .map((parts) => parts.map((part) => escapeText(part, marks)).join(subcomponent))
                  .join(component),
              )
              .join(repetition),
          ),
        ].join(field),
      );
      const message = `MSH${field}${component}${repetition}${mark}${subcomponent}${field}S\r${written.map((line) => `${line}\r`).join('')}`;
      const read = parse(message);
      expect(serialize(read)).toBe(message);
      for (const [index, [, fields]] of content.entries()) {
        for (const [f, repetitions] of fields.entries()) {
          for (const [r, components] of repetitions.entries()) {
            for (const [c, parts] of components.entries()) {
              for (const [s, part] of parts.entries()) {
                const expected = part === '' ? undefined : part === '""' ? null : part;
                expect(read.segments[index + 1]?.get(f + 1, c + 1, s + 1, r)).toBe(expected);
              }
            }
          }
        }
      }
    }),
  );
});

describe('any text at all', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc
      .array(
        fc.constantFrom(
          'MSH',
          '|',
          '^',
          '~',
          '\\',
          '&',
          '\r',
          '\n',
          'PID',
          '""',
          'X41',
          '\x0b',
          '\x1c',
          '\uFEFF',
          'é',
          '2026',
        ),
        {
          maxLength: 60,
        },
      )
      .map((parts) => `MSH|^~\\&|${parts.join('')}`),
  );

  test('is read or refused with a fault of ours', () => {
    fc.assert(
      fc.property(hostile, (content) => {
        for (const read of [parse, readHeader, firstIdentifier]) {
          try {
            read(content);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(Fault);
          }
        }
        expect(countMessages(content)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });

  test('loses no character but of stray lines, which are warned of', () => {
    fc.assert(
      fc.property(hostile, (content) => {
        try {
          const message = parse(content);
          if (message.warnings.some(({ kind }) => kind === 'stray-line')) return;
          const printed = serialize(message);
          const visible = (value: string) => value.replace(/[\s\x0b\x1c\uFEFF]/g, '');
          expect(visible(printed)).toBe(visible(content));
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Fault);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('is no time, or one of the calendar', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{0,16}([.][0-9]{1,5})?([+-][0-9]{4})?$/), (content) => {
        const time = readTime(content);
        if (time === undefined) return;
        const { year, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = time;
        const date = new Date(0);
        date.setUTCFullYear(year, month - 1, day);
        date.setUTCHours(hour, minute, second);
        expect(date.toISOString().slice(0, 19)).toBe(
          `${String(year).padStart(4, '0')}-${[month, day].map((n) => String(n).padStart(2, '0')).join('-')}T${[hour, minute, second].map((n) => String(n).padStart(2, '0')).join(':')}`,
        );
      }),
      { numRuns: 2000 },
    );
  });
});

test('any bytes become text, and never a NUL', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom('', 'UNICODE UTF-8', '8859/1', 'ASCII', 'nonsense', 'UNICODE UTF-16'),
      (bytes, charset) => {
        const header = Buffer.from(`MSH|^~\\&|||||||ADT|1|P|2.5||||||${charset}\r`);
        expect(decodeMessage(Buffer.concat([header, bytes])).text).not.toContain('\0');
        decodeMessage(bytes);
      },
    ),
  );
});
