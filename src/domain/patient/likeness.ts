// How alike two descriptions of a person are: a level of agreement for each part, a weight for each level (Fellegi and
// Sunter, "A theory for record linkage", 1969), and their sum. The figures stand in mappings/match/people.yaml.

import type { DemographicValues } from './demographics.ts';
import { daysAlike, givenAlike, type Level, placeAlike, wordsAlike } from './likeness-levels.ts';
import {
  birthDateOf,
  familyOf,
  firstGiven,
  givenOf,
  numbersOf,
  type PersonWords,
  placesOf,
  type Sketch,
} from './person-words.ts';

export const likenessParts = ['family', 'given', 'birth-date', 'sex', 'address', 'phone'] as const;
export type LikenessPart = (typeof likenessParts)[number];

export interface MatchRules extends PersonWords {
  /** log2(m / u) of each level. */
  readonly weights: Readonly<Record<LikenessPart, Readonly<Partial<Record<Level, number>>>>>;
  readonly reviewFrom: number;
  readonly candidatesMax: number;
  /** Two numbers of one authority are not trusted to be two people where name and birth date are the same. */
  readonly namesakesWait?: boolean;
}

export interface Likeness {
  readonly score: number;
  /** Parts that both sides give. */
  readonly levels: Readonly<Partial<Record<LikenessPart, Level>>>;
}

export function likeness(a: DemographicValues, b: DemographicValues, rules: MatchRules): Likeness {
  const levels: { [Part in LikenessPart]?: Level } = {};
  const compare = <Value>(part: LikenessPart, one: Value, other: Value, level: (one: Value, other: Value) => Level) => {
    const isKnown = (value: Value) => (Array.isArray(value) ? value.length > 0 : value !== undefined);
    if (isKnown(one) && isKnown(other)) levels[part] = level(one, other);
  };
  compare('family', familyOf(a, rules), familyOf(b, rules), (one, other) => wordsAlike(one ?? '', other ?? ''));
  compare('given', givenOf(a, rules), givenOf(b, rules), (one, other) => givenAlike(one ?? '', other ?? '', rules));
  compare('birth-date', birthDateOf(a), birthDateOf(b), (one, other) => daysAlike(one ?? '', other ?? ''));
  compare('sex', sexOf(a), sexOf(b), (one, other) => (one === other ? 'same' : 'differs'));
  compare('address', placesOf(a), placesOf(b), placeAlike);
  compare('phone', numbersOf(a), numbersOf(b), (one, other) =>
    one.some((number) => other.includes(number)) ? 'same' : 'differs',
  );
  let score = 0;
  for (const part of likenessParts) {
    const level = levels[part];
    if (level !== undefined) score += rules.weights[part][level] ?? 0;
  }
  return { score: Math.round(score * 10) / 10, levels };
}

/**
 * Whether a newcomer may be somebody we know: same name and birth date, or a score from the threshold on. Twins and
 * other relatives share all but the given name, father and son all but the birth date: where that clearly differs they
 * are two people.
 */
export function mayBeSame({ score, levels }: Likeness, rules: MatchRules): boolean {
  const { family, given, 'birth-date': day } = levels;
  if (day === 'differs') return false;
  if (given === 'differs' && family !== 'differs' && day === 'same') return false;
  return (family === 'same' && given === 'same' && day === 'same') || score >= rules.reviewFrom;
}

/**
 * Whether an identifier that both share cannot be right for both: another birth date with another given name, or with
 * another family name where neither address nor telephone speaks for one person; or another name altogether with nothing
 * that does. A new surname, a corrected date, a name in place of none are no conflict.
 */
export function conflicts({ levels }: Likeness): boolean {
  const { family, given, 'birth-date': day, sex, address, phone } = levels;
  if (given !== 'differs') return family === 'differs' && day === 'differs' && address !== 'same' && phone !== 'same';
  if (day === 'differs') return true;
  return family === 'differs' && (day === undefined ? sex !== 'same' : day === 'close' && sex === 'differs');
}

/** What `mayBeSame` denies at once, told without comparing everything. */
export function areTwo(a: Sketch, b: Sketch, words: PersonWords): boolean {
  if (a.birthDate === undefined || b.birthDate === undefined) return false;
  const day = a.birthDate === b.birthDate ? 'same' : daysAlike(a.birthDate, b.birthDate);
  if (day !== 'same') return day === 'differs';
  if (a.given === undefined || b.given === undefined || a.given === b.given) return false;
  if (givenAlike(a.given, b.given, words) !== 'differs') return false;
  return a.family === undefined || b.family === undefined || wordsAlike(a.family, b.family) !== 'differs';
}

/** What every conflict begins with: another given name or another day. */
export function mayConflict(a: DemographicValues, b: DemographicValues, rules: MatchRules): boolean {
  const [one, other] = [birthDateOf(a), birthDateOf(b)];
  return (one !== undefined && other !== undefined && one !== other) || givenDiffers(a, b, rules);
}

function givenDiffers(a: DemographicValues, b: DemographicValues, rules: MatchRules): boolean {
  if (a.names === b.names || firstGiven(a) === firstGiven(b)) return false;
  const [one, other] = [givenOf(a, rules), givenOf(b, rules)];
  return one !== undefined && other !== undefined && givenAlike(one, other, rules) === 'differs';
}

/** `unknown` and `other` are no ground for telling people apart. */
const sexOf = ({ gender }: DemographicValues): string | undefined =>
  gender === 'female' || gender === 'male' ? gender : undefined;
