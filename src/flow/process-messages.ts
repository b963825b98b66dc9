// Working a batch of inbox entries in one transaction: take, parse, read, load, think each entry alone, keep all. An
// entry that cannot be understood is parked with its reason and the rest go on.

import { asFault, Fault } from '../base/fault.ts';
import type { PatientId } from '../base/id.ts';
import type { Instant } from '../base/instant.ts';
import { describeCause } from '../base/log.ts';
import type { Identifier } from '../domain/code.ts';
import type { Notice } from '../domain/notice.ts';
import { type AuditEntry, keepAudit } from '../store/audit.ts';
import { keepBodies, keepEvents, keepIdentifiers, keepRecords, loadCharts } from '../store/charts.ts';
import { type Decision, decideEntries, type InboxEntry, takeEntries } from '../store/inbox.ts';
import type { Transaction } from '../store/pool.ts';
import { keepHistory, keepResources, type ResourceVersion } from '../store/resources.ts';
import type { Expressed } from '../translate/to-fhir/expressed.ts';
import { expressMentions } from '../translate/to-fhir/mentions.ts';
import { expressProvenance } from '../translate/to-fhir/provenance.ts';
import { advanceCharts } from './advance-charts.ts';
import { marksOf } from './fate-marks.ts';
import { type Hand, takeInHand } from './hand.ts';
import type { Organisation } from './organisation.ts';
import { openPanelGate, type PanelGate } from './panel-standing.ts';
import { placesOf } from './place-of.ts';
import { digestOf, versionOf } from './publish.ts';
import { publishShared } from './publish-shared.ts';
import { takeNotice } from './take-notice.ts';
import { isFhir, understand } from './understand.ts';

export interface BatchLimits {
  readonly entriesMax: number;
  readonly shardsMax: number;
}

interface Read {
  readonly entry: InboxEntry;
  readonly notice: Notice | Fault;
}

interface Worked {
  readonly entry: InboxEntry;
  readonly decision: Decision;
  /** Everyone whose chart the entry touched. */
  readonly patients: readonly PatientId[];
  readonly versions: readonly ResourceVersion[];
  readonly shared: readonly Expressed[];
}

/**
 * Works the oldest waiting entries. Returns how many were taken; none means that there is nothing to do.
 * `taken` hears which ones before anything can fail.
 */
export async function processMessages(
  organisation: Organisation,
  limits: BatchLimits,
  taken: (entries: readonly { readonly message: number }[]) => void = () => undefined,
): Promise<number> {
  const worked = await organisation.database.transaction(async (tx) => {
    const now = organisation.now();
    const entries = await takeEntries(tx, now, limits.entriesMax, limits.shardsMax);
    taken(entries);
    if (entries.length === 0) return [];
    const read = entries.map((entry) => readEntry(entry, organisation));
    const hand = takeInHand(await loadCharts(tx, read.flatMap(identifiersOf)));
    const gate = await openPanelGate(tx, organisation, read, hand, now);
    const worked = read.map((item) => workEntry(hand, item, gate, organisation, now));
    await keep(tx, hand, worked, now);
    await gate?.keep(
      tx,
      worked.map((item) => item.decision),
    );
    return worked;
  });
  if (worked.length > 0) organisation.count('batch', {});
  for (const { entry, decision, versions } of worked) {
    organisation.count('decided', { trigger: entry.trigger, state: decision.state, reason: decision.reason ?? '' });
    if (versions.length > 0) organisation.count('resource-version', {}, versions.length);
  }
  return worked.length;
}

function readEntry(entry: InboxEntry, organisation: Organisation): Read {
  try {
    const notice = understand(entry, organisation.languageOf(entry.partner));
    if (notice.kind !== 'ignored')
      for (const { table, code } of notice.unmapped) organisation.count('unmapped-code', { table, code });
    return { entry, notice };
  } catch (thrown) {
    const fault = asFault(thrown);
    if (fault.kind === 'defect')
      organisation.log.error('message could not be read', { message: entry.message, cause: describeCause(thrown) });
    return { entry, notice: fault };
  }
}

function identifiersOf({ notice }: Read): readonly Identifier[] {
  if (notice instanceof Fault || notice.kind === 'ignored') return [];
  if (notice.kind === 'several') return notice.notices.flatMap((each) => each.subject.identifiers);
  if (notice.kind === 'merge')
    return notice.pairs.flatMap((pair) => [...pair.survivor.identifiers, ...pair.retired.identifiers]);
  return notice.subject.identifiers;
}

/** Thinks about one entry alone. Whatever goes wrong, the charts in hand are as if it had never been tried. */
function workEntry(
  hand: Hand,
  { entry, notice: read }: Read,
  gate: PanelGate | undefined,
  organisation: Organisation,
  now: Instant,
): Worked {
  const passage = read instanceof Fault || read.kind === 'ignored' ? undefined : gate?.pass(hand, entry, read);
  const notice =
    passage?.ignored === undefined
      ? (passage?.notice ?? read)
      : { kind: 'ignored' as const, trigger: entry.trigger, reason: passage.ignored };
  const decide = (
    state: Decision['state'],
    rest: { reason?: string; patient?: PatientId; warnings?: string[] } = {},
  ): Decision => ({
    message: entry.message,
    state,
    ...marksOf(entry, notice),
    ...(rest.reason !== undefined && { reason: rest.reason }),
    ...(rest.patient !== undefined && { patient: rest.patient }),
    warnings: [...(rest.warnings ?? []), ...(entry.controlIdReused ? ['control-id-reused'] : [])],
  });
  if (notice instanceof Fault)
    return {
      entry,
      decision: decide('parked', { reason: notice.code, warnings: placesOf(notice) }),
      patients: [],
      versions: [],
      shared: [],
    };
  if (notice.kind === 'ignored')
    return { entry, decision: decide('ignored', { reason: notice.reason }), patients: [], versions: [], shared: [] };
  const undo = hand.mark();
  try {
    const survivors = takeNotice(hand, notice, { message: entry.message, now, newId: organisation.newId });
    const advanced = advanceCharts(hand, survivors, organisation, now);
    const patient = advanced.charts[0]?.patient.id;
    const versions = [...advanced.versions];
    if (versions.length > 0) versions.push(provenance(entry, notice, versions, patient, organisation, now));
    const named = versions.filter((version) => version.type === 'Patient').map((version) => version.id as PatientId);
    const patients = [...new Set([...advanced.charts.map((chart) => chart.patient.id), ...named])];
    const warnings = [
      ...new Set([
        ...notice.warnings.map((warning) => (warning.field ? `${warning.code}:${warning.field}` : warning.code)),
        ...notice.unmapped.map(({ table }) => `unmapped:${table}`),
      ]),
      ...(passage?.warnings ?? []),
    ];
    return {
      entry,
      decision: decide('applied', { ...(patient && { patient }), warnings }),
      patients,
      versions,
      shared: expressMentions(notice, organisation.express),
    };
  } catch (thrown) {
    undo();
    const fault = asFault(thrown);
    if (fault.kind === 'defect')
      organisation.log.error('message could not be worked', { message: entry.message, cause: describeCause(thrown) });
    return {
      entry,
      decision: decide('parked', { reason: fault.code, warnings: placesOf(fault) }),
      patients: [],
      versions: [],
      shared: [],
    };
  }
}

function provenance(
  entry: InboxEntry,
  notice: Exclude<Notice, { kind: 'ignored' }>,
  versions: readonly ResourceVersion[],
  patient: PatientId | undefined,
  organisation: Organisation,
  now: Instant,
): ResourceVersion {
  const item = expressProvenance(
    {
      id: organisation.newId<'provenance'>(),
      targets: versions.map((version) => `${version.type}/${version.id}`),
      recorded: now,
      occurred: notice.happenedAt,
      messages: [
        {
          partner: entry.partner,
          controlId: entry.controlId,
          digest: entry.digest.toString('hex'),
          isFhir: isFhir(entry.trigger),
        },
      ],
      ...(patient && { patient }),
    },
    organisation.express,
  );
  const text = JSON.stringify(item.body);
  return versionOf(item, text, digestOf(text), 1, now);
}

/** Keeps everything the batch changed. A resource that changed more than once keeps each version. */
async function keep(tx: Transaction, hand: Hand, worked: readonly Worked[], now: Instant): Promise<void> {
  const changes = hand.changes();
  await keepRecords(tx, changes.records);
  await keepIdentifiers(tx, changes.identifiers);
  await keepEvents(tx, changes.events);
  await keepBodies(tx, changes.bodies);
  const last = new Map<string, ResourceVersion>();
  const passed: ResourceVersion[] = [];
  for (const version of worked.flatMap((item) => item.versions)) {
    const key = `${version.type}/${version.id}`;
    const before = last.get(key);
    if (before) passed.push(before);
    last.set(key, version);
  }
  await keepResources(tx, [...last.values()], now);
  await keepHistory(tx, passed, now);
  await publishShared(
    tx,
    worked.flatMap((item) => item.shared),
    now,
  );
  await keepAudit(tx, tx.organisation, worked.flatMap(auditOf), now);
  await decideEntries(
    tx,
    worked.map((item) => item.decision),
    now,
  );
}

function auditOf({ entry, decision, patients, versions }: Worked): AuditEntry[] {
  if (decision.state === 'ignored') return [];
  return [
    {
      actor: `feed:${entry.partner}`,
      action: 'U',
      interaction: 'message',
      outcome: decision.state === 'applied' ? 0 : 4,
      patients,
      resources: versions.map((version) => `${version.type}/${version.id}/_history/${version.version}`),
      request: String(entry.message),
    },
  ];
}
