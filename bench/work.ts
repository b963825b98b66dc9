// Benchmark (b): messages worked to the end by the whole service, from the first send until nothing waits in the inbox;
// what one costs in processor time of the service and of Postgres, and in commits.

import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startHelper } from './child.ts';
import type { Figure, Say } from './figure.ts';
import { type Ground, startServiceProcess } from './ground.ts';
import { feedOf, range } from './messages.ts';
import { processorMs } from './processor-time.ts';
import { sayFunctions, sayStatements, startCountingStatements } from './profile.ts';
import type { SendAnswer } from './send-load.ts';
import { median, round } from './statistics.ts';

const connections = 32;
const commitsSql = 'select xact_commit::int as commits from pg_stat_database where datname = current_database()';

interface Turn {
  readonly messages: number;
  readonly perSecond: number;
  readonly acknowledgedPerSecond: number;
  readonly serviceMs: number | undefined;
  readonly postgresMs: number | undefined;
  readonly commits: number;
}

export async function benchWork(ground: Ground, isQuick: boolean, say: Say): Promise<Figure[]> {
  const url = await ground.database('bench_work');
  const service = await startServiceProcess(ground, 'work', url);
  const helper = startHelper('./send-load');
  const client = new pg.Client({ connectionString: url, application_name: 'bench' });
  await client.connect();
  let people = 0;

  async function turn(peopleCount: number): Promise<Turn> {
    const feeds = range(0, connections).map((connection) =>
      feedOf(range(people, peopleCount).filter((person) => person % connections === connection)),
    );
    people += peopleCount;
    const before = {
      service: processorMs(service.pid),
      postgres: processorMs(ground.postgresPid),
      commits: await settledCommits(),
    };
    const sent = await helper.ask<SendAnswer>({ feeds, to: { mllpPort: service.mllpPort } });
    if (sent.refused > 0) throw new Error(`${sent.refused} messages were not accepted`);
    let looks = 0;
    for (let waits = true; waits; looks += 1) {
      const { rows } = await client.query<{ waits: boolean }>(
        `select exists (select 1 from inbox where state = 'received') as waits`,
      );
      waits = rows[0]?.waits ?? false;
      if (waits) await sleep(50);
    }
    const seconds = (Date.now() - sent.startedAt) / 1_000;
    const after = { service: processorMs(service.pid), postgres: processorMs(ground.postgresPid) };
    const commits = (await settledCommits()) - before.commits - looks - settlingLooks;
    const per = (a: number | undefined, b: number | undefined) =>
      a === undefined || b === undefined ? undefined : (b - a) / sent.count;
    const told: Turn = {
      messages: sent.count,
      perSecond: sent.count / seconds,
      acknowledgedPerSecond: sent.count / sent.seconds,
      serviceMs: per(before.service, after.service),
      postgresMs: per(before.postgres, after.postgres),
      commits: commits / sent.count,
    };
    say(
      `  ${sent.count} messages: ${round(told.perSecond, 0)}/s worked, ${round(told.acknowledgedPerSecond, 0)}/s acknowledged, ${round(told.serviceMs ?? 0)} + ${round(told.postgresMs ?? 0)} ms, ${round(told.commits, 3)} commits`,
    );
    return told;
  }

  /** A session tells of its commits about a second late. */
  async function settledCommits(): Promise<number> {
    await sleep(1_200);
    const { rows } = await client.query<{ commits: number }>(commitsSql);
    return rows[0]?.commits ?? 0;
  }

  try {
    await turn(isQuick ? 500 : 1_500);
    if (ground.profileDir !== undefined) await startCountingStatements(client);
    const turns: Turn[] = [];
    for (let round = 0; round < (isQuick ? 1 : 3); round += 1) turns.push(await turn(isQuick ? 1_000 : 4_000));
    await checkOutcome(client);
    if (ground.profileDir !== undefined)
      await sayStatements(
        client,
        turns.reduce((sum, { messages }) => sum + messages, 0),
        say,
      );
    return figuresOf(turns);
  } finally {
    await client.end();
    await helper.stop();
    await service.stop();
    if (ground.profileDir !== undefined) sayFunctions(path.join(ground.profileDir, 'work'), say);
  }
}

const settlingLooks = 1;

/** Speed over messages that nobody could read would mean nothing. */
async function checkOutcome(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ state: string; count: number }>(
    'select state, count(*)::int as count from inbox group by state',
  );
  const other = rows.filter(({ state }) => state !== 'applied');
  if (other.length > 0) throw new Error(`not all messages were applied: ${JSON.stringify(other)}`);
}

function figuresOf(turns: readonly Turn[]): Figure[] {
  const part = 'b';
  const perSecond = median(turns.map((turn) => turn.perSecond));
  const commits = median(turns.map((turn) => turn.commits));
  const cpu = (of: (turn: Turn) => number | undefined): number => median(turns.map((turn) => of(turn) ?? Number.NaN));
  const service = cpu((turn) => turn.serviceMs);
  const postgres = cpu((turn) => turn.postgresMs);
  const note = `whole service, ${connections} connections; from the first send until the inbox is empty; processor time without the load generator`;
  return [
    {
      part,
      name: 'messages worked to the end',
      value: perSecond,
      unit: '/s',
      beside: { name: 'aim', value: 700 },
      ratio: perSecond / 700,
      aim: { text: '≥ 700/s', met: perSecond >= 700 },
      note,
    },
    { part, name: 'processor time per message', value: service + postgres, unit: 'ms' },
    { part, name: '  of it Node', value: service, unit: 'ms' },
    { part, name: '  of it Postgres', value: postgres, unit: 'ms' },
    {
      part,
      name: 'commits per message',
      value: commits,
      unit: '',
      beside: { name: 'aim', value: 0.4 },
      ratio: commits / 0.4,
      aim: { text: '≤ 0.4', met: commits <= 0.4 },
    },
  ];
}
