// Counting and cutting the lines of a message without reading it.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstLines, hasMoreLines } from '../../../src/hl7/lines.ts';

const text = fc
  .array(fc.constantFrom('a', 'PID|', '\r', '\n', '\r\n'), { maxLength: 40 })
  .map((parts) => parts.join(''));
const endsOf = (of: string) => of.match(/\r\n|\r|\n/g)?.length ?? 0;

test('there are more lines than the limit exactly when there are more ends of lines', () => {
  fc.assert(
    fc.property(text, fc.nat(20), (of, max) => {
      expect(hasMoreLines(Buffer.from(of), max)).toBe(endsOf(of) > max);
    }),
  );
});

test('the first lines and the number of those after them are the whole', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 20 }), (of, max) => {
      const cut = firstLines(of, max);
      expect(of.startsWith(cut.text)).toBe(true);
      expect(endsOf(cut.text)).toBe(Math.min(max, endsOf(of)));
      expect(endsOf(cut.text) + cut.more).toBe(endsOf(of));
      if (cut.more === 0 && endsOf(of) < max) expect(cut.text).toBe(of);
    }),
  );
});
