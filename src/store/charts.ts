// Charts in Postgres: the records of the patients concerned, their events and what was published of them, loaded and
// kept in a fixed number of set-based statements whatever the size of the batch. Rows are found key by key (lateral):
// a statement planned while the tables were small must not scan them when they are large.

import { Fault } from '../base/fault.ts';
import type { PatientId } from '../base/id.ts';
import type { Case } from '../domain/case/case.ts';
import type { ChartEvent } from '../domain/chart-event.ts';
import { type Identifier, identifierKey } from '../domain/code.ts';
import { type Home, homeKeys as homeKeysOf, olderHomeKeys } from '../domain/encounter/home.ts';
import type { Encounter } from '../domain/encounter/stay.ts';
import { identifierHome, identifierHomeKey, isIdentifierHome } from '../domain/patient/identifier-home.ts';
import type { Look } from '../domain/patient/look.ts';
import type { PatientRecord } from '../domain/patient/record.ts';
import { textArray } from './arrays.ts';
import {
  findAlike,
  lookUp,
  lookUpNewcomers,
  type MatchDecision,
  type OpenReview,
  patientsOfVisits,
} from './identities.ts';
import { lockWords } from './locks.ts';
import type { Queries, Transaction } from './pool.ts';

/** `Type/id` → version and digest of the text that is served. */
export type Published = Readonly<Record<string, readonly [version: number, digest: string]>>;

export interface ChartBody {
  readonly encounters: readonly Encounter[];
  readonly cases: readonly Case[];
  readonly published: Published;
}

export interface LoadedCharts {
  readonly records: readonly PatientRecord[];
  readonly identifiers: readonly { readonly authority: string; readonly value: string; readonly patient: PatientId }[];
  /** Moves of stays and accounts, what people decided, what they have still to decide, and who is looked for how. */
  readonly homes: readonly (Home & { readonly key: string })[];
  readonly decisions: readonly MatchDecision[];
  readonly reviews: readonly OpenReview[];
  /** Those that concern a newcomer. */
  readonly looks: readonly Look[];
  readonly lookout: Lookout;
  /** Everybody whom its keys found. */
  readonly found: ReadonlySet<PatientId>;
  /** Those whom nothing but a description leads to: to compare with, not locked, without their charts. */
  readonly onlookers: readonly PatientRecord[];
  readonly events: readonly { readonly patient: PatientId; readonly event: ChartEvent }[];
  readonly charts: readonly { readonly patient: PatientId; readonly body: ChartBody }[];
}

/** The records named and all records merged with them. */
const family = `with recursive upward (id) as (
       select unnest($1::text[])
       union
       select r.replaced_by from upward cross join lateral (
         select p.replaced_by from patient p where p.id = upward.id and p.replaced_by is not null limit 1
       ) r
     ), family (id) as (
       select id from upward
       union
       select r.id from family cross join lateral (select p.id from patient p where p.replaced_by = family.id offset 0) r
     )
     select p.body from patient p where p.id = any (array(select id from family)) order by p.id`;

/** A family locked in one order, so that two batches cannot deadlock. */
async function lockRecords(tx: Transaction, patients: readonly PatientId[]): Promise<PatientRecord[]> {
  const rows = await tx.query<{ body: PatientRecord }>('charts.lock-records', `${family} for update`, [
    textArray(patients),
  ]);
  return rows.map((row) => row.body);
}

async function readRecords(tx: Transaction, patients: readonly PatientId[]): Promise<PatientRecord[]> {
  if (patients.length === 0) return [];
  const rows = await tx.query<{ body: PatientRecord }>('charts.read-records', family, [textArray(patients)]);
  return rows.map((row) => row.body);
}

/**
 * Keys of stays: a move or a rename of a stay alone, events of it side by side. Without them a move misses events that
 * another transaction has not committed yet, and these miss the move.
 */
const lockStays = (tx: Transaction, keys: readonly string[], exclusive: readonly string[]): Promise<void> =>
  lockWords(tx, 'stays', { shared: keys, exclusive });

/** What a batch of messages names. */
export interface ChartWish {
  readonly identifiers: readonly Identifier[];
  readonly homeKeys?: readonly string[];
  /** Those of stays that are moved or renamed. */
  readonly exclusiveKeys?: readonly string[];
  /** Keys under which moves may be known, though none is taken under them any more. */
  readonly olderHomeKeys?: readonly string[];
  /** People, identifiers or stays become somebody else's: stays moved before may have to move as well. */
  readonly changesHands?: boolean;
  /** Visit numbers whose stays are moved, so that whoever has them now is found. */
  readonly movedVisits?: readonly string[];
  readonly patients?: readonly PatientId[];
  /** For those of whom no identifier is known. */
  readonly lookout?: (isHeld: (identifier: Identifier) => boolean) => Lookout;
}

/** Whom the newcomers of a batch may be. */
export interface Lookout {
  /** Sorted. */
  readonly keys: readonly string[];
  readonly concerns: (look: Look) => boolean;
}

const nobodyNew: Lookout = { keys: [], concerns: () => false };

/**
 * Loads and locks the charts of everyone whom the wish names or holds a stay of. Of those whom it only describes alike
 * there may be many: their records are read, so that batches need not wait for each other because of them.
 */
export async function loadCharts(tx: Transaction, wish: ChartWish): Promise<LoadedCharts> {
  const { movedVisits = [], patients = [] } = wish;
  await lockStays(tx, wish.homeKeys ?? [], wish.exclusiveKeys ?? []);
  // Moves of identifiers need no lock of their own: they change whoever holds the identifier, who is locked.
  const homeKeys = [
    ...(wish.homeKeys ?? []),
    ...(wish.olderHomeKeys ?? []),
    ...wish.identifiers.map(identifierHomeKey),
  ];
  const named = await lookUp(tx, wish.identifiers, homeKeys);
  const held = new Set(named.identifiers.map(identifierKey));
  const unheld = wish.identifiers.filter((identifier) => !held.has(identifierKey(identifier)));
  const late = await lookUpNewcomers(tx, unheld);
  for (const identifier of late.identifiers) held.add(identifierKey(identifier));
  const identifiers = [...named.identifiers, ...late.identifiers];
  const isUnheld = new Set(unheld.map(identifierKey));
  const decisions = [...named.decisions.filter((one) => !isUnheld.has(identifierKey(one))), ...late.decisions];
  const reviews = [...named.reviews.filter((one) => !isUnheld.has(identifierKey(one))), ...late.reviews];
  const lookout = wish.lookout?.((identifier) => held.has(identifierKey(identifier))) ?? nobodyNew;
  const shared = await findAlike(tx, lookout.keys);
  const found = new Set(shared.map(({ patient }) => patient));
  const looks = shared.filter(lookout.concerns);
  const wanted = new Set<PatientId>([
    ...identifiers.map((row) => row.patient),
    ...named.homes.map((row) => row.patient),
    ...decisions.map((row) => row.patient),
    ...(await patientsOfVisits(tx, movedVisits)),
    ...patients,
  ]);
  const alike = [...new Set(looks.map((row) => row.patient))].filter((patient) => !wanted.has(patient));
  const seen = await readRecords(tx, alike);
  const { records, homes, events } = await loadStays(tx, [...wanted], {
    homeKeys,
    changesHands: wish.changesHands === true,
    unheld,
  });
  await checkHolders(tx, identifiers, records);
  const charts = await bodiesOf(tx, records);
  const locked = new Set(records.map((record) => record.id));
  return {
    identifiers,
    decisions,
    reviews,
    homes,
    records,
    looks,
    lookout,
    found,
    onlookers: seen.filter(({ id }) => !locked.has(id)),
    events,
    charts,
  };
}

/** An identifier that was moved (A43) while its holder was waited for finds somebody else: the batch is thought about again. */
async function checkHolders(
  tx: Transaction,
  identifiers: LoadedCharts['identifiers'],
  records: readonly PatientRecord[],
): Promise<void> {
  const borne = new Set(records.flatMap(({ id, identifiers: own }) => own.map((one) => `${id} ${identifierKey(one)}`)));
  const doubtful = identifiers.filter((row) => !borne.has(`${row.patient} ${identifierKey(row)}`));
  if (doubtful.length === 0) return;
  const now = new Map((await lookUp(tx, doubtful, [])).identifiers.map((row) => [identifierKey(row), row.patient]));
  if (doubtful.some((row) => now.get(identifierKey(row)) !== row.patient)) throw new Fault('store.conflict');
}

/**
 * The records, locked with their families and with everybody from whom or to whom their stays were moved. Where there is
 * such a move, or people change hands, moves of all stays in hand are looked for: what moves one may move another.
 */
async function loadStays(
  tx: Transaction,
  wanted: readonly PatientId[],
  asked: {
    readonly homeKeys: readonly string[];
    readonly changesHands: boolean;
    readonly unheld: readonly Identifier[];
  },
): Promise<Pick<LoadedCharts, 'records' | 'homes' | 'events'>> {
  const keys = new Set(asked.homeKeys);
  let isWhole = asked.changesHands;
  let records = wanted.length === 0 ? [] : await lockRecords(tx, wanted);
  let events: LoadedCharts['events'] | undefined;
  for (;;) {
    const own = isWhole ? records.flatMap(({ identifiers }) => identifiers) : [];
    const { more, homes } = await lookAgain(tx, records, keys, [...asked.unheld, ...own]);
    if (more.length > 0) {
      records = await lockRecords(tx, [...records.map(({ id }) => id), ...more]);
      events = undefined;
      continue;
    }
    const wasWhole = isWhole;
    isWhole ||= homes.some(({ key }) => !isIdentifierHome(key));
    events ??= await eventsOf(tx, records);
    if (!isWhole) return { records, homes, events };
    const before = keys.size;
    for (const { key } of homes) keys.add(key);
    for (const { event } of events) {
      for (const key of [...homeKeysOf(event), ...olderHomeKeys(event)]) keys.add(key);
      if (event.told !== undefined) keys.add(identifierHome(event.told));
    }
    if (wasWhole && keys.size === before) return { records, homes, events };
  }
}

async function eventsOf(tx: Transaction, records: readonly PatientRecord[]): Promise<LoadedCharts['events']> {
  if (records.length === 0) return [];
  return tx.query<LoadedCharts['events'][number]>(
    'charts.events',
    'select patient, body as event from encounter_event where patient = any ($1::text[])',
    [textArray(records.map(({ id }) => id))],
  );
}

async function bodiesOf(tx: Transaction, records: readonly PatientRecord[]): Promise<LoadedCharts['charts']> {
  if (records.length === 0) return [];
  return tx.query<LoadedCharts['charts'][number]>(
    'charts.bodies',
    'select patient, body from chart where patient = any ($1::text[])',
    [textArray(records.map(({ id }) => id))],
  );
}

/** Moves of one stay, or from one person, beyond which only the latest count. */
const movesMax = 100;

/**
 * What another batch made known after the family was read and before it was locked: records that a merge linked in, above
 * these or below, and moves of the stays, with the people on their two sides. A second look, with everything locked, is the
 * only one that counts. Moves from `identifiers` are told of as well, so that their keys are known.
 */
async function lookAgain(
  tx: Transaction,
  records: readonly PatientRecord[],
  homeKeys: ReadonlySet<string>,
  identifiers: readonly Identifier[],
): Promise<{ readonly more: readonly PatientId[]; readonly homes: LoadedCharts['homes'] }> {
  const known = new Set(records.map((record) => record.id));
  const above = records.flatMap((record) => (record.replacedBy ? [record.replacedBy.patient] : []));
  const rows = await tx.query<HomeRow | { readonly id: PatientId; readonly key: null }>(
    'charts.look-again',
    `with home as materialized (
       select f.* from unnest($2::text[]) as wanted (key) cross join lateral (
         select key, patient, order_key, from_authority, from_value from stay_home
          where key = wanted.key order by order_key desc limit ${movesMax}
       ) f
       union
       select f.* from unnest($3::text[], $4::text[]) as asked (authority, value) cross join lateral (
         select key, patient, order_key, from_authority, from_value from stay_home
          where from_authority = asked.authority and from_value = asked.value order by order_key desc limit ${movesMax}
       ) f
     )
     select id, null as key, null as "order", null as authority, null as value
       from patient where replaced_by = any ($1::text[])
     union all
     select i.patient, null, null, null, null from home cross join lateral (
       select patient from patient_identifier
        where authority = home.from_authority and value = home.from_value limit 1
     ) i
     union all
     select patient, key, order_key, from_authority, from_value from home`,
    [
      textArray([...known]),
      textArray([...homeKeys]),
      textArray(identifiers.map(({ authority }) => authority)),
      textArray(identifiers.map(({ value }) => value)),
    ],
  );
  const more = [...new Set([...above, ...rows.map((row) => row.id)])].filter((id) => !known.has(id));
  return { more, homes: homesOf(rows.filter((row): row is HomeRow => row.key !== null)) };
}

interface HomeRow {
  readonly id: PatientId;
  readonly key: string;
  readonly order: string;
  readonly authority: string;
  readonly value: string;
}

/** One of each move, whose rows differ in the identifier from which it was made. */
function homesOf(rows: readonly HomeRow[]): LoadedCharts['homes'] {
  const homes = new Map<string, Home & { readonly key: string; readonly from: Identifier[] }>();
  for (const { id, key, order, authority, value } of rows) {
    const home = homes.get(`${key} ${order}`) ?? { key, patient: id, order, from: [] };
    homes.set(`${key} ${order}`, home);
    if (authority !== '') home.from.push({ authority, value });
  }
  return [...homes.values()];
}

export async function keepRecords(tx: Transaction, records: readonly PatientRecord[]): Promise<void> {
  if (records.length === 0) return;
  await tx.query(
    'charts.keep-records',
    `insert into patient (organisation, id, replaced_by, body, created_at)
     select $5, r.id, r.replaced_by, r.body::json, to_timestamp(r.created / 1000)
       from unnest($1::text[], $2::text[], $3::text[], $4::float8[]) as r (id, replaced_by, body, created)
     on conflict (organisation, id) do update set replaced_by = excluded.replaced_by, body = excluded.body`,
    [
      textArray(records.map((record) => record.id)),
      textArray(records.map((record) => record.replacedBy?.patient ?? null)),
      textArray(records.map((record) => JSON.stringify(record))),
      records.map((record) => record.createdAt),
      tx.organisation,
    ],
  );
}

export async function keepBodies(
  tx: Transaction,
  charts: readonly { readonly patient: PatientId; readonly body: ChartBody; readonly lookAt: number | undefined }[],
): Promise<void> {
  if (charts.length === 0) return;
  await tx.query(
    'charts.keep-bodies',
    `insert into chart (organisation, patient, body, look_at)
     select $4, c.patient, c.body::json, to_timestamp(c.look_at / 1000)
       from unnest($1::text[], $2::text[], $3::float8[]) as c (patient, body, look_at)
     on conflict (organisation, patient) do update set body = excluded.body, look_at = excluded.look_at`,
    [
      textArray(charts.map((chart) => chart.patient)),
      textArray(charts.map((chart) => JSON.stringify(chart.body))),
      charts.map((chart) => chart.lookAt ?? null),
      tx.organisation,
    ],
  );
}

/** Patients whose charts time alone may have changed. */
export async function dueForALook(queries: Queries, now: number, limit: number): Promise<PatientId[]> {
  const rows = await queries.query<{ patient: PatientId }>(
    'charts.due-for-a-look',
    `select patient from chart where look_at <= to_timestamp($1::float8 / 1000) order by look_at limit $2`,
    [now, limit],
  );
  return rows.map((row) => row.patient);
}
