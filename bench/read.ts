// Benchmark (c): FHIR read by id with a token, audited before it is answered, beside a bare server that selects the same
// text by key; both are processes of their own, asked by the same load generator in interleaved rounds.

import pg from 'pg';
import { fetchLocalToken } from '../scripts/local-token.ts';
import { type Helper, startHelper } from './child.ts';
import { checkAllApplied, feed, untilWorked } from './feed.ts';
import type { Figure, Say } from './figure.ts';
import { type Ground, type RunningService, startServiceProcess } from './ground.ts';
import { range } from './messages.ts';
import type { ReadAnswer, ReadQuestion } from './read-load.ts';
import { median, percentile, round } from './statistics.ts';

const connections = 16;

export const tokenOf = async ({ dataDir, httpUrl }: RunningService): Promise<string> =>
  (await fetchLocalToken({ dataDir, host: '127.0.0.1', httpPort: 0, publicUrl: httpUrl }, 'system/*.rs')).token;

export async function ask(helper: Helper, question: ReadQuestion): Promise<ReadAnswer> {
  const told = await helper.ask<ReadAnswer>(question);
  if (told.failed > 0)
    throw new Error(`${told.failed} of ${question.count} answers were not 200: ${question.paths[0]}`);
  return told;
}

export const portOf = ({ httpUrl }: Pick<RunningService, 'httpUrl'>): number => Number(new URL(httpUrl).port);

export async function benchRead(ground: Ground, isQuick: boolean, say: Say): Promise<Figure[]> {
  const url = await ground.database('bench_read');
  const service = await startServiceProcess(ground, 'read', url);
  const sender = startHelper('./send-load');
  const bare = startHelper('./bare-read');
  const reader = startHelper('./read-load');
  const client = new pg.Client({ connectionString: url, application_name: 'bench' });
  await client.connect();
  try {
    await feed(sender, service, range(0, 400), 16);
    await untilWorked(client);
    await checkAllApplied(client);
    await client.query('vacuum analyze');
    const { rows } = await client.query<{ path: string }>(
      `select '/fhir/R4/' || type || '/' || id as path from resource where patient is not null order by md5(id) limit 4000`,
    );
    const barePort = await bare.ask<number>({ databaseUrl: url, connections });
    const question = {
      token: await tokenOf(service),
      paths: rows.map(({ path }) => path),
      connections,
      count: isQuick ? 4_000 : 10_000,
    };
    const served = () => ask(reader, { ...question, port: portOf(service) });
    const plain = () => ask(reader, { ...question, port: barePort });
    await served();
    await plain();
    const pairs: { readonly service: ReadAnswer; readonly plain: ReadAnswer }[] = [];
    for (let turn = 0; turn < (isQuick ? 3 : 8); turn += 1) {
      const first = turn % 2 === 0 ? { service: await served() } : { plain: await plain() };
      const pair = { service: await served(), plain: await plain(), ...first };
      say(
        `  ${round(question.count / pair.service.seconds, 0)}/s beside ${round(question.count / pair.plain.seconds, 0)}/s, ${round(pair.plain.seconds / pair.service.seconds)}`,
      );
      pairs.push(pair);
    }
    return figuresOf(pairs, question.count);
  } finally {
    await client.end();
    for (const helper of [sender, bare, reader]) await helper.stop();
    await service.stop();
  }
}

function figuresOf(
  pairs: readonly { readonly service: ReadAnswer; readonly plain: ReadAnswer }[],
  count: number,
): Figure[] {
  const ratio = median(pairs.map(({ service, plain }) => plain.seconds / service.seconds));
  const perSecond = (side: 'service' | 'plain'): number => median(pairs.map((pair) => count / pair[side].seconds));
  const late = (side: 'service' | 'plain'): number =>
    median(pairs.map((pair) => percentile([...pair[side].times], 0.99)));
  const note = `${connections} kept-alive connections; the service checks a token and keeps an audit row of each read, durable before the answer; the bare server does neither`;
  return [
    {
      part: 'c',
      name: 'FHIR reads by id',
      value: perSecond('service'),
      unit: '/s',
      beside: { name: 'bare server', value: perSecond('plain') },
      ratio,
      aim: { text: '≥ 0.75 ×', met: ratio >= 0.75 },
      note,
    },
    {
      part: 'c',
      name: '  p99',
      value: late('service'),
      unit: 'ms',
      beside: { name: 'bare server', value: late('plain') },
      ratio: late('service') / late('plain'),
    },
  ];
}
