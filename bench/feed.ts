// Feeding the service for a benchmark: people's messages over its MLLP port, and waiting until nothing waits in the inbox.

import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Helper } from './child.ts';
import type { RunningService } from './ground.ts';
import { feedOf } from './messages.ts';
import type { SendAnswer } from './send-load.ts';

const lookEveryMs = 50;

export async function feed(
  helper: Helper,
  service: RunningService,
  people: readonly number[],
  connections: number,
): Promise<SendAnswer> {
  const feeds = Array.from({ length: connections }, (_, connection) =>
    feedOf(people.filter((person) => person % connections === connection)),
  );
  const sent = await helper.ask<SendAnswer>({ feeds, to: { mllpPort: service.mllpPort } });
  if (sent.refused > 0) throw new Error(`${sent.refused} messages were not accepted`);
  return sent;
}

/** Gives how often it looked, each a commit. */
export async function untilWorked(client: pg.Client): Promise<number> {
  for (let looks = 1; ; looks += 1) {
    const { rows } = await client.query<{ waits: boolean }>(
      `select exists (select 1 from inbox where state = 'received') as waits`,
    );
    if (rows[0]?.waits !== true) return looks;
    await sleep(lookEveryMs);
  }
}

/** Speed over messages that nobody could read would mean nothing. */
export async function checkAllApplied(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ state: string; count: number }>(
    'select state, count(*)::int as count from inbox group by state',
  );
  const other = rows.filter(({ state }) => state !== 'applied');
  if (rows.length === 0 || other.length > 0) throw new Error(`not all messages were applied: ${JSON.stringify(other)}`);
}
