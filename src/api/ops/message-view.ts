// Fates as the addresses under /ops/messages tell them.

import type { ShownMessage } from '../../flow/show-message.ts';
import type { FateCount, ParkedReason, Undecided } from '../../store/fate-figures.ts';
import type { Fate } from '../../store/fates.ts';
import { explainFlag, explainReason } from './fate-words.ts';
import type { MessageDetail, MessageState, MessageStats, MessageSummary } from './message-types.ts';

const dayMs = 86_400_000;
const textMax = 200_000;
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The week of the bytes (Monday, UTC) ends, and then the policy's days go by. */
export function expiryOf(rawAt: Date, retentionDays: number): string {
  const day = Math.floor(rawAt.getTime() / dayMs);
  const weekEnd = day - ((day + 3) % 7) + 7; // 1970-01-01 was a Thursday
  return dayOf((weekEnd + retentionDays) * dayMs);
}

export function summaryOf(fate: Fate, retentionDays: number): MessageSummary {
  const optional = <Key extends string>(key: Key, value: string | null) =>
    (value === null ? {} : { [key]: value }) as { readonly [Name in Key]?: string };
  return {
    id: fate.id,
    partner: fate.partner,
    controlId: fate.controlId,
    trigger: fate.trigger,
    receivedAt: fate.receivedAt.toISOString(),
    state: fate.state,
    ...optional('reason', fate.reason),
    ...optional('note', fate.note),
    flags: [...new Set([...(fate.warnings ?? []), ...(fate.isReused ? ['control-id-reused'] : [])])],
    attempts: fate.attempts,
    replays: fate.replays,
    ...(fate.decidedAt && { decidedAt: fate.decidedAt.toISOString() }),
    ...optional('patient', fate.patient),
    ...optional('identifier', fate.subject),
    ...optional('visit', fate.visit),
    ...optional('review', fate.review),
    ...(fate.hasRaw
      ? { rawExpiresOn: expiryOf(fate.rawAt, retentionDays) }
      : { rawExpired: fate.rawDroppedAt ? dayOf(fate.rawDroppedAt.getTime()) : true }),
  };
}

export function detailOf(shown: ShownMessage, retentionDays: number): MessageDetail {
  const { fate, content, changes, standing, earlier } = shown;
  const summary = summaryOf(fate, retentionDays);
  return {
    ...summary,
    ...(fate.reason !== null && { reasonExplained: explainReason(fate.reason) }),
    flagsExplained: summary.flags.map(explainFlag),
    ...(content && {
      content: {
        bytes: content.bytes,
        charset: content.charset,
        text: content.text.slice(0, textMax),
        segments: content.outline.segments.map(({ segment, fields }) => ({
          segment,
          fields: fields.map(({ name, ...field }) => ({ ...field, ...(name !== undefined && { name }) })),
        })),
        moreSegments: content.outline.more,
        ...(content.unreadable !== undefined && { unreadable: content.unreadable }),
      },
    }),
    changes: changes.map(({ at, outcome, patients, resources }) => ({
      at: at.toISOString(),
      outcome: outcome === 0 ? 'applied' : 'parked',
      patients,
      resources: resources.map((reference) => {
        const [type = '', id = '', , version = '0'] = reference.split('/');
        return { type, id, version: Number(version) };
      }),
    })),
    work: standing.map(({ reference, status, code }) => ({
      reference,
      ...(status !== null && { status }),
      codes: (code ?? []).filter((entry) => !entry.includes('|') && !entry.includes('://')),
    })),
    earlier: earlier.map((decision) => ({
      state: decision.state,
      ...(decision.reason !== null && { reason: decision.reason }),
      ...(decision.note !== null && { note: decision.note }),
      flags: decision.warnings ?? [],
      ...(decision.decidedAt && { decidedAt: decision.decidedAt.toISOString() }),
      setBackAt: decision.setBackAt.toISOString(),
      setBackBy: decision.setBackBy,
    })),
  };
}

export function statsOf(
  from: number,
  to: number,
  counts: readonly FateCount[],
  undecided: readonly Undecided[],
  parked: readonly ParkedReason[],
): MessageStats {
  const hours = (to - from) / 3_600_000;
  const partners = [...new Set(counts.map(({ partner }) => partner))].map((partner) => {
    const own = counts.filter((row) => row.partner === partner);
    const sum = (state?: MessageState): number =>
      own.reduce((total, row) => total + (state === undefined || row.state === state ? row.count : 0), 0);
    const decided = sum() - sum('received');
    return {
      partner,
      total: sum(),
      perHour: Math.round((sum() / hours) * 10) / 10,
      states: {
        received: sum('received'),
        applied: sum('applied'),
        ignored: sum('ignored'),
        parked: sum('parked'),
        waiting: sum('waiting'),
      },
      parkedShare: decided === 0 ? 0 : Math.round((sum('parked') / decided) * 10_000) / 10_000,
      reasons: own.flatMap(({ state, reason, count, example }) =>
        reason === null ? [] : [{ state, reason, count, example }],
      ),
    };
  });
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    partners,
    undecided: undecided.map((row) => ({ ...row, oldest: row.oldest.toISOString() })),
    parked: parked.map((row) => ({ ...row, oldest: row.oldest.toISOString() })),
  };
}
