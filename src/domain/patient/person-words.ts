// The words by which people are compared: names, days, places and numbers without case, accents and signs; and the keys
// under which somebody alike is looked for.

import type { DemographicValues } from './demographics.ts';
import type { Demographics } from './record.ts';

export interface PersonWords {
  readonly placeholders: ReadonlySet<string>;
  /** Given name → the name it is a form of, one of each family of names. */
  readonly nicknames: ReadonlyMap<string, readonly string[]>;
}

/** Letters and digits in capitals, without accents: `O'Connor-Ruiz` is `OCONNORRUIZ`. */
export const plain = (text: string): string =>
  // The same for ASCII, at a fifth of the cost.
  isAscii.test(text)
    ? text.replace(/[^A-Za-z0-9]/g, '').toUpperCase()
    : text
        .normalize('NFD')
        .replace(/[^\p{L}\p{N}]/gu, '')
        .toUpperCase();

const isAscii = /^[\x20-\x7e]*$/;

export function familyOf(values: DemographicValues, words: PersonWords): string | undefined {
  return named(nameOf(values)?.family, words);
}

/** The first given name. */
export function givenOf(values: DemographicValues, words: PersonWords): string | undefined {
  return named(firstGiven(values)?.trim().split(/\s+/)[0], words);
}

/** As it was sent. */
export const firstGiven = (values: DemographicValues): string | undefined => nameOf(values)?.given[0];

export const birthDateOf = ({ birthDate }: DemographicValues): string | undefined =>
  birthDate?.length === 10 ? birthDate : undefined;

/** `postal code|street` of each address. */
export const placesOf = ({ addresses }: DemographicValues): readonly string[] =>
  (addresses ?? []).flatMap(({ postalCode, lines }) => {
    const code = plain(postalCode ?? '').slice(0, 5);
    return code === '' ? [] : [`${code}|${plain(lines[0] ?? '')}`];
  });

/** The last ten digits of each telephone number. */
export const numbersOf = ({ telecoms }: DemographicValues): readonly string[] =>
  (telecoms ?? []).flatMap(({ system, value }) => {
    const digits = value.replace(/\D/g, '').slice(-10);
    return system === 'phone' && digits.length >= 7 ? [digits] : [];
  });

/** The three words that tell most people apart. */
export interface Sketch {
  readonly family?: string | undefined;
  readonly given?: string | undefined;
  readonly birthDate?: string | undefined;
}

export const sketchOf = (values: DemographicValues, words: PersonWords): Sketch => ({
  family: familyOf(values, words),
  given: givenOf(values, words),
  birthDate: birthDateOf(values),
});

/**
 * Keys that two descriptions of one person share unless both their names or the date were written differently: birth
 * date with the beginning of the family name, and with the given name.
 */
export function lookKeys({ family, given, birthDate: day }: Sketch): readonly string[] {
  if (day === undefined) return [];
  return [
    ...(family === undefined ? [] : [`f|${day}|${family.slice(0, 4)}`]),
    ...(given === undefined ? [] : [`g|${day}|${given.slice(0, 12)}`]),
  ];
}

/** One text for one description: what a person decided of it holds for later messages that say the same. */
export const fingerprintOf = ({ family, given, birthDate }: Sketch): string =>
  `${family ?? ''}|${given ?? ''}|${birthDate ?? ''}`;

/** What a message says of a person, as values: what it deletes is not known. */
export function valuesSaid(said: Demographics): DemographicValues {
  const known: Record<string, unknown> = {};
  for (const name in said) {
    const value = said[name as keyof Demographics];
    if (value !== null && value !== undefined) known[name] = value;
  }
  return known as DemographicValues;
}

function nameOf({ names }: DemographicValues): NonNullable<DemographicValues['names']>[number] | undefined {
  return names?.find(({ use }) => use === 'official') ?? names?.find(({ use }) => use !== 'anonymous' && use !== 'old');
}

function named(text: string | undefined, { placeholders }: PersonWords): string | undefined {
  const word = plain(text ?? '');
  return word === '' || placeholders.has(word) ? undefined : word;
}
