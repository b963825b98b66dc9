// `npm run feed -- stats`: what became of the messages of a time, per partner, state and reason, and what waits.

import type { MessageStats } from '../../src/api/ops/message-types.ts';
import { tokenUsage } from '../service-token.ts';
import { readArguments } from './message-arguments.ts';
import { operatorClient } from './operator-client.ts';
import { table } from './table.ts';

const usage = `npm run feed -- stats [--from TIME] [--to TIME] [--json]

Counts the messages received in a time, the last 24 hours by default, per partner, state and reason; and what nobody has
decided yet, whenever it came.
${tokenUsage}`;

export async function run(args: readonly string[]): Promise<number> {
  const { ids, filter, own } = readArguments(args, {});
  if (own.help) {
    console.log(usage);
    return 0;
  }
  const { from, to, ...other } = filter;
  if (ids.length > 0 || Object.keys(other).length > 0) throw new Error(`Only --from and --to are taken.\n\n${usage}`);
  const query = new URLSearchParams({ ...(from !== undefined && { from }), ...(to !== undefined && { to }) });
  const stats = await (await operatorClient()).get<MessageStats>(`/messages/stats?${query}`);
  console.log(own.json ? JSON.stringify(stats, null, 2) : wordsOf(stats));
  return 0;
}

function wordsOf({ from, to, partners, undecided }: MessageStats): string {
  const parts = [`Received from ${from} to ${to}`];
  if (partners.length === 0) parts.push('Nothing.');
  else
    parts.push(
      table(
        ['partner', 'messages', 'per hour', 'received', 'applied', 'ignored', 'parked', 'waiting', 'parked of decided'],
        partners.map(({ partner, total, perHour, states, parkedShare }) => [
          partner,
          total,
          perHour,
          states.received,
          states.applied,
          states.ignored,
          states.parked,
          states.waiting,
          `${(parkedShare * 100).toFixed(2)} %`,
        ]),
      ),
    );
  const reasons = partners.flatMap(({ partner, reasons }) =>
    reasons.map((row) => [partner, row.state, row.reason, row.count, row.example]),
  );
  if (reasons.length > 0) parts.push(table(['partner', 'state', 'reason', 'messages', 'example'], reasons));
  parts.push(
    undecided.length === 0
      ? 'Nothing waits for a decision.'
      : `Not decided for good, whenever received\n${table(
          ['partner', 'state', 'messages', 'oldest'],
          undecided.map((row) => [row.partner, row.state, row.count, row.oldest]),
        )}`,
  );
  return parts.join('\n\n');
}
