// Allergies of a person: per substance the latest word, and per sender its latest full list, which takes back what it
// leaves out. Joining is commutative, associative and idempotent, so any order of arrival ends the same.

import type { Allergy, AllergySaying, AllergyWord } from './allergy.ts';
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
  const words = new Map<string, AllergyWord>();
  const lists = new Map<string, OrderKey>();
  for (const { allergies } of records) {
    for (const [key, word] of Object.entries(allergies?.words ?? {}))
      if ((words.get(key)?.order ?? '') < word.order) words.set(key, word);
    for (const [partner, order] of Object.entries(allergies?.lists ?? {}))
      if ((lists.get(partner) ?? '') < order) lists.set(partner, order);
  }
  return [...words]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { allergy, act, order, partner }]) => ({
      ...allergy,
      partner,
      key,
      isActive: act === 'holds' && order >= (lists.get(partner) ?? ''),
    }));
}

/** A substance by its code, else by its wording; what senders write in capitals one day is the same the next. */
function keyOf(partner: string, { code }: Allergy): string {
  const name = code.code ?? code.text ?? '';
  return `${partner}|${code.system ?? ''}|${name.trim().toLowerCase()}`;
}

/** The same words in the same text, whatever came first. */
const sorted = <Value>(record: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
