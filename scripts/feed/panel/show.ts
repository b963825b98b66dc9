// The panel on a terminal: a load with its difference, members with their days, figures.

import { pairs, table } from '../table.ts';

interface Entry {
  readonly authority: string;
  readonly value: string;
  readonly family?: string;
  readonly given?: string;
  readonly birthDate?: string;
  readonly practitionerNpi?: string;
  readonly practitionerName?: string;
  readonly from?: string;
  readonly until?: string;
}

export interface Load {
  readonly id: number;
  readonly source: string;
  readonly mode: string;
  readonly asOf: string;
  readonly state: string;
  readonly receivedAt: string;
  readonly receivedBy: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly guards: readonly { readonly code: string; readonly says: string }[];
  readonly samples: {
    readonly added: readonly Entry[];
    readonly removed: readonly Entry[];
    readonly changed: readonly { readonly before: Entry; readonly after: Entry }[];
    readonly unreadable: readonly { readonly line: number; readonly reason: string }[];
    readonly repeated: readonly { readonly line: number; readonly identifier: string; readonly reason: string }[];
  } | null;
}

export interface MembersFound {
  readonly members: readonly (Entry & { readonly load: number; readonly endedBy: number | null })[];
  readonly optOuts: readonly {
    readonly authority: string;
    readonly value: string;
    readonly from: string;
    readonly until: string | null;
    readonly recordedBy: string;
    readonly note: string | null;
  }[];
}

export interface PanelStats {
  readonly day: string;
  readonly identifiers: number;
  readonly persons: number;
  readonly attributed: number;
  readonly optOuts: number;
  readonly messagesKept: number;
  readonly leftOut: readonly {
    readonly partner: string;
    readonly reason: string;
    readonly trigger: string;
    readonly messages: number;
  }[];
}

const entryHead = ['identifier', 'authority', 'name', 'born', 'practitioner', 'from', 'until'];
const entryRow = (entry: Entry) => [
  entry.value,
  entry.authority,
  [entry.family, entry.given].filter((part) => part !== undefined).join(', '),
  entry.birthDate,
  entry.practitionerName ?? entry.practitionerNpi,
  entry.from,
  entry.until,
];

export function showLoad({ id, source, mode, asOf, counts, guards, samples }: Load): string {
  const parts = [
    `Load ${id} from ${source}, as of ${asOf}, to ${mode === 'add' ? 'be added' : 'replace what stands'}:`,
    pairs(Object.entries(counts)),
  ];
  const part = (title: string, count: number | undefined, text: string): void => {
    if (count) parts.push(`${title}\n${text}`);
  };
  if (samples) {
    part('First of those added', samples.added.length, table(entryHead, samples.added.map(entryRow)));
    part('First of those who leave', samples.removed.length, table(entryHead, samples.removed.map(entryRow)));
    part(
      'First of those who change (before, after)',
      samples.changed.length,
      table(
        entryHead,
        samples.changed.flatMap(({ before, after }) => [entryRow(before), entryRow(after)]),
      ),
    );
    part(
      'First rows that cannot be read',
      samples.unreadable.length,
      table(
        ['row', 'what would be right'],
        samples.unreadable.map(({ line, reason }) => [line, reason]),
      ),
    );
    part(
      'First rows that repeat an identifier',
      samples.repeated.length,
      table(
        ['row', 'identifier', 'reason'],
        samples.repeated.map(({ line, identifier, reason }) => [line, identifier, reason]),
      ),
    );
  }
  for (const { code, says } of guards) parts.push(`Refused (${code}): ${says}\nTo pass it: --accept ${code}`);
  return parts.join('\n\n');
}

export const loadsTable = (loads: readonly Load[]): string =>
  table(
    ['load', 'source', 'mode', 'as of', 'state', 'received', 'by', 'added', 'removed', 'changed'],
    loads.map((load) => [
      load.id,
      load.source,
      load.mode,
      load.asOf,
      load.state,
      load.receivedAt,
      load.receivedBy,
      load.counts.added,
      load.counts.removed,
      load.counts.changed,
    ]),
  );

export function membersTable({ members, optOuts }: MembersFound): string {
  if (members.length === 0 && optOuts.length === 0) return 'Nobody on the panel holds this identifier, now or before.';
  const parts: string[] = [];
  if (members.length > 0)
    parts.push(
      table(
        [...entryHead, 'load', 'ended by'],
        members.map((one) => [...entryRow(one), one.load, one.endedBy ?? '']),
      ),
    );
  if (optOuts.length > 0)
    parts.push(
      table(
        ['opted out', 'authority', 'from', 'until', 'recorded by', 'note'],
        optOuts.map((one) => [one.value, one.authority, one.from, one.until ?? '', one.recordedBy, one.note ?? '']),
      ),
    );
  return parts.join('\n\n');
}

export function showStats({ leftOut, ...figures }: PanelStats): string {
  const parts = [
    pairs([
      ['on', figures.day],
      ['identifiers', figures.identifiers],
      ['persons', figures.persons],
      ['with a practitioner', figures.attributed],
      ['opt-outs', figures.optOuts],
      ['messages kept', figures.messagesKept],
    ]),
  ];
  if (leftOut.length > 0)
    parts.push(
      table(
        ['partner', 'reason', 'trigger', 'messages'],
        leftOut.map((row) => [row.partner, row.reason, row.trigger, row.messages]),
      ),
    );
  return parts.join('\n\n');
}
