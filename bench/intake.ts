// Benchmark (a): messages acknowledged after their commit, over the real MLLP port, beside single-row durable inserts of
// the same bytes by plain `pg` into one plain table of the same database, in interleaved rounds. No inbox workers run
// here: what is compared is keeping alone.

import pg from 'pg';
import { startHelper } from './child.ts';
import type { Figure, Say } from './figure.ts';
import { type Ground, startServiceProcess } from './ground.ts';
import { feedOf, range } from './messages.ts';
import type { SendAnswer, SendQuestion } from './send-load.ts';
import { median, round } from './statistics.ts';

interface Pair {
  readonly service: number;
  readonly plain: number;
}

export async function benchIntake(ground: Ground, isQuick: boolean, say: Say): Promise<Figure[]> {
  const url = await ground.database('bench_intake');
  const service = await startServiceProcess(ground, 'intake', url, { WORKERS: '0' });
  const helper = startHelper('./send-load');
  const client = new pg.Client({ connectionString: url, application_name: 'bench' });
  await client.connect();
  // What keeping took before the bytes were parted from the key: one table, its number and its key.
  await client.query(
    `create table plain_message (
       id bigint generated always as identity primary key, organisation text not null, partner text not null,
       control_id text not null, digest bytea not null, received_at timestamptz not null, raw bytea not null,
       unique (organisation, partner, control_id, digest)
     )`,
  );
  let people = 0;

  /** Both sides get the same bytes, one right after the other; who goes first alternates. */
  async function playRound(connections: number, peopleEach: number, isServiceFirst: boolean): Promise<Pair> {
    const feeds = range(0, connections).map((connection) =>
      feedOf(range(people + connection * peopleEach, peopleEach)),
    );
    people += connections * peopleEach;
    const perSecond = async (to: SendQuestion['to']): Promise<number> => {
      const { count, seconds, refused } = await helper.ask<SendAnswer>({ feeds, to });
      if (refused > 0) throw new Error(`${refused} messages were not accepted`);
      return count / seconds;
    };
    const serve = () => perSecond({ mllpPort: service.mllpPort });
    const insert = () => perSecond({ databaseUrl: url });
    if (isServiceFirst) return { service: await serve(), plain: await insert() };
    const plain = await insert();
    return { service: await serve(), plain };
  }

  async function measure(connections: number, peopleEach: number): Promise<Pair[]> {
    await playRound(connections, Math.ceil(peopleEach / 2), true);
    const pairs: Pair[] = [];
    for (let turn = 0; turn < (isQuick ? 3 : 8); turn += 1) {
      const pair = await playRound(connections, peopleEach, turn % 2 === 0);
      say(
        `  ${connections} connections: ${round(pair.service, 0)}/s beside ${round(pair.plain, 0)}/s, ${round(pair.service / pair.plain)}`,
      );
      pairs.push(pair);
    }
    return pairs;
  }

  try {
    const many = await measure(32, isQuick ? 40 : 80);
    const one = await measure(1, isQuick ? 200 : 400);
    const { rows } = await client.query<{ kept: number; plain: number }>(
      'select (select count(*) from message)::int as kept, (select count(*) from plain_message)::int as plain',
    );
    if (rows[0]?.kept !== rows[0]?.plain)
      throw new Error(`the two sides kept different numbers: ${JSON.stringify(rows[0])}`);
    return [figureOf(32, many), figureOf(1, one)];
  } finally {
    await client.end();
    await helper.stop();
    await service.stop();
  }
}

function figureOf(connections: number, pairs: readonly Pair[]): Figure {
  const ratio = median(pairs.map(({ service, plain }) => service / plain));
  return {
    part: 'a',
    name: `messages acknowledged, ${connections} connection${connections === 1 ? '' : 's'}`,
    value: median(pairs.map(({ service }) => service)),
    unit: '/s',
    beside: {
      name: `plain inserts, ${connections} client${connections === 1 ? '' : 's'}`,
      value: median(pairs.map(({ plain }) => plain)),
    },
    ratio,
    ...(connections > 1 && { aim: { text: '≥ 1.0 ×', met: ratio >= 1 } }),
    note: 'inbox workers off; the ratio is the median of the rounds’ ratios',
  };
}
