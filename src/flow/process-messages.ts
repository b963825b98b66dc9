// Working a batch of inbox entries in one transaction: take, parse, read, load, think each entry alone, keep all. An
// entry that cannot be understood is parked with its reason and the rest go on.

import { asFault, Fault } from '../base/fault.ts';
import type { PatientId } from '../base/id.ts';
import type { Instant } from '../base/instant.ts';
import { describeCause } from '../base/log.ts';
import type { Notice, Understood } from '../domain/notice.ts';
import { type AuditEntry, keepAudit } from '../store/audit.ts';
import { keepBodies, keepRecords, loadCharts } from '../store/charts.ts';
import { keepHomes, keepLooks } from '../store/identities.ts';
import { type Decision, decideEntries, type InboxEntry, takeEntries } from '../store/inbox.ts';
import { keepEvents, keepIdentifiers, moveEvents, moveIdentifiers, patientsToldOf } from '../store/keep-charts.ts';
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
import { checkAgain, isReadAgain, takeBack } from './read-again.ts';
import { endReviews, holdReviews, lookOut, openReviews } from './review-matches.ts';
import { takeNotice } from './take-notice.ts';
import { tellOwner } from './tell-owner.ts';
import { eventId, isFhir, understand } from './understand.ts';
import { reviewFor } from './whom.ts';
import { wishOf } from './wish.ts';

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
    const wish = wishOf(read, organisation.matchRules);
    const told = await patientsToldOf(tx, entries.filter(isReadAgain));
    const patients = [...(wish.patients ?? []), ...told];
    const loaded = await loadCharts(tx, { ...wish, patients });
    const hand = takeInHand(loaded, organisation.matchRules);
    const gate = await openPanelGate(tx, organisation, read, hand, now);
    const worked = read.map((item) => workEntry(hand, item, gate, organisation, now));
    await keep(tx, hand, worked, organisation, now);
    await gate?.keep(
      tx,
      worked.map((item) => item.decision),
    );
    await lookOut(tx, loaded, hand.changes());
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
    if (!entry.hasRaw) throw new Fault('ops.raw-expired');
    if (isReadAgain(entry)) checkAgain(entry, organisation.headerRulesOf(entry.partner));
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
    rest: { reason?: string; patient?: PatientId; review?: string; warnings?: string[] } = {},
  ): Decision => ({
    message: entry.message,
    state,
    ...marksOf(entry, notice),
    ...(rest.reason !== undefined && { reason: rest.reason }),
    ...(rest.patient !== undefined && { patient: rest.patient }),
    ...(rest.review !== undefined && { review: rest.review }),
    warnings: [...(rest.warnings ?? []), ...(entry.controlIdReused ? ['control-id-reused'] : [])],
    controlIdReused: entry.controlIdReused,
  });
  const nothing = { entry, patients: [], versions: [], shared: [] };
  if (notice instanceof Fault)
    return { ...nothing, decision: decide('parked', { reason: notice.code, warnings: placesOf(notice) }) };
  if (notice.kind === 'ignored') {
    const decision = decide('ignored', { reason: notice.reason });
    // Who has left the panel since keeps what was said while they were on it.
    const isUnsaid = isReadAgain(entry) && passage === undefined;
    return isUnsaid ? workUnsaid(hand, entry, decision, organisation, now) : { ...nothing, decision };
  }
  const warnings = [...warningsOf(notice), ...(passage?.warnings ?? [])];
  const undo = hand.mark();
  try {
    const occasion = {
      message: entry.message,
      now,
      newId: organisation.newId,
      rules: organisation.matchRulesOf(entry.partner),
    };
    const review = reviewFor(hand, notice, occasion);
    if (review !== undefined)
      return { ...nothing, decision: decide('waiting', { reason: 'match-review', review, warnings }) };
    const before = isReadAgain(entry) ? takeBack(hand, eventId(entry.digest)) : [];
    const survivors = [...takeNotice(hand, notice, occasion), ...before];
    const advanced = advanceCharts(hand, survivors, organisation, now);
    const patient = advanced.charts[0]?.patient.id;
    const versions = [...advanced.versions];
    if (isRepair(notice)) for (const told of advanced.moved) versions.push(tellOwner(told, notice, organisation, now));
    if (versions.length > 0) versions.push(provenance(entry, notice, versions, patient, organisation, now));
    const changed = versions.filter((version) => version.type === 'Patient').map((version) => version.id as PatientId);
    const patients = [...new Set([...advanced.charts.map((chart) => chart.patient.id), ...changed])];
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
      ...nothing,
      decision: decide('parked', { reason: fault.code, warnings: [...placesOf(fault), ...warnings] }),
    };
  }
}

/** A message that says nothing any more since it was read again: what it said before is taken back. */
function workUnsaid(
  hand: Hand,
  entry: InboxEntry,
  decision: Decision,
  organisation: Organisation,
  now: Instant,
): Worked {
  const { versions, charts } = advanceCharts(hand, takeBack(hand, eventId(entry.digest)), organisation, now);
  return { entry, decision, patients: charts.map((chart) => chart.patient.id), versions, shared: [] };
}

const warningsOf = (notice: Understood): string[] => [
  ...new Set([
    ...notice.warnings.map((warning) => (warning.field ? `${warning.code}:${warning.field}` : warning.code)),
    ...notice.unmapped.map(({ table }) => `unmapped:${table}`),
  ]),
];

/** Repairs of what was said of the wrong patient: whoever has the work must hear of it. */
const isRepair = (notice: Understood): boolean =>
  notice.kind === 'move-stays' || notice.kind === 'move-identifiers' || notice.kind === 'part';

function provenance(
  entry: InboxEntry,
  notice: Understood,
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
async function keep(
  tx: Transaction,
  hand: Hand,
  worked: readonly Worked[],
  organisation: Organisation,
  now: Instant,
): Promise<void> {
  const changes = hand.changes();
  await keepRecords(tx, changes.records);
  await keepIdentifiers(tx, changes.identifiers);
  await moveIdentifiers(tx, changes.movedIdentifiers);
  await moveEvents(tx, changes.movedEvents);
  await keepEvents(tx, changes.events);
  await keepHomes(tx, changes.homes);
  await keepLooks(tx, changes.looks);
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
  await openReviews(tx, changes, organisation, now);
  const decisions = worked.map((item) => item.decision);
  await holdReviews(tx, decisions);
  await decideEntries(tx, decisions, now);
  await endReviews(tx, changes, now);
}

function auditOf({ entry, decision, patients, versions }: Worked): AuditEntry[] {
  if (decision.state === 'ignored' && versions.length === 0) return [];
  return [
    {
      actor: `feed:${entry.partner}`,
      action: 'U',
      interaction: 'message',
      outcome: decision.state === 'applied' || decision.state === 'ignored' ? 0 : 4,
      patients,
      resources: versions.map((version) => `${version.type}/${version.id}/_history/${version.version}`),
      request: String(entry.message),
    },
  ];
}
