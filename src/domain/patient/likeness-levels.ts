// Levels of agreement between two words, days or places. Close means: one slip, a swap, a short form.

import type { PersonWords } from './person-words.ts';

export type Level = 'same' | 'close' | 'differs';

/** Close: one letter in five written differently (at least one), or one name within the other, as in double names. */
export function wordsAlike(a: string, b: string): Level {
  if (a === b) return 'same';
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length >= 3 && (long.startsWith(short) || long.endsWith(short))) return 'close';
  return slips(a, b) <= Math.max(1, Math.floor(long.length / 5)) && short.length > 2 ? 'close' : 'differs';
}

/** As for words; an initial is close to a name, and a nickname to what it is short for. */
export function givenAlike(a: string, b: string, { nicknames }: PersonWords): Level {
  if (a === b) return 'same';
  if ((a.length === 1 || b.length === 1) && a[0] === b[0]) return 'close';
  const forms = nicknames.get(a);
  if (forms !== undefined && nicknames.get(b)?.some((form) => forms.includes(form)) === true) return 'close';
  return wordsAlike(a, b);
}

/** Close: day and month swapped, or two of year, month and day the same. */
export function daysAlike(a: string, b: string): Level {
  if (a === b) return 'same';
  const [one, other] = [a.split('-'), b.split('-')];
  const isSwapped = one[0] === other[0] && one[1] === other[2] && one[2] === other[1];
  return isSwapped || one.filter((part, at) => part === other[at]).length === 2 ? 'close' : 'differs';
}

/** Places as `postal code|street`; close: the same postal code. */
export function placeAlike(a: readonly string[], b: readonly string[]): Level {
  if (a.some((place) => b.includes(place) && !place.endsWith('|'))) return 'same';
  const codeOf = (place: string) => place.split('|')[0];
  return a.some((place) => b.some((other) => codeOf(place) === codeOf(other))) ? 'close' : 'differs';
}

/** Letters to write differently, swaps of neighbours counting once (optimal string alignment); long texts are cut. */
export function slips(a: string, b: string): number {
  const [one, other] = [a.slice(0, 64), b.slice(0, 64)];
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      let least = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const isSwap = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (isSwap) least = Math.min(least, (before[column - 2] ?? 0) + 1);
      current.push(least);
    }
    before = last;
    last = current;
  }
  return last[other.length] ?? 0;
}
