// `npm run feed -- park`: what is parked and why; with an id and a reason, one more.

import type { MessageStats, MessageSummary } from '../../src/api/ops/message-types.ts';
import { tokenUsage } from '../service-token.ts';
import { readArguments } from './message-arguments.ts';
import { operatorClient } from './operator-client.ts';
import { table } from './table.ts';

const usage = `npm run feed -- park [--json]
npm run feed -- park ID --reason TEXT [--json]

Lists the parked messages by reason, with counts and the newest example of each; or sets one message aside that nobody
has decided yet. Parked messages hold up no other; npm run feed -- replay releases them.
${tokenUsage}`;

export async function run(args: readonly string[]): Promise<number> {
  const { ids, filter, own } = readArguments(args, {});
  if (own.help) {
    console.log(usage);
    return 0;
  }
  const { reason, ...other } = filter;
  if (ids.length > 1 || (ids.length === 0 && reason !== undefined) || Object.keys(other).length > 0)
    throw new Error(`Give one id with --reason, or neither.\n\n${usage}`);
  const client = await operatorClient();
  const [id] = ids;
  if (id !== undefined) {
    if (reason === undefined) throw new Error('Say why: --reason "text"');
    const parked = await client.post<MessageSummary>(`/messages/${id}/park`, { reason });
    console.log(own.json ? JSON.stringify(parked, null, 2) : `Message ${parked.id} is parked.`);
    return 0;
  }
  const { parked } = await client.get<MessageStats>('/messages/stats');
  if (own.json) console.log(JSON.stringify({ parked }, null, 2));
  else if (parked.length === 0) console.log('Nothing is parked.');
  else
    console.log(
      table(
        ['partner', 'reason', 'messages', 'oldest', 'example'],
        parked.map((row) => [row.partner, row.reason, row.count, row.oldest, row.example]),
      ),
    );
  return 0;
}
