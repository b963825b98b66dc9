// Whether a message may take effect by the panel: on a feed of a roster only for people attributed on the day it happened,
// on any feed for nobody who has opted out. Asked once a batch, and of nobody's identifiers where neither can matter.

import type { Fault } from '../base/fault.ts';
import type { PatientId } from '../base/id.ts';
import type { Instant, LocalDate } from '../base/instant.ts';
import { type Identifier, identifierKey } from '../domain/code.ts';
import { type Notice, subjectsOf, type Understood } from '../domain/notice.ts';
import { covers, defaultPanelRules, type Span } from '../domain/panel/member.ts';
import type { PatientRecord } from '../domain/patient/record.ts';
import type { Decision } from '../store/inbox.ts';
import { forgetMessages, giveBack, holdEntitled, type KeptMessage, keepOffPanel } from '../store/panel-kept.ts';
import { anyOptOut, spansOf } from '../store/panel-members.ts';
import type { Transaction } from '../store/pool.ts';
import type { Hand } from './hand.ts';
import { todayOf } from './load-panel.ts';
import type { Organisation } from './organisation.ts';

type LeftOut = 'off-panel' | 'opted-out';

/** To be ignored for a reason; or the notice as it may take effect, with the warning that nothing opens on it. */
export type Passage =
  | { readonly ignored: LeftOut; readonly warnings?: undefined }
  | { readonly ignored?: undefined; readonly notice: Understood; readonly warnings: readonly string[] };

export interface PanelGate {
  pass(hand: Hand, entry: Entry, notice: Understood): Passage;
  /** Keeps, forgets and gives back what the decisions of the batch ask for. */
  keep(tx: Transaction, decisions: readonly Decision[]): Promise<void>;
}

interface Entry {
  readonly message: number;
  readonly partner: string;
}

interface Spans {
  readonly member: readonly Span[];
  readonly optOut: readonly Span[];
  readonly kept: readonly { readonly message: number; readonly day: LocalDate }[];
}

/** Undefined where everybody passes. */
export async function openPanelGate(
  tx: Transaction,
  organisation: Organisation,
  read: readonly { readonly entry: Entry; readonly notice: Notice | Fault }[],
  hand: Hand,
  now: Instant,
): Promise<PanelGate | undefined> {
  const isRoster = read.some(({ entry }) => organisation.rosterFeeds.has(entry.partner));
  if (!isRoster && !(await anyOptOut(tx))) return undefined;
  const named = new Map<string, Identifier>();
  for (const { notice } of read) {
    if (!('kind' in notice) || !isUnderstood(notice)) continue;
    for (const subject of subjectsOf(notice))
      for (const identifier of familyOf(hand, subject.identifiers).identifiers)
        named.set(identifierKey(identifier), identifier);
  }
  await holdEntitled(tx);
  const spans = await loadSpans(tx, [...named.values()]);
  return gateOf(organisation, spans, now);
}

const isUnderstood = (notice: Notice | Fault): notice is Understood => 'trigger' in notice && notice.kind !== 'ignored';

async function loadSpans(tx: Transaction, identifiers: readonly Identifier[]): Promise<ReadonlyMap<string, Spans>> {
  const spans = new Map<string, { member: Span[]; optOut: Span[]; kept: { message: number; day: LocalDate }[] }>();
  if (identifiers.length === 0) return spans;
  for (const row of await spansOf(tx, identifiers)) {
    const key = `${row.authority}|${row.value}`;
    const own = spans.get(key) ?? { member: [], optOut: [], kept: [] };
    spans.set(key, own);
    const span = { from: row.from ?? undefined, until: row.until ?? undefined };
    if (row.kind === 'member') own.member.push(span);
    else if (row.kind === 'opt-out') own.optOut.push(span);
    else if (row.message !== null && row.from !== null) own.kept.push({ message: row.message, day: row.from });
  }
  return spans;
}

function gateOf(organisation: Organisation, spans: ReadonlyMap<string, Spans>, now: Instant): PanelGate {
  const { keep, rawDays } = (organisation.practice.panel ?? defaultPanelRules).offPanel;
  const today = todayOf(organisation.practice, now);
  const kept = new Map<number, KeptMessage>();
  const released = new Map<number, number[]>();

  function passOne(hand: Hand, { message, partner }: Entry, notice: Understood): Passage {
    const { identifiers, records } = familyOf(
      hand,
      subjectsOf(notice).flatMap((subject) => subject.identifiers),
    );
    const own = identifiers.flatMap((identifier) => spans.get(identifierKey(identifier)) ?? []);
    const day = notice.happenedAt.date;
    // Who is who must stay true of someone who is known here, whatever they wish to be told: it tells of no care.
    const joinsKnown = !isOfOne(notice) && records.length > 0;
    if (own.some(({ optOut }) => optOut.some((span) => covers(span, day) || covers(span, today))) && !joinsKnown)
      return { ignored: 'opted-out' };
    if (!organisation.rosterFeeds.has(partner)) return { notice, warnings: [] };
    const attributed = own.flatMap(({ member }) => member);
    if (attributed.some((span) => covers(span, day))) {
      const back = own
        .flatMap((item) => item.kept)
        .filter((item) => item.message !== message && attributed.some((span) => covers(span, item.day)));
      if (back.length > 0)
        released.set(message, [...(released.get(message) ?? []), ...back.map((item) => item.message)]);
      return { notice, warnings: [] };
    }
    kept.set(message, {
      message,
      identifiers: [...(kept.get(message)?.identifiers ?? []), ...identifiers],
      day,
      forgetAt: keep === 'raw' ? now + rawDays * 86_400_000 : undefined,
    });
    if (keep !== 'all' && !hasOpenCase(hand, records)) return { ignored: 'off-panel' };
    return { notice: withheld(notice), warnings: ['off-panel'] };
  }

  return {
    pass(hand, entry, notice) {
      if (notice.kind !== 'several') return passOne(hand, entry, notice);
      const passages = notice.notices.map((part) => passOne(hand, entry, part));
      const notices = passages.flatMap((one) =>
        one.ignored === undefined ? [one.notice as (typeof notice.notices)[number]] : [],
      );
      const [first] = passages;
      if (notices.length === 0 && first) return first;
      return {
        notice: { ...notice, notices },
        warnings: [...new Set(passages.flatMap((one) => (one.ignored === undefined ? one.warnings : [one.ignored])))],
      };
    },
    async keep(tx, decisions) {
      const isLeftOut = (decision: Decision): boolean =>
        decision.state === 'ignored' && (decision.reason === 'off-panel' || decision.reason === 'opted-out');
      const toKeep = decisions.flatMap((decision) => {
        const item = kept.get(decision.message);
        if (!item || keep === 'counts' || decision.reason === 'opted-out') return [];
        if (isLeftOut(decision)) return [item];
        return decision.state === 'applied' ? [{ ...item, forgetAt: undefined }] : [];
      });
      await keepOffPanel(tx, toKeep);
      const forgotten = decisions.filter(
        (decision) => isLeftOut(decision) && (decision.reason === 'opted-out' || keep === 'counts'),
      );
      await forgetMessages(
        tx,
        forgotten.map((decision) => decision.message),
      );
      const applied = decisions.filter((decision) => decision.state === 'applied');
      await giveBack(
        tx,
        [...new Set(applied.flatMap((decision) => released.get(decision.message) ?? []))],
        'service',
        now,
      );
    },
  };
}

/** Whether a notice tells of one patient, and not of who is who. */
const isOfOne = (notice: Understood): boolean =>
  notice.kind === 'encounter' ||
  notice.kind === 'person' ||
  notice.kind === 'document' ||
  notice.kind === 'appointment';

/** Whoever holds one of the identifiers, with everyone merged with them, and all identifiers that these have. */
function familyOf(
  hand: Hand,
  identifiers: readonly Identifier[],
): { readonly identifiers: readonly Identifier[]; readonly records: readonly PatientRecord[] } {
  const records = new Map<PatientId, PatientRecord>();
  for (const holder of hand.holders(identifiers)) {
    const survivor = hand.survivor(holder.id);
    for (const record of [survivor, ...hand.retired(survivor.id), holder]) records.set(record.id, record);
  }
  const all = new Map(identifiers.map((identifier) => [identifierKey(identifier), identifier]));
  for (const record of records.values())
    for (const identifier of record.identifiers) all.set(identifierKey(identifier), identifier);
  return { identifiers: [...all.values()], records: [...records.values()] };
}

/** What was begun for someone is brought to its end, whoever coordinates them now: a death, a cancellation. */
const hasOpenCase = (hand: Hand, records: readonly PatientRecord[]): boolean =>
  records.some(({ id }) => hand.body(id).cases.some(({ state }) => state === 'open' || state === 'suspended'));

/** Recorded, and nothing opens on it. */
const withheld = (notice: Understood): Understood =>
  notice.kind === 'encounter' ? { ...notice, event: { ...notice.event, withheld: true } } : notice;
