// Benchmark (d): the same questions through the HTTP API to a practice with ten thousand cases and to one with a hundred
// thousand, in interleaved rounds; what counts is how the slowest hundredth of the answers compares.

import pg from 'pg';
import { startHelper } from './child.ts';
import { checkAllApplied, feed, untilWorked } from './feed.ts';
import type { Figure, Say } from './figure.ts';
import { type Ground, type RunningService, startServiceProcess } from './ground.ts';
import { range } from './messages.ts';
import { multiplyCharts } from './multiply.ts';
import { ask, portOf, tokenOf } from './read.ts';
import { median, percentile, round } from './statistics.ts';

const connections = 4;

interface Question {
  readonly name: string;
  readonly paths: readonly string[];
}

interface Practice {
  readonly service: RunningService;
  readonly token: string;
  readonly questions: readonly Question[];
  readonly cases: number;
}

export async function benchScale(ground: Ground, isQuick: boolean, say: Say): Promise<Figure[]> {
  const sizes = isQuick ? [1_000, 10_000] : [10_000, 100_000];
  const reader = startHelper('./read-load');
  const practices: Practice[] = [];
  try {
    for (const cases of sizes) practices.push(await fill(ground, cases, say));
    const [few, many] = practices as [Practice, Practice];
    const figures: Figure[] = [];
    for (const [index, { name }] of few.questions.entries()) {
      const times = async (practice: Practice, count: number): Promise<number> => {
        const paths = practice.questions[index]?.paths ?? [];
        const told = await ask(reader, {
          port: portOf(practice.service),
          token: practice.token,
          paths,
          connections,
          count,
        });
        return percentile([...told.times], 0.99);
      };
      const perRound = isQuick ? 400 : 1_000;
      await times(few, perRound);
      await times(many, perRound);
      const pairs: { few: number; many: number }[] = [];
      for (let turn = 0; turn < (isQuick ? 4 : 12); turn += 1) {
        const first = turn % 2 === 0 ? { few: await times(few, perRound) } : {};
        const later = await times(many, perRound);
        pairs.push({ many: later, few: first.few ?? (await times(few, perRound)) });
      }
      figures.push(figureOf(name, few.cases, many.cases, pairs));
      say(`  ${name}: p99 ${pairs.map((pair) => `${round(pair.few, 1)}→${round(pair.many, 1)}`).join(' ')} ms`);
    }
    return figures;
  } finally {
    await reader.stop();
    for (const { service } of practices) await service.stop();
  }
}

/** A practice with so many cases: some made by the service from messages, the rest copies of these with ids of their own. */
async function fill(ground: Ground, cases: number, say: Say): Promise<Practice> {
  const name = `scale_${cases}`;
  const url = await ground.database(`bench_${name}`);
  const service = await startServiceProcess(ground, name, url);
  const sender = startHelper('./send-load');
  const client = new pg.Client({ connectionString: url, application_name: 'bench' });
  await client.connect();
  try {
    await feed(sender, service, range(0, 300), 16);
    await untilWorked(client);
    await checkAllApplied(client);
    const from = performance.now();
    await multiplyCharts(client, cases);
    await client.query('vacuum analyze');
    await client.query('checkpoint');
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::int as count from resource where type = 'CarePlan'`,
    );
    say(`  ${rows[0]?.count} cases filled in ${round((performance.now() - from) / 1_000, 1)} s`);
    return { service, token: await tokenOf(service), questions: await questionsOf(client), cases };
  } finally {
    await client.end();
    await sender.stop();
  }
}

async function questionsOf(client: pg.Client): Promise<Question[]> {
  const paths = async (sql: string): Promise<string[]> =>
    (await client.query<{ path: string }>(sql)).rows.map(({ path }) => path);
  return [
    {
      name: 'read by id',
      paths: await paths(
        `select '/fhir/R4/' || type || '/' || id as path from resource where patient is not null order by md5(id) limit 5000`,
      ),
    },
    {
      name: 'Patient?identifier=',
      paths: await paths(
        `select '/fhir/R4/Patient?identifier=' || value as path from resource_identifier where type = 'Patient' order by md5(value) limit 5000`,
      ),
    },
    {
      name: 'worklist of a role, 50 ready tasks by due date',
      paths: await paths(
        `select '/fhir/R4/Task?owner=' || owner || '&status=ready&_sort=due-date&_count=50' as path
           from resource where type = 'Task' and status = 'ready' group by owner order by owner`,
      ),
    },
  ];
}

function figureOf(
  name: string,
  few: number,
  many: number,
  pairs: readonly { readonly few: number; readonly many: number }[],
): Figure {
  const ratio = median(pairs.map((pair) => pair.many / pair.few));
  return {
    part: 'd',
    name: `p99 with ${many.toLocaleString('en-US')} cases: ${name}`,
    value: median(pairs.map((pair) => pair.many)),
    unit: 'ms',
    beside: { name: `with ${few.toLocaleString('en-US')}`, value: median(pairs.map((pair) => pair.few)) },
    ratio,
    aim: { text: '≤ 1.3 ×', met: ratio <= 1.3 },
    note: 'cases made by the service from messages, then copied in SQL with ids and identifiers of their own: resources and their identifiers, which is all that these questions read',
  };
}
