// Match reviews: matches that a person must decide, the messages that wait for them, and what was decided. Messages are
// released when the review is decided, or when the feed itself has told more (a merge, a further identifier).

import type { PatientId } from '../base/id.ts';
import type { Identifier } from '../domain/code.ts';
import type { Likeness } from '../domain/patient/likeness.ts';
import type { ReviewReason } from '../domain/patient/match.ts';
import type { Demographics } from '../domain/patient/record.ts';
import { textArray } from './arrays.ts';
import type { Queries, Transaction } from './pool.ts';

export interface ReviewCandidate extends Likeness {
  readonly patient: PatientId;
}

export interface NewReview {
  readonly id: string;
  readonly reason: ReviewReason;
  readonly fingerprint: string;
  readonly identifiers: readonly Identifier[];
  readonly subject: { readonly identifiers: readonly Identifier[]; readonly demographics: Demographics };
  readonly candidates: readonly ReviewCandidate[];
  /** The message that asked first. */
  readonly message: number;
  /** The record made meanwhile, where nothing waits. */
  readonly record?: PatientId;
}

export type ReviewState = 'open' | 'decided' | 'released';

export interface Review extends Omit<NewReview, 'identifiers' | 'message' | 'record'> {
  readonly record: PatientId | null;
  readonly state: ReviewState;
  readonly openedAt: Date;
  readonly openedBy: number;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
  readonly decision: unknown;
  /** Messages that wait now. */
  readonly waiting: number;
}

/** Keeps reviews and the identifiers by which what comes behind finds them. */
export async function keepReviews(tx: Transaction, reviews: readonly NewReview[], now: number): Promise<void> {
  if (reviews.length === 0) return;
  const keys = reviews.flatMap(({ id, identifiers, record }) =>
    record !== undefined ? [] : identifiers.map((identifier) => ({ id, ...identifier })),
  );
  const people = reviews.flatMap(({ id, candidates, record }) =>
    [...candidates.map(({ patient }) => patient), ...(record === undefined ? [] : [record])].map(
      (patient) => [patient, id] as const,
    ),
  );
  await tx.query(
    'reviews.keep',
    `with kept as (
       insert into match_review (organisation, id, reason, subject, fingerprint, candidates, candidate_ids, opened_at, opened_by, record)
       select $7, r.id, r.reason, r.subject::json, r.fingerprint, r.candidates::json,
              array(select value ->> 'patient' from json_array_elements(r.candidates::json)), to_timestamp($8::float8 / 1000), r.message, r.record
         from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $12::text[])
           as r (id, reason, subject, fingerprint, candidates, message, record)
       returning id
     ), found as (
       insert into match_review_patient (organisation, patient, review)
       select $7, p.patient, kept.id
         from unnest($13::text[], $14::text[]) as p (patient, review) join kept on kept.id = p.review
       on conflict do nothing
     )
     insert into match_review_key (organisation, authority, value, review)
     select $7, k.authority, k.value, kept.id
       from unnest($9::text[], $10::text[], $11::text[]) as k (authority, value, review) join kept on kept.id = k.review
     on conflict do nothing`,
    [
      textArray(reviews.map((review) => review.id)),
      textArray(reviews.map((review) => review.reason)),
      textArray(reviews.map((review) => JSON.stringify(review.subject))),
      textArray(reviews.map((review) => review.fingerprint)),
      textArray(reviews.map((review) => JSON.stringify(review.candidates))),
      reviews.map((review) => review.message),
      tx.organisation,
      now,
      textArray(keys.map((key) => key.authority)),
      textArray(keys.map((key) => key.value)),
      textArray(keys.map((key) => key.id)),
      textArray(reviews.map((review) => review.record ?? null)),
      textArray(people.map(([patient]) => patient)),
      textArray(people.map(([, review]) => review)),
    ],
  );
}

/** Keeps reviews open for the rest of the transaction, so that messages may be put behind them. Returns how many are. */
export async function holdOpen(tx: Transaction, reviews: readonly string[]): Promise<number> {
  const rows = await tx.query(
    'reviews.hold-open',
    `select 1 from match_review where id = any ($1::text[]) and state = 'open' order by id for share`,
    [textArray(reviews)],
  );
  return rows.length;
}

/**
 * Locks the open reviews that one of the identifiers finds or that have one of the patients as a candidate. Whoever puts
 * a message behind one is waited for, so that the next statement sees that message.
 */
export async function lockTouched(
  tx: Transaction,
  touched: { readonly identifiers: readonly Identifier[]; readonly patients: readonly PatientId[] },
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    'reviews.lock-touched',
    `with touched as materialized (
       select f.review as id from unnest($1::text[], $2::text[]) as i (authority, value) cross join lateral (
         select k.review from match_review_key k where k.authority = i.authority and k.value = i.value limit 100
       ) f
       union
       select f.review from unnest($3::text[]) as p (patient) cross join lateral (
         select m.review from match_review_patient m where m.patient = p.patient offset 0
       ) f
     )
     select r.id from match_review r where r.id = any (array(select id from touched)) and r.state = 'open' order by r.id for update`,
    [
      textArray(touched.identifiers.map((identifier) => identifier.authority)),
      textArray(touched.identifiers.map((identifier) => identifier.value)),
      textArray(touched.patients),
    ],
  );
  return rows.map((row) => row.id);
}

/** Ends reviews, locked before: more is known now. Their messages are worked again and may wait anew. */
export async function releaseReviews(tx: Transaction, reviews: readonly string[], now: number): Promise<void> {
  if (reviews.length === 0) return;
  await tx.query(
    'reviews.release',
    `with ended as (
       update match_review r set state = 'released', decided_at = to_timestamp($2::float8 / 1000), decided_by = 'feed'
        where r.id = any ($1::text[])
       returning r.id
     ), forgotten as (
       delete from match_review_key k where k.review = any (array(select id from ended))
     ), left_alone as (
       delete from match_review_patient m where m.review = any (array(select id from ended))
     )
     update inbox i set state = 'received', review = null, reason = null, decided_at = null
      where i.review = any (array(select id from ended)) and i.state = 'waiting'`,
    [textArray(reviews), now],
  );
}

/** Takes what a message said of somebody out of reviews that ended before a moment. Returns how many. */
export async function forgetSubjects(queries: Queries, before: number): Promise<number> {
  const rows = await queries.query(
    'reviews.forget-subjects',
    `update match_review set subject = '{"identifiers":[],"demographics":{}}', fingerprint = ''
      where state <> 'open' and decided_at < to_timestamp($1::float8 / 1000) and fingerprint <> ''
     returning 1`,
    [before],
  );
  return rows.length;
}

const columns = `r.id, r.record, r.reason, r.state, r.fingerprint, r.subject, r.candidates, r.opened_at as "openedAt", r.opened_by as "openedBy",
  r.decided_at as "decidedAt", r.decided_by as "decidedBy", r.decision,
  (select count(*) from inbox i where i.review = r.id and i.state = 'waiting') as waiting`;

/** Oldest first. */
export function listReviews(
  queries: Queries,
  wanted: { readonly state: Review['state']; readonly after: string | undefined; readonly limit: number },
): Promise<Review[]> {
  return queries.query<Review>(
    'reviews.list',
    `select ${columns} from match_review r
      where r.state = $1 and ($2::text is null or (r.opened_at, r.id) > (select a.opened_at, a.id from match_review a where a.id = $2))
      order by r.opened_at, r.id limit $3`,
    [wanted.state, wanted.after ?? null, wanted.limit],
  );
}

export async function findReview(queries: Queries, id: string): Promise<Review | undefined> {
  const [row] = await queries.query<Review>('reviews.find', `select ${columns} from match_review r where r.id = $1`, [
    id,
  ]);
  return row;
}

/** The same, locked, so that two people do not decide at once. */
export async function lockReview(tx: Transaction, id: string): Promise<Review | undefined> {
  const [row] = await tx.query<Review>(
    'reviews.lock',
    `select ${columns} from match_review r where r.id = $1 for update of r`,
    [id],
  );
  return row;
}

/** Marks a review decided and sets its messages back to be worked. Returns how many there were. */
export async function decideReview(
  tx: Transaction,
  decided: { readonly id: string; readonly by: string; readonly decision: unknown; readonly now: number },
): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    'reviews.decide',
    `with decided as (
       update match_review set state = 'decided', decided_at = to_timestamp($4::float8 / 1000), decided_by = $2, decision = $3::json
        where id = $1 and state = 'open' returning id
     ), forgotten as (
       delete from match_review_key k where k.review = any (array(select id from decided))
     ), left_alone as (
       delete from match_review_patient m where m.review = any (array(select id from decided))
     ), released as (
       update inbox i set state = 'received', review = null, reason = null, decided_at = null
         from decided where i.review = decided.id and i.state = 'waiting' returning 1
     )
     select count(*) as count from released`,
    [decided.id, decided.by, JSON.stringify(decided.decision), decided.now],
  );
  return row?.count ?? 0;
}

/** Patients as they are served. */
export function patientTexts(
  queries: Queries,
  patients: readonly PatientId[],
): Promise<{ readonly id: PatientId; readonly body: string }[]> {
  return queries.query(
    'reviews.patients',
    `select id, body from resource where type = 'Patient' and id = any ($1::text[])`,
    [textArray(patients)],
  );
}

/** The messages that wait for a review, oldest first. */
export function waitingFor(queries: Queries, review: string): Promise<{ readonly message: number }[]> {
  return queries.query(
    'reviews.waiting',
    `select message from inbox where review = $1 and state = 'waiting' order by message limit 1000`,
    [review],
  );
}
