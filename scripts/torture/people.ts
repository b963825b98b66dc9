// People of a torture feed. Nobody shares family name, given name and birth date with anybody, in this run or another, so
// that nobody can be taken for somebody else but where the feed means it. All are invented.

import { createPerson, type Person } from '../hospital/person.ts';
import type { Random } from '../hospital/random.ts';
import type { Site } from '../hospital/site.ts';

const starts = 'Abb Ald Birk Bram Cald Cor Dun Elm Fenn Garr Hall Iver Jess Kest Lind Marr Norr Oak Pem Quill'.split(
  ' ',
);
const middles = 'a e i o u ar el in or un ash eth ild ond ump'.split(' ');
const more = 'b d f g k l m n p r s t v w z'.split(' ');
const ends = "ham ley ton wick ford gate moor stead thorne well worth bury combe dale field núñez d'Or".split(' ');
/** Signs that must be escaped on the wire. */
const signs = ['', '', '', '', '', '', '', '', '', '', '', '&Co', '^Ash', '~Row', '|Bar', '\\Esk'];

export function createPeople(random: Random, now: number) {
  const known = new Set<string>();
  return (value: string, house: Site): Person => {
    for (;;) {
      const { groupNumber, ...person } = createPerson(random, value, house, now);
      const stem = `${random.pick(starts)}${random.pick(middles)}${random.pick(more)}${random.pick(middles)}`;
      const family = `${stem}${random.pick(more)}${random.pick(ends)}${random.pick(signs)}`;
      const key = `${family} ${person.birthDate}`;
      if (known.has(key)) continue;
      known.add(key);
      // Two people with one telephone are alike; a hundred numbers for thousands would make many so.
      const phone = `${200 + (Math.floor(known.size / 100) % 800)}-555-01${String(known.size % 100).padStart(2, '0')}`;
      return { ...person, family, phone, ...(groupNumber !== undefined && { groupNumber: `${value}E` }) };
    }
  };
}

/** How a clerk misheard it. */
export const misheard = (person: Person): Person => ({
  ...person,
  family: `${person.family.slice(0, 4)}x${person.family.slice(4)}`,
});
