// The charts in hand while a batch is thought about: what was loaded, what the messages so far have made of it, and how
// to take one message's changes back if it cannot be finished.

import type { PatientId } from '../base/id.ts';
import type { ChartEvent } from '../domain/chart-event.ts';
import type { Identifier } from '../domain/code.ts';
import { identifierKey } from '../domain/code.ts';
import { survivorOf } from '../domain/patient/match.ts';
import type { PatientRecord } from '../domain/patient/record.ts';
import type { ChartBody, LoadedCharts } from '../store/charts.ts';

export interface Hand {
  record(id: PatientId): PatientRecord;
  survivor(id: PatientId): PatientRecord;
  /** Records that hold any of the identifiers. */
  holders(identifiers: readonly Identifier[]): PatientRecord[];
  /** The records merged into a survivor, directly or through others. */
  retired(survivor: PatientId): PatientRecord[];
  events(patients: readonly PatientId[]): ChartEvent[];
  body(patient: PatientId): ChartBody;
  putRecord(record: PatientRecord): void;
  putEvent(patient: PatientId, message: number, event: ChartEvent): void;
  putBody(patient: PatientId, body: ChartBody, lookAt: number | undefined): void;
  /** Everything put since the mark is taken back. */
  mark(): () => void;
  changes(): HandChanges;
}

export interface HandChanges {
  readonly records: readonly PatientRecord[];
  readonly identifiers: readonly { readonly identifier: Identifier; readonly patient: PatientId }[];
  readonly events: readonly { readonly patient: PatientId; readonly message: number; readonly event: ChartEvent }[];
  readonly bodies: readonly {
    readonly patient: PatientId;
    readonly body: ChartBody;
    readonly lookAt: number | undefined;
  }[];
}

export const emptyBody: ChartBody = { encounters: [], cases: [], published: {} };

export function takeInHand(loaded: LoadedCharts): Hand {
  const records = new Map(loaded.records.map((record) => [record.id, record]));
  const holderOf = new Map(loaded.identifiers.map((row) => [identifierKey(row), row.patient]));
  for (const record of loaded.records)
    for (const known of record.identifiers) holderOf.set(identifierKey(known), record.id);
  const events = new Map<PatientId, Map<string, ChartEvent>>();
  for (const { patient, event } of loaded.events) eventsOf(patient).set(event.id, event);
  const bodies = new Map(loaded.charts.map((chart) => [chart.patient, chart.body]));

  const changedRecords = new Set<PatientId>();
  const newIdentifiers = new Map<string, { identifier: Identifier; patient: PatientId }>();
  const newEvents = new Map<string, { patient: PatientId; message: number; event: ChartEvent }>();
  const looks = new Map<PatientId, number | undefined>();
  const changedBodies = new Set<PatientId>();
  let undo: (() => void)[] = [];

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

  /** Sets a map's entry so that it can be taken back. */
  function put<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
    const had = map.has(key);
    const before = map.get(key);
    undo.push(() => (had ? map.set(key, before as Value) : map.delete(key)));
    map.set(key, value);
  }

  function add<Key>(set: Set<Key>, key: Key): void {
    if (set.has(key)) return;
    undo.push(() => set.delete(key));
    set.add(key);
  }

  return {
    record,
    survivor: (id) => survivorOf(record(id), record),
    holders(identifiers) {
      const ids = new Set<PatientId>();
      for (const identifier of identifiers) {
        const holder = holderOf.get(identifierKey(identifier));
        if (holder !== undefined) ids.add(holder);
      }
      return [...ids].map(record);
    },
    retired: (survivor) =>
      [...records.values()].filter(
        (other) => other.replacedBy && other.id !== survivor && survivorOf(other, record).id === survivor,
      ),
    events: (patients) => patients.flatMap((patient) => [...(events.get(patient)?.values() ?? [])]),
    body: (patient) => bodies.get(patient) ?? emptyBody,
    putRecord(changed) {
      put(records, changed.id, changed);
      add(changedRecords, changed.id);
      for (const identifier of changed.identifiers) {
        const key = identifierKey(identifier);
        if (holderOf.has(key)) continue;
        put(holderOf, key, changed.id);
        put(newIdentifiers, key, { identifier, patient: changed.id });
      }
    },
    putEvent(patient, message, event) {
      const own = eventsOf(patient);
      if (own.has(event.id)) return;
      put(own, event.id, event);
      put(newEvents, `${patient} ${event.id}`, { patient, message, event });
    },
    putBody(patient, body, lookAt) {
      put(bodies, patient, body);
      put(looks, patient, lookAt);
      add(changedBodies, patient);
    },
    mark() {
      undo = [];
      return () => {
        for (const step of undo.reverse()) step();
        undo = [];
      };
    },
    changes: () => ({
      records: [...changedRecords].map(record),
      identifiers: [...newIdentifiers.values()],
      events: [...newEvents.values()],
      bodies: [...changedBodies].map((patient) => ({
        patient,
        body: bodies.get(patient) ?? emptyBody,
        lookAt: looks.get(patient),
      })),
    }),
  };
}
