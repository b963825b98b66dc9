// The charts in hand while a batch is thought about: what was loaded, what the messages so far have made of it, and how
// to take one message's changes back if it cannot be finished.

import type { PatientId } from '../base/id.ts';
import type { ChartEvent } from '../domain/chart-event.ts';
import type { Identifier } from '../domain/code.ts';
import { identifierKey } from '../domain/code.ts';
import { type Home, homeKeys, olderHomeKeys } from '../domain/encounter/home.ts';
import type { DemographicValues } from '../domain/patient/demographics.ts';
import { demographicsOf } from '../domain/patient/demographics.ts';
import { identifierHome } from '../domain/patient/identifier-home.ts';
import { type Look, newLooks as looksOf, mayMean } from '../domain/patient/look.ts';
import { fingerprintOf, lookKeys, type PersonWords, sketchOf } from '../domain/patient/person-words.ts';
import type { PatientRecord } from '../domain/patient/record.ts';
import { survivorOf } from '../domain/patient/survivor.ts';
import type { ChartBody, LoadedCharts } from '../store/charts.ts';
import type { OpenReview } from '../store/identities.ts';
import type { HeldIdentifier, MovedEvent, MovedIdentifier } from '../store/keep-charts.ts';
import type { NewReview } from '../store/match-reviews.ts';
import { createScratch } from './scratch.ts';

export interface Hand {
  record(id: PatientId): PatientRecord;
  survivor(id: PatientId): PatientRecord;
  /** Records that hold any of the identifiers. */
  holders(identifiers: readonly Identifier[]): PatientRecord[];
  /** Records that share a look key with a description, and are not ruled out by it. */
  alike(said: DemographicValues): PatientRecord[];
  decided(identifiers: readonly Identifier[], said: DemographicValues): PatientRecord | undefined;
  /** Reviews that nobody has decided and that wait for one of the identifiers. */
  reviews(identifiers: readonly Identifier[]): OpenReview[];
  /** What is known of the person who stands here. */
  valuesOf(survivor: PatientRecord): DemographicValues;
  /** The records merged into a survivor, directly or through others. */
  retired(survivor: PatientId): PatientRecord[];
  /** The moves that bear a number of this event's stay; whom they concern is asked elsewhere (`homesOf`). */
  moves(event: ChartEvent): readonly Home[];
  events(patients: readonly PatientId[]): ChartEvent[];
  /** Everybody loaded of whom an event of this message was told, with its id. */
  toldBy(digest: string): { readonly patient: PatientId; readonly id: string }[];
  /** Every patient in hand. */
  patients(): readonly PatientId[];
  /** Whether the patient is one of them. */
  has(id: PatientId): boolean;
  /** The record that an identifier finds, by the key of the identifier. */
  holderOf(key: string): PatientId | undefined;
  /** Rises whenever people came together or parted, or somebody got an identifier. */
  grouping(): number;
  body(patient: PatientId): ChartBody;
  putRecord(record: PatientRecord): void;
  /** Where the latest move (A43) put the identifier of this key. */
  identifierHome(key: string): Home | undefined;
  /** The identifier finds the other record from now on. */
  giveIdentifier(identifier: Identifier, from: PatientId, to: PatientId): void;
  /** Whether the move was not known under the key. */
  putHome(key: string, home: Home): boolean;
  putReview(review: NewReview): void;
  putEvent(patient: PatientId, message: number, event: ChartEvent): void;
  /** Without `to` the event is taken back. */
  moveEvent(id: string, from: PatientId, to?: PatientId): void;
  putBody(patient: PatientId, body: ChartBody, lookAt: number | undefined): void;
  /** What `find` gives for the key; asked again for the same one before anything has changed, it is not found anew. */
  remember<Value>(key: object, find: () => Value): Value;
  /** Everything put since the mark is taken back. */
  mark(): () => void;
  changes(): HandChanges;
}

export interface HandChanges {
  readonly records: readonly PatientRecord[];
  readonly identifiers: readonly HeldIdentifier[];
  readonly movedIdentifiers: readonly MovedIdentifier[];
  readonly looks: readonly Look[];
  readonly homes: readonly (Home & { readonly key: string })[];
  readonly reviews: readonly NewReview[];
  readonly events: readonly { readonly patient: PatientId; readonly message: number; readonly event: ChartEvent }[];
  readonly movedEvents: readonly MovedEvent[];
  /** Survivors that came or went: by a merge, a parting, a moved identifier. */
  readonly regrouped: readonly PatientId[];
  readonly bodies: readonly {
    readonly patient: PatientId;
    readonly body: ChartBody;
    readonly lookAt: number | undefined;
  }[];
}

export const emptyBody: ChartBody = { encounters: [], cases: [], published: {} };

export function takeInHand(loaded: LoadedCharts, words: PersonWords): Hand {
  const { put, drop, add, mark, revision } = createScratch();
  const present = [...loaded.records, ...loaded.onlookers];
  const onlookers = new Set(loaded.onlookers.map(({ id }) => id));
  const records = new Map(present.map((record) => [record.id, record]));
  /** Few of many: most of the batch's people were never merged. */
  const everRetired = new Set(present.filter(({ replacedBy }) => replacedBy).map(({ id }) => id));
  const replacements = new Set(present.flatMap(({ replacedBy }) => (replacedBy ? [replacedBy.patient] : [])));
  let remembered: { readonly key: object; readonly revision: number; readonly value: unknown } | undefined;
  const holderOf = new Map<string, PatientId>();
  for (const record of present) for (const known of record.identifiers) holderOf.set(identifierKey(known), record.id);
  for (const row of loaded.identifiers) holderOf.set(identifierKey(row), row.patient);
  const looks = new Map<string, readonly Look[]>();
  for (const look of loaded.looks) looks.set(look.key, [...(looks.get(look.key) ?? []), look]);
  const homes = new Map<string, readonly Home[]>();
  for (const { key, ...home } of loaded.homes) homes.set(key, [...(homes.get(key) ?? []), home]);
  const decisions = new Map(
    loaded.decisions.map((row) => [`${identifierKey(row)}#${row.fingerprint}`, row.patient] as const),
  );
  const reviews = new Map<string, readonly OpenReview[]>();
  for (const row of loaded.reviews) reviews.set(identifierKey(row), [...(reviews.get(identifierKey(row)) ?? []), row]);
  const events = new Map<PatientId, Map<string, ChartEvent>>();
  for (const { patient, event } of loaded.events) eventsOf(patient).set(event.id, event);
  const bodies = new Map(loaded.charts.map((chart) => [chart.patient, chart.body]));

  const changedRecords = new Set<PatientId>();
  const newIdentifiers = new Map<string, HeldIdentifier>();
  const movedIdentifiers = new Map<string, MovedIdentifier>();
  const newLooks = new Map<string, Look>();
  const newHomes = new Map<string, Home & { readonly key: string }>();
  const newReviews = new Map<string, NewReview>();
  const newEvents = new Map<string, { patient: PatientId; message: number; event: ChartEvent }>();
  const movedEvents = new Map<string, MovedEvent>();
  const regrouped = new Set<PatientId>();
  let grouping = 0;
  const lookAts = new Map<PatientId, number | undefined>();
  const changedBodies = new Set<PatientId>();

  function eventsOf(patient: PatientId): Map<string, ChartEvent> {
    let own = events.get(patient);
    if (!own) events.set(patient, (own = new Map()));
    return own;
  }

  function record(id: PatientId): PatientRecord {
    const known = records.get(id);
    if (!known) throw new Error('a record was not loaded with its family');
    return known;
  }

  /** In the order they were loaded or made: what is expressed of them must not depend on who was merged first. */
  function retiredOf(survivor: PatientId): PatientRecord[] {
    if (!replacements.has(survivor)) return [];
    const isOf = (other: PatientRecord) =>
      other.replacedBy !== undefined && other.id !== survivor && survivorOf(other, record).id === survivor;
    const found = [...everRetired].map(record).filter(isOf);
    return found.length < 2 ? found : [...records.values()].filter(isOf);
  }

  function mustBeLocked(id: PatientId): void {
    if (onlookers.has(id)) throw new Error('a record that was only compared with is not to be changed');
  }

  const unique = (ids: Iterable<PatientId>): PatientRecord[] => [...new Set(ids)].map(record);

  function putLooks(before: PatientRecord | undefined, after: PatientRecord): void {
    for (const look of looksOf(before, after, words)) {
      const others = (looks.get(look.key) ?? []).filter(({ patient }) => patient !== look.patient);
      put(looks, look.key, [...others, look]);
      put(newLooks, `${look.key} ${look.patient}`, look);
    }
  }

  return {
    record,
    survivor: (id) => survivorOf(record(id), record),
    holders: (identifiers) =>
      unique(identifiers.flatMap((identifier) => holderOf.get(identifierKey(identifier)) ?? [])),
    alike(said) {
      const sketch = sketchOf(said, words);
      const found = lookKeys(sketch).flatMap((key) => looks.get(key) ?? []);
      return unique(found.filter((look) => mayMean(look, sketch, words)).map(({ patient }) => patient));
    },
    decided(identifiers, said) {
      if (decisions.size === 0) return undefined;
      const print = fingerprintOf(sketchOf(said, words));
      const ids = identifiers.flatMap((identifier) => decisions.get(`${identifierKey(identifier)}#${print}`) ?? []);
      return ids[0] === undefined ? undefined : record(ids[0]);
    },
    reviews: (identifiers) => identifiers.flatMap((identifier) => reviews.get(identifierKey(identifier)) ?? []),
    valuesOf: (survivor) => demographicsOf({ patient: survivor, retired: retiredOf(survivor.id) }),
    retired: retiredOf,
    moves: (event) =>
      homes.size === 0 ? [] : [...homeKeys(event), ...olderHomeKeys(event)].flatMap((key) => homes.get(key) ?? []),
    events: (patients) => patients.flatMap((patient) => [...(events.get(patient)?.values() ?? [])]),
    toldBy: (digest) =>
      [...events].flatMap(([patient, own]) =>
        [...own.keys()].filter((id) => id === digest || id.startsWith(`${digest}.`)).map((id) => ({ patient, id })),
      ),
    patients: () => [...records.keys()].filter((id) => !onlookers.has(id)),
    has: (id) => records.has(id) && !onlookers.has(id),
    holderOf: (key) => holderOf.get(key),
    grouping: () => grouping,
    body: (patient) => bodies.get(patient) ?? emptyBody,
    putRecord(changed) {
      mustBeLocked(changed.id);
      const before = records.get(changed.id);
      put(records, changed.id, changed);
      if (changed.replacedBy) {
        add(everRetired, changed.id);
        add(replacements, changed.replacedBy.patient);
      }
      add(changedRecords, changed.id);
      if (before?.replacedBy?.patient !== changed.replacedBy?.patient) add(regrouped, changed.id);
      if (before && (before.replacedBy !== changed.replacedBy || before.identifiers !== changed.identifiers))
        grouping += 1;
      putLooks(before, changed);
      for (const identifier of changed.identifiers) {
        const key = identifierKey(identifier);
        if (holderOf.has(key)) continue;
        put(holderOf, key, changed.id);
        put(newIdentifiers, key, { identifier, patient: changed.id });
      }
    },
    identifierHome: (key) => (homes.size === 0 ? undefined : latest(homes.get(identifierHome(key)))),
    giveIdentifier(identifier, from, to) {
      const key = identifierKey(identifier);
      put(holderOf, key, to);
      add(regrouped, to);
      grouping += 1;
      if (newIdentifiers.has(key)) put(newIdentifiers, key, { identifier, patient: to });
      else put(movedIdentifiers, key, { identifier, from: movedIdentifiers.get(key)?.from ?? from, patient: to });
    },
    putHome(key, home) {
      const known = homes.get(key) ?? [];
      if (known.some(({ order, patient }) => order === home.order && patient === home.patient)) return false;
      put(homes, key, [...known.filter(({ order }) => order !== home.order), home]);
      put(newHomes, `${key} ${home.order}`, { key, ...home });
      return true;
    },
    putReview(review) {
      put(newReviews, review.id, review);
      if (review.record !== undefined) return;
      const { id, reason, fingerprint } = review;
      for (const { authority, value } of review.identifiers) {
        const key = identifierKey({ authority, value });
        put(reviews, key, [...(reviews.get(key) ?? []), { id, reason, fingerprint, authority, value }]);
      }
    },
    putEvent(patient, message, event) {
      const own = eventsOf(patient);
      const before = own.get(event.id);
      if (before && JSON.stringify(before) === JSON.stringify(event)) return;
      put(own, event.id, event);
      put(newEvents, `${patient} ${event.id}`, { patient, message, event });
      const taken = movedEvents.get(`${patient} ${event.id}`);
      // It was taken back, or moved away, by the same message: the new word replaces the old one in place.
      if (taken && taken.to === undefined) drop(movedEvents, `${patient} ${event.id}`);
    },
    moveEvent(id, from, to) {
      const own = eventsOf(from);
      const event = own.get(id);
      if (!event || from === to) return;
      drop(own, id);
      const arrived = [...movedEvents.values()].find((moved) => moved.id === id && moved.to === from);
      if (arrived) {
        put(movedEvents, `${arrived.from} ${id}`, { from: arrived.from, id, ...(to !== undefined && { to }) });
        if (to !== undefined) put(eventsOf(to), id, event);
        return;
      }
      const fresh = newEvents.get(`${from} ${id}`);
      if (fresh) drop(newEvents, `${from} ${id}`);
      // A fresh one may also have replaced what is kept under `from`.
      put(movedEvents, `${from} ${id}`, { from, id, ...(to !== undefined && !fresh && { to }) });
      if (to === undefined) return;
      put(eventsOf(to), id, event);
      if (fresh) put(newEvents, `${to} ${id}`, { ...fresh, patient: to });
    },
    putBody(patient, body, lookAt) {
      mustBeLocked(patient);
      put(bodies, patient, body);
      put(lookAts, patient, lookAt);
      add(changedBodies, patient);
    },
    remember<Value>(key: object, find: () => Value): Value {
      if (remembered?.key !== key || remembered.revision !== revision())
        remembered = { key, revision: revision(), value: find() };
      return remembered.value as Value;
    },
    mark,
    changes: () => ({
      records: [...changedRecords].map(record),
      identifiers: [...newIdentifiers.values()],
      movedIdentifiers: [...movedIdentifiers.values()],
      looks: [...newLooks.values()],
      homes: [...newHomes.values()],
      reviews: [...newReviews.values()],
      events: [...newEvents.values()],
      movedEvents: [...movedEvents.values()],
      regrouped: [...regrouped],
      bodies: [...changedBodies].map((patient) => ({
        patient,
        body: bodies.get(patient) ?? emptyBody,
        lookAt: lookAts.get(patient),
      })),
    }),
  };
}

const latest = (homes: readonly Home[] = []): Home | undefined =>
  homes.reduce<Home | undefined>((last, home) => (last && last.order > home.order ? last : home), undefined);
