// Looks: under which keys each record is found by what was said of its person, with the words that rule most of those out
// whom a key finds, before anything else of them is read.

import type { PatientId } from '../../base/id.ts';
import { ownDemographics } from './demographics.ts';
import { areTwo } from './likeness.ts';
import { lookKeys, type PersonWords, type Sketch, sketchOf } from './person-words.ts';
import type { PatientRecord } from './record.ts';

export interface Look {
  /** Begins with the birth date that it was made of. */
  readonly key: string;
  readonly patient: PatientId;
  /** Null where none was told, or where the look is older than these words. */
  readonly family: string | null;
  readonly given: string | null;
}

/** Whether somebody described like this may be the one who was looked at. */
export const mayMean = (look: Look, said: Sketch, words: PersonWords): boolean =>
  !areTwo({ family: look.family ?? undefined, given: look.given ?? undefined, birthDate: said.birthDate }, said, words);

/** The looks of a record that are not those of what it was before. Former ones stay: people are called by old names too. */
export function newLooks(before: PatientRecord | undefined, after: PatientRecord, words: PersonWords): Look[] {
  const isSame =
    before?.statements.names === after.statements.names && before?.statements.birthDate === after.statements.birthDate;
  if (before && isSame) return [];
  const sketch = sketchOf(ownDemographics(after), words);
  const { family = null, given = null } = sketch;
  const known = before && sketchOf(ownDemographics(before), words);
  const areWordsKnown = known !== undefined && (known.family ?? null) === family && (known.given ?? null) === given;
  const knownKeys = areWordsKnown ? lookKeys(known) : [];
  return lookKeys(sketch)
    .filter((key) => !knownKeys.includes(key))
    .map((key) => ({ key, patient: after.id, family, given }));
}
