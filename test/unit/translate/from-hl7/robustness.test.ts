// Whatever a message holds, reading it gives a notice or a fault that we name, quickly.

import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../../../src/base/fault.ts';
import { decodeMessage } from '../../../../src/hl7/charset.ts';
import { parse } from '../../../../src/hl7/parse.ts';
import { readNotice } from '../../../../src/translate/from-hl7/notice.ts';
import { aFeedLanguage, understandAs } from '../../../support/feed-language.ts';
import { anAdmission } from '../../../support/hl7.ts';

const folder = 'test/fixtures/adt';
const texts = readdirSync(folder)
  .filter((name) => name.endsWith('.hl7'))
  .map((name) => decodeMessage(readFileSync(`${folder}/${name}`)).text);
const language = aFeedLanguage();

function read(text: string): void {
  try {
    readNotice(parse(text), language, { digest: 'digest' });
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code === 'defect.unexpected') throw thrown;
  }
}

test('a message cut, spliced or sprinkled with delimiters never does anything else', () => {
  const piece = fc.oneof(
    fc.constantFrom('|', '^', '~', '&', '\\', '""', '\r', '\0', '|||||', '\r\r', 'PID|'),
    fc.string({ unit: 'binary' }),
  );
  const place = fc.nat({ max: 10_000 });
  fc.assert(
    fc.property(fc.constantFrom(...texts), place, place, piece, (text, from, length, inserted) => {
      const start = from % (text.length + 1);
      read(text.slice(0, start) + inserted + text.slice(start + (length % 50)));
    }),
    { numRuns: 300 },
  );
});

describe('a message that only means to be large', () => {
  test.each([
    ['a hundred thousand identifiers', anAdmission({ identifiers: '1^^^GH~'.repeat(100_000) })],
    ['a hundred thousand names', anAdmission({ name: 'A^B~'.repeat(100_000) })],
    ['a hundred thousand diagnoses', anAdmission({ diagnoses: Array.from({ length: 100_000 }, () => 'X^^Y') })],
    ['a field of a megabyte', anAdmission({ identifiers: 'x'.repeat(1_000_000) })],
    ['a class of a megabyte', anAdmission({ class: 'x'.repeat(1_000_000) })],
  ])('%s is read in less than ten seconds: none of it is quadratic', (_, text) => {
    const start = performance.now();
    read(text);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  test('what goes on from it is bounded', () => {
    const notice = understandAs('encounter', anAdmission({ diagnoses: Array.from({ length: 101 }, () => 'X^^Y') }));
    expect(notice.event.facts.diagnoses).toHaveLength(100);
    expect(notice.unmapped).toHaveLength(100);
    expect(notice.warnings).toEqual([{ code: 'list-too-long', field: 'DG1' }]);
  });
});
