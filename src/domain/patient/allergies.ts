// Allergies of a person: per substance the latest word, and per sender its latest full list, which takes back what it
// leaves out. Joining is commutative, associative and idempotent, so any order of arrival ends the same. What one record
// was told takes back what another was told only from their merge on: who wrote before it knew of one of them.

import type { Allergy, AllergySaying, AllergyWord } from './allergy.ts';
import { type JoinedSince, joinedSince } from './joined-since.ts';
import type { OrderKey, PatientRecord } from './record.ts';

export interface KnownAllergy extends Allergy {
  readonly partner: string;
  /** Names the substance among those of its partner. */
  readonly key: string;
  readonly isActive: boolean;
}

/** The record with what a message says of allergies. */
export function sayAllergies(record: PatientRecord, saying: AllergySaying, order: OrderKey): PatientRecord {
  const { words, lists } = record.allergies ?? { words: {}, lists: {} };
  const news: Record<string, AllergyWord> = {};
  for (const { allergy, act } of saying.said) {
    const key = keyOf(saying.partner, allergy);
    if ((words[key]?.order ?? '') < order) news[key] = { allergy, act, order, partner: saying.partner };
  }
  const isNewer = saying.mode === 'snapshot' && (lists[saying.partner] ?? '') < order;
  if (Object.keys(news).length === 0 && !isNewer) return record;
  return {
    ...record,
    allergies: {
      words: sorted({ ...words, ...news }),
      lists: isNewer ? sorted({ ...lists, [saying.partner]: order }) : lists,
    },
  };
}

/** What was ever said of a person under these records. One that was taken back is not active, and never vanishes. */
export function allergiesOf(records: readonly PatientRecord[]): KnownAllergy[] {
  const words = new Map<string, Told[]>();
  for (const record of records)
    for (const [key, word] of Object.entries(record.allergies?.words ?? {}))
      words.set(key, [...(words.get(key) ?? []), { record, word }]);
  const since = joinedSince(records);
  return [...words]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, told]) => {
      const standing = told.filter((one) => one.word.act === 'holds' && !isTakenBack(one, key, records, since));
      const { allergy, partner } = latest(standing.length > 0 ? standing : told);
      return { ...allergy, partner, key, isActive: standing.length > 0 };
    });
}

interface Told {
  readonly record: PatientRecord;
  readonly word: AllergyWord;
}

const latest = (told: readonly Told[]): AllergyWord =>
  told.map(({ word }) => word).reduce((known, word) => (word.order > known.order ? word : known));

/** By a later list or a later removal that its own record was told, or another one once the two were merged. */
function isTakenBack(
  { record, word }: Told,
  key: string,
  records: readonly PatientRecord[],
  since: JoinedSince,
): boolean {
  return records.some((other) => {
    const merged = since(record, other);
    if (merged === undefined) return false;
    const { words, lists } = other.allergies ?? { words: {}, lists: {} };
    const removal = words[key]?.act === 'removed' ? words[key].order : '';
    return [lists[word.partner] ?? '', removal].some((order) => order > word.order && order > merged);
  });
}

/** A substance by its code, else by its wording; what senders write in capitals one day is the same the next. */
function keyOf(partner: string, { code }: Allergy): string {
  const name = code.code ?? code.text ?? '';
  return `${partner}|${code.system ?? ''}|${name.trim().toLowerCase()}`;
}

/** The same words in the same text, whatever came first. */
const sorted = <Value>(record: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
