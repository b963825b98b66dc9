// Matching: which record a subject is. Identifiers with their authority decide; likeness of names never matches anyone,
// it only finds those whom a person must look at (docs/decisions/0016-match-review.md).

import type { Identifier } from '../code.ts';
import { type DemographicValues, ownDemographics } from './demographics.ts';
import { areTwo, conflicts, type Likeness, likeness, type MatchRules, mayBeSame, mayConflict } from './likeness.ts';
import { sketchOf, valuesSaid } from './person-words.ts';
import type { Demographics, PatientRecord } from './record.ts';
import { type FindRecord, survivorOf } from './survivor.ts';

/**
 * `several-people`: the identifiers belong to people whom nobody has merged. `conflicting-demographics`: somebody else's
 * name and birth date under a known identifier. `similar-person`: no identifier is known, but somebody alike is.
 */
export const reviewReasons = ['several-people', 'conflicting-demographics', 'similar-person'] as const;
export type ReviewReason = (typeof reviewReasons)[number];

/** Somebody the subject may be: the surviving record, how alike, and why. */
export interface Candidate {
  readonly record: PatientRecord;
  readonly likeness: Likeness;
}

export type Match =
  | { readonly outcome: 'matched'; readonly record: PatientRecord }
  /** `alike`: people with numbers of the same authority, which therefore holds them for others: worth a look. */
  | { readonly outcome: 'new'; readonly alike: readonly Candidate[] }
  | { readonly outcome: 'review'; readonly reason: ReviewReason; readonly candidates: readonly Candidate[] };

export interface Known {
  readonly find: FindRecord;
  /** Records that hold any of the identifiers. */
  readonly holders: (identifiers: readonly Identifier[]) => readonly PatientRecord[];
  /** What a person decided about this description under these identifiers. */
  readonly decided: (identifiers: readonly Identifier[], said: DemographicValues) => PatientRecord | undefined;
  /** Records that share a look key with the description, and are not ruled out by it. */
  readonly alike: (said: DemographicValues) => readonly PatientRecord[];
  /** What is known of the person whose surviving record this is. */
  readonly valuesOf: (survivor: PatientRecord) => DemographicValues;
}

/** `on`: the day of the event; an identifier that had expired by then counts only where no other is known. */
export function match(
  subject: { readonly identifiers: readonly Identifier[]; readonly demographics: Demographics },
  on: string,
  known: Known,
  rules: MatchRules,
): Match {
  const said = valuesSaid(subject.demographics);
  const decided = known.decided(subject.identifiers, said);
  if (decided) return { outcome: 'matched', record: decided };
  const current = known.holders(subject.identifiers.filter(({ until }) => until === undefined || until >= on));
  const holders = current.length > 0 ? current : known.holders(subject.identifiers);
  const compared = (records: readonly PatientRecord[], isLeftOut?: (values: DemographicValues) => boolean) =>
    survivorsOf(records, known.find)
      .filter((record) => isLeftOut?.(known.valuesOf(record)) !== true)
      .map((record) => ({ record, likeness: likeness(known.valuesOf(record), said, rules) }) satisfies Candidate)
      .sort((a, b) => b.likeness.score - a.likeness.score || (a.record.id < b.record.id ? -1 : 1));
  if (holders.length === 0) {
    const alike = known.alike(said);
    if (alike.length === 0) return { outcome: 'new', alike: [] };
    const sketch = sketchOf(said, rules);
    const candidates = compared(alike, (values) => areTwo(sketchOf(values, rules), sketch, rules)).filter((candidate) =>
      mayBeSame(candidate.likeness, rules),
    );
    const isUnsafe = ({ record }: Candidate) =>
      rules.namesakesWait === true || !sharesAuthority(record, subject.identifiers);
    const unsafe = candidates.filter(isUnsafe);
    if (unsafe.length === 0) return { outcome: 'new', alike: candidates };
    return { outcome: 'review', reason: 'similar-person', candidates: candidates.slice(0, rules.candidatesMax) };
  }
  if (survivorsOf(holders, known.find).length > 1)
    return { outcome: 'review', reason: 'several-people', candidates: compared(holders) };
  // Each record speaks for itself, and so does the person it stands for: a merge is the hospital's word that two
  // descriptions mean one person.
  const [person] = survivorsOf(holders, known.find) as [PatientRecord];
  const isStrange = (values: DemographicValues) => isAnother(values, said, rules);
  if (holders.every((holder) => isStrange(ownDemographics(holder))) && isStrange(known.valuesOf(person)))
    return { outcome: 'review', reason: 'conflicting-demographics', candidates: compared(holders) };
  return { outcome: 'matched', record: spokenOf(holders, known.find) };
}

/** Most messages call a known person by the known name and day; then nothing else needs to be compared. */
const isAnother = (known: DemographicValues, said: DemographicValues, rules: MatchRules): boolean =>
  mayConflict(known, said, rules) && conflicts(likeness(known, said, rules));

/** Whoever gives numbers to patients gives each one: two numbers of one authority are its word that they are two people. */
const sharesAuthority = (record: PatientRecord, identifiers: readonly Identifier[]): boolean =>
  record.identifiers.some((known) => identifiers.some(({ authority }) => authority === known.authority));

const survivorsOf = (records: readonly PatientRecord[], find: FindRecord): PatientRecord[] => [
  ...new Map(records.map((record) => survivorOf(record, find)).map((record) => [record.id, record])).values(),
];

/** A standing record goes before a retired one, which takes only what was said under its own identifiers. */
function spokenOf(holders: readonly PatientRecord[], find: FindRecord): PatientRecord {
  const standing = holders.find((holder) => survivorOf(holder, find).id === holder.id);
  const [first] = [...holders].sort((a, b) => (firstKey(a) < firstKey(b) ? -1 : 1));
  return standing ?? (first as PatientRecord);
}

const firstKey = (record: PatientRecord): string =>
  `${record.identifiers[0]?.authority}|${record.identifiers[0]?.value}`;
