// Benchmark (b): messages worked to the end by the whole service, from the first send until nothing waits in the inbox;
// what one costs in processor time of the service and of Postgres, and in commits.

import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startHelper } from './child.ts';
import { checkAllApplied, feed, untilWorked } from './feed.ts';
import type { Figure, Say } from './figure.ts';
import { type Ground, startServiceProcess } from './ground.ts';
import { range } from './messages.ts';
import { processorMs } from './processor-time.ts';
import { sayFunctions, sayStatements, startCountingStatements } from './profile.ts';
import { median, round } from './statistics.ts';

const connections = 32;
const settlingLooks = 1;
const commitsSql = 'select xact_commit::int as commits from pg_stat_database where datname = current_database()';

interface Turn {
  readonly messages: number;
  readonly perSecond: number;
  readonly acknowledgedPerSecond: number;
  /** Processor time per message; not a number where it is not told. */
  readonly serviceMs: number;
  readonly postgresMs: number;
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
    const commitsBefore = await settledCommits();
    const before = { service: processorMs(service.pid), postgres: processorMs(ground.postgresPid) };
    const sent = await feed(helper, service, range(people, peopleCount), connections);
    const looks = await untilWorked(client);
    const seconds = (Date.now() - sent.startedAt) / 1_000;
    const after = { service: processorMs(service.pid), postgres: processorMs(ground.postgresPid) };
    const commits = (await settledCommits()) - commitsBefore - looks - settlingLooks;
    people += peopleCount;
    const told: Turn = {
      messages: sent.count,
      perSecond: sent.count / seconds,
      acknowledgedPerSecond: sent.count / sent.seconds,
      serviceMs: (after.service - before.service) / sent.count,
      postgresMs: (after.postgres - before.postgres) / sent.count,
      commits: commits / sent.count,
    };
    say(
      `  ${told.messages} messages: ${round(told.perSecond, 0)}/s worked, ${round(told.acknowledgedPerSecond, 0)}/s acknowledged, ${round(told.serviceMs)} + ${round(told.postgresMs)} ms, ${round(told.commits, 3)} commits`,
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
    for (let count = 0; count < (isQuick ? 1 : 3); count += 1) turns.push(await turn(isQuick ? 1_000 : 3_000));
    await checkAllApplied(client);
    if (ground.profileDir !== undefined) {
      const messages = turns.reduce((sum, told) => sum + told.messages, 0);
      await sayStatements(client, messages, say);
    }
    return figuresOf(turns);
  } finally {
    await client.end();
    await helper.stop();
    await service.stop();
    if (ground.profileDir !== undefined) sayFunctions(path.join(ground.profileDir, 'work'), say);
  }
}

function figuresOf(turns: readonly Turn[]): Figure[] {
  const part = 'b';
  const of = (value: (turn: Turn) => number): number => median(turns.map(value));
  const perSecond = of((turn) => turn.perSecond);
  const commits = of((turn) => turn.commits);
  const service = of((turn) => turn.serviceMs);
  const postgres = of((turn) => turn.postgresMs);
  return [
    {
      part,
      name: 'messages worked to the end',
      value: perSecond,
      unit: '/s',
      beside: { name: 'aim', value: 700 },
      ratio: perSecond / 700,
      aim: { text: '≥ 700/s', met: perSecond >= 700 },
      note: `whole service, ${connections} connections; from the first send until the inbox is empty; processor time without the load generator`,
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
