// The arguments that select messages, the same for show, replay, park and stats.

import { parseArgs } from 'node:util';
import type { MessageFilter } from '../../src/api/ops/message-types.ts';

const selecting = [
  'partner',
  'control-id',
  'identifier',
  'visit',
  'state',
  'reason',
  'trigger',
  'flag',
  'from',
  'to',
] as const;

export const selectionUsage = `  --partner ID --trigger ADT^A03 --state received|applied|ignored|parked|waiting
  --reason CODE --flag CODE --control-id MSH-10 --identifier VALUE --visit NUMBER
  --from TIME --to TIME   received from, and before: 2026-11-20 (UTC) or 2026-11-20T08:00:00-05:00`;

export interface Arguments {
  readonly ids: readonly number[];
  readonly filter: MessageFilter;
  readonly own: Readonly<Record<string, string | boolean | undefined>>;
}

/** Throws an error that says what would be right. */
export function readArguments(args: readonly string[], own: Readonly<Record<string, 'string' | 'boolean'>>): Arguments {
  const types = { ...own, json: 'boolean', help: 'boolean' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...Object.fromEntries(selecting.map((name) => [name, { type: 'string' as const }])),
      ...Object.fromEntries(Object.entries(types).map(([name, type]) => [name, { type }])),
    },
  });
  const ids = positionals.map((text) => {
    if (!/^\d{1,15}$/.test(text)) throw new Error(`"${text}" is no message id; the first column of the list is`);
    return Number(text);
  });
  const filter = Object.fromEntries(
    selecting.flatMap((name) => (typeof values[name] === 'string' ? [[name, values[name]]] : [])),
  ) as MessageFilter;
  const rest = Object.fromEntries(
    Object.keys(types).map((name) => [name, values[name] as string | boolean | undefined]),
  );
  return { ids, filter, own: rest };
}
