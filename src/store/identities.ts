// Who is meant: holders of identifiers, homes of moved stays, decisions and open reviews, and whom a description may
// mean. All found key by key, in a fixed number of statements whatever the size of the batch.

import type { PatientId } from '../base/id.ts';
import { type Identifier, identifierKey } from '../domain/code.ts';
import type { Home } from '../domain/encounter/home.ts';
import type { Look } from '../domain/patient/look.ts';
import { textArray } from './arrays.ts';
import { lockWords } from './locks.ts';
import type { Queries, Transaction } from './pool.ts';

export interface MatchDecision {
  readonly authority: string;
  readonly value: string;
  readonly fingerprint: string;
  readonly patient: PatientId;
}

/** A review that nobody has decided yet, as one of its identifiers finds it. */
export interface OpenReview {
  readonly id: string;
  readonly reason: string;
  readonly fingerprint: string;
  readonly authority: string;
  readonly value: string;
}

interface Row {
  readonly kind: 'holder' | 'decision' | 'review' | 'home';
  readonly authority: string | null;
  readonly value: string;
  readonly about: string;
  readonly extra: string | null;
  readonly reason: string | null;
}

export interface LookedUp {
  readonly identifiers: readonly { readonly authority: string; readonly value: string; readonly patient: PatientId }[];
  readonly decisions: readonly MatchDecision[];
  readonly reviews: readonly OpenReview[];
  readonly homes: readonly (Home & { readonly key: string })[];
}

/** Everything that identifiers and names of stays lead to, in one statement. */
export async function lookUp(
  queries: Queries,
  identifiers: readonly Identifier[],
  homeKeys: readonly string[],
): Promise<LookedUp> {
  if (identifiers.length === 0 && homeKeys.length === 0)
    return { identifiers: [], decisions: [], reviews: [], homes: [] };
  const rows = await queries.query<Row>(
    'identities.look-up',
    `with asked as materialized (select authority, value from unnest($1::text[], $2::text[]) as a (authority, value))
     select 'holder' as kind, f.authority, f.value, f.patient as about, null as extra, null as reason
       from asked cross join lateral (
         select authority, value, patient from patient_identifier
          where authority = asked.authority and value = asked.value limit 1
       ) f
     union all
     select 'decision', f.authority, f.value, f.patient, f.fingerprint, null
       from asked cross join lateral (
         select authority, value, patient, fingerprint from match_decision
          where authority = asked.authority and value = asked.value limit 100
       ) f
     union all
     select 'review', f.authority, f.value, f.review, r.fingerprint, r.reason
       from asked cross join lateral (
         select authority, value, review from match_review_key
          where authority = asked.authority and value = asked.value limit 100
       ) f
       cross join lateral (select fingerprint, reason from match_review where id = f.review limit 1) r
     union all
     select 'home', null, f.key, f.patient, f.order_key, null
       from unnest($3::text[]) as wanted (key) cross join lateral (
         select distinct key, patient, order_key from stay_home where key = wanted.key
          order by order_key desc limit 100
       ) f`,
    [
      textArray(identifiers.map((identifier) => identifier.authority)),
      textArray(identifiers.map((identifier) => identifier.value)),
      textArray([...new Set(homeKeys)]),
    ],
  );
  const of = (kind: Row['kind']) => rows.filter((row) => row.kind === kind);
  const named = ({ authority, value }: Row) => ({ authority: authority ?? '', value });
  return {
    identifiers: of('holder').map((row) => ({ ...named(row), patient: row.about as PatientId })),
    decisions: of('decision').map((row) => ({
      ...named(row),
      patient: row.about as PatientId,
      fingerprint: row.extra ?? '',
    })),
    reviews: of('review').map((row) => ({
      ...named(row),
      id: row.about,
      fingerprint: row.extra ?? '',
      reason: row.reason ?? '',
    })),
    homes: of('home').map((row) => ({ key: row.value, patient: row.about as PatientId, order: row.extra ?? '' })),
  };
}

/**
 * Everything that identifiers lead to which nobody held a moment ago. They are locked first, for the rest of the
 * transaction, so that of two workers that meet one newcomer the second waits for the first instead of finding out at the
 * end that all its work was in vain.
 */
export async function lookUpNewcomers(
  tx: Transaction,
  identifiers: readonly Identifier[],
): Promise<Omit<LookedUp, 'homes'>> {
  await lockWords(tx, 'newcomers', { exclusive: identifiers.map(identifierKey) });
  return lookUp(tx, identifiers, []);
}

/** Who shares a key. More than these have one only where a date and a name stand for nobody in particular. */
const alikeMax = 200;

export async function findAlike(queries: Queries, keys: readonly string[]): Promise<Look[]> {
  if (keys.length === 0) return [];
  return queries.query<Look>(
    'identities.alike',
    `select f.key, f.patient, f.family, f.given from unnest($1::text[]) as asked (key)
      cross join lateral (
        select key, patient, family, given from patient_look where key = asked.key order by patient limit ${alikeMax}
      ) f`,
    [textArray(keys)],
  );
}

/**
 * Who came to share a key since `known` were found. Two workers that meet one newcomer at once both find nobody; so the
 * keys are locked and looked at again before the transaction ends: the second one sees the first.
 * At the end, because nobody may be kept waiting for as long as a batch takes; nothing may be locked after it.
 */
export async function findAlikeSince(
  tx: Transaction,
  keys: readonly string[],
  known: readonly PatientId[],
): Promise<Look[]> {
  if (keys.length === 0) return [];
  await lockWords(tx, 'looks', { exclusive: keys });
  return tx.query<Look>(
    'identities.alike-since',
    `select f.key, f.patient, f.family, f.given from unnest($1::text[]) as asked (key)
      cross join lateral (
        select key, patient, family, given from patient_look where key = asked.key order by patient limit ${alikeMax}
      ) f
      where f.patient not in (select unnest($2::text[]))`,
    [textArray(keys), textArray(known)],
  );
}

/** Whose the stays with these visit numbers are now. */
export async function patientsOfVisits(queries: Queries, values: readonly string[]): Promise<PatientId[]> {
  if (values.length === 0) return [];
  const rows = await queries.query<{ patient: PatientId }>(
    'identities.patients-of-visits',
    `select distinct r.patient from unnest($1::text[]) as asked (value)
      cross join lateral (
        select id from resource_identifier where value = asked.value and type = 'Encounter' limit 50
      ) i
      cross join lateral (select patient from resource where type = 'Encounter' and id = i.id and patient is not null limit 1) r`,
    [textArray([...new Set(values)])],
  );
  return rows.map((row) => row.patient);
}

export async function keepLooks(tx: Transaction, looks: readonly Look[]): Promise<void> {
  if (looks.length === 0) return;
  await tx.query(
    'identities.keep-looks',
    `insert into patient_look (organisation, key, patient, family, given)
     select $5, l.key, l.patient, l.family, l.given
       from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as l (key, patient, family, given)
     on conflict (organisation, key, patient) do update set family = excluded.family, given = excluded.given`,
    [
      textArray(looks.map((look) => look.key)),
      textArray(looks.map((look) => look.patient)),
      textArray(looks.map((look) => look.family)),
      textArray(looks.map((look) => look.given)),
      tx.organisation,
    ],
  );
}

/** In place of the identifiers of whom a move was made, where it names nobody. */
const nobody = { authority: '', value: '' };

export async function keepHomes(tx: Transaction, homes: readonly (Home & { readonly key: string })[]): Promise<void> {
  if (homes.length === 0) return;
  const rows = homes.flatMap(({ from = [], ...home }) => {
    const named = new Map(from.map((identifier) => [identifierKey(identifier), identifier]));
    return (named.size === 0 ? [nobody] : [...named.values()]).map((of) => ({ ...home, ...of }));
  });
  await tx.query(
    'identities.keep-homes',
    `insert into stay_home (organisation, key, patient, order_key, from_authority, from_value)
     select $6, h.key, h.patient, h.order_key, h.authority, h.value
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
         as h (key, patient, order_key, authority, value)
     on conflict (organisation, key, order_key, from_authority, from_value) do update set patient = excluded.patient`,
    [
      textArray(rows.map((row) => row.key)),
      textArray(rows.map((row) => row.patient)),
      textArray(rows.map((row) => row.order)),
      textArray(rows.map((row) => row.authority)),
      textArray(rows.map((row) => row.value)),
      tx.organisation,
    ],
  );
}

/** Decisions of a person; a later one about the same description replaces the earlier. */
export async function keepDecisions(
  tx: Transaction,
  decisions: readonly MatchDecision[],
  review: string,
): Promise<void> {
  if (decisions.length === 0) return;
  await tx.query(
    'identities.keep-decisions',
    `insert into match_decision (organisation, authority, value, fingerprint, patient, review)
     select $5, d.authority, d.value, d.fingerprint, d.patient, $6
       from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as d (authority, value, fingerprint, patient)
     on conflict (organisation, authority, value, fingerprint) do update
       set patient = excluded.patient, review = excluded.review`,
    [
      textArray(decisions.map((one) => one.authority)),
      textArray(decisions.map((one) => one.value)),
      textArray(decisions.map((one) => one.fingerprint)),
      textArray(decisions.map((one) => one.patient)),
      tx.organisation,
      review,
    ],
  );
}
