// How alike people are: levels, weights, who may be the same, and who cannot be. The figures are those that are shipped.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCatalog } from '../../../../src/catalog/catalog.ts';
import type { DemographicValues } from '../../../../src/domain/patient/demographics.ts';
import { areTwo, conflicts, likeness, mayBeSame, mayConflict } from '../../../../src/domain/patient/likeness.ts';
import { daysAlike, slips, wordsAlike } from '../../../../src/domain/patient/likeness-levels.ts';
import { fingerprintOf, lookKeys, plain, sketchOf } from '../../../../src/domain/patient/person-words.ts';

const rules = readCatalog({ profilesDir: 'profiles', mappingsDir: 'mappings' }).matchRules;

const person = (text: string, more: Partial<DemographicValues> = {}): DemographicValues => {
  const [family = '', given = '', birthDate] = text.split('^');
  return {
    names: [{ use: 'official', ...(family !== '' && { family }), given: given === '' ? [] : [given] }],
    ...(birthDate !== undefined && { birthDate }),
    ...more,
  };
};
const home = {
  addresses: [{ lines: ['12 Elm St'], postalCode: '01101' }],
  telecoms: [{ system: 'phone', value: '+1 413 555 0134' }],
} as const;
const rita = person('Okafor^Rita^1951-04-09');

describe('somebody who may be known', () => {
  test.each<[string, DemographicValues, DemographicValues]>([
    ['same name and birth date', rita, person('OKAFOR^RITA^1951-04-09')],
    ['whatever accents and signs', person("O'Brien-Núñez^Éva^1951-04-09"), person('OBRIEN NUNEZ^Eva^1951-04-09')],
    ['a slip in the family name, and the same telephone', rita, person('Okafar^Rita^1951-04-09', home)],
    [
      'a nickname, and the rest the same',
      person('Okafor^Robert^1951-04-09', home),
      person('Okafor^Bob^1951-04-09', home),
    ],
    [
      'a new family name at the same address',
      person('Okafor^Rita^1951-04-09', home),
      person('Lund^Rita^1951-04-09', home),
    ],
  ])('%s', (_, one, other) => {
    expect(mayBeSame(likeness(one, other, rules), rules)).toBe(true);
  });
});

describe('two people', () => {
  test.each<[string, DemographicValues, DemographicValues]>([
    ['twins at one address', person('Okafor^Rita^1951-04-09', home), person('Okafor^Nora^1951-04-09', home)],
    ['the same name and another birth date', rita, person('Okafor^Rita^1988-11-30')],
    ['the same birth date alone', rita, person('Lund^Sven^1951-04-09')],
    ['a father and a son of one name', person('Okafor^Paul^1951-04-09', home), person('Okafor^Paul^1981-10-02', home)],
    ['nothing known of one', {}, rita],
  ])('%s', (_, one, other) => {
    expect(mayBeSame(likeness(one, other, rules), rules)).toBe(false);
  });
});

describe('one identifier', () => {
  test.each<[string, DemographicValues, DemographicValues]>([
    ['cannot be of another given name and another birth date', rita, person('Okafor^Nora^1988-11-30')],
    ['cannot be of another person altogether', rita, person('Lund^Sven^1970-01-01')],
    ['cannot be of another surname and another birth date', rita, person('Lund^Rita^1988-11-30')],
    ['cannot be of another name where no birth date is known', person('Okafor^Rita'), person('Lund^Sven')],
  ])('%s', (_, one, other) => {
    expect(conflicts(likeness(one, other, rules))).toBe(true);
  });
  test.each<[string, DemographicValues, DemographicValues]>([
    ['may be of somebody who took another name', rita, person('Lund^Rita^1951-04-09')],
    ['may have had a wrong birth date', rita, person('Okafor^Rita^1961-08-19')],
    ['may have been of a child without a name', person('Okafor^BabyGirl^2026-11-20'), person('Okafor^Ada^2026-11-20')],
    ['may have been of somebody unidentified', person('Unknown^Trauma^1900-01-01'), rita],
    [
      'may be of somebody at the same address, both corrected',
      person('Okafor^Rita^1951-04-09', home),
      person('Lund^Rita^1988-11-30', home),
    ],
    ['tells nothing where a message names nobody', rita, {}],
  ])('%s', (_, one, other) => {
    expect(conflicts(likeness(one, other, rules))).toBe(false);
  });
});

const word = fc.stringMatching(/^[A-Z]{1,10}$/);
const someone = fc.record({
  family: word,
  given: word,
  birthDate: fc.constantFrom('1951-04-09', '1951-09-04', '1980-01-01'),
});
const valuesOf = (one: { family: string; given: string; birthDate: string }) =>
  person(`${one.family}^${one.given}^${one.birthDate}`);

test('likeness is the same both ways, and nobody is less like themselves than like another', () => {
  fc.assert(
    fc.property(someone, someone, (x, y) => {
      const [one, other] = [valuesOf(x), valuesOf(y)];
      expect(likeness(one, other, rules)).toEqual(likeness(other, one, rules));
      expect(likeness(one, one, rules).score).toBeGreaterThanOrEqual(likeness(one, other, rules).score);
    }),
  );
});

test('whoever has the same name and birth date is found by a look key and has the same fingerprint', () => {
  fc.assert(
    fc.property(someone, (x) => {
      const [one, other] = [valuesOf(x), valuesOf({ ...x, family: x.family.toLowerCase() })];
      const [sketch, same] = [sketchOf(one, rules), sketchOf(other, rules)];
      expect(lookKeys(sketch)).toEqual(lookKeys(same));
      expect(fingerprintOf(sketch)).toBe(fingerprintOf(same));
    }),
  );
});

test('slips: none for the same, one for a swap of neighbours, symmetric, never more than the longer word', () => {
  expect([slips('RITA', 'RITA'), slips('RITA', 'RTIA'), slips('RITA', 'RITTA'), slips('', 'RITA')]).toEqual([
    0, 1, 1, 4,
  ]);
  fc.assert(
    fc.property(word, word, (x, y) => {
      expect(slips(x, y)).toBe(slips(y, x));
      expect(slips(x, y)).toBeLessThanOrEqual(Math.max(x.length, y.length));
    }),
  );
});

test('days are close when day and month are swapped, or one part differs', () => {
  expect(daysAlike('1951-04-09', '1951-09-04')).toBe('close');
  expect(daysAlike('1951-04-09', '1952-04-09')).toBe('close');
  expect(daysAlike('1951-04-09', '1960-04-19')).toBe('differs');
  expect(wordsAlike('MEIER', 'MEIER-LUND'.replace('-', ''))).toBe('close');
});

test('every conflict begins with another given name or another day', () => {
  const name = fc.constantFrom(
    '',
    'Rita',
    'RITA ',
    'Rïta',
    'Nora',
    'R',
    'Bob',
    'Robert',
    'Unknown',
    'Rita Maria',
    "O'Ri-ta",
  );
  const description = fc.record({ family: name, given: name, day: fc.constantFrom('', '^1951-04-09', '^1988-11-30') });
  fc.assert(
    fc.property(description, description, (a, b) => {
      const [one, other] = [a, b].map(({ family, given, day }) => person(`${family}^${given}${day}`)) as [
        DemographicValues,
        DemographicValues,
      ];
      const compared = likeness(one, other, rules);
      if (compared.levels.given === 'differs') expect(mayConflict(one, other, rules)).toBe(true);
      if (conflicts(compared)) expect(mayConflict(one, other, rules)).toBe(true);
      if (areTwo(sketchOf(one, rules), sketchOf(other, rules), rules)) expect(mayBeSame(compared, rules)).toBe(false);
    }),
  );
});

test('plain words of ASCII are what they are among other letters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
      expect(plain(`${text}æ`)).toBe(`${plain(text)}Æ`);
    }),
  );
});
