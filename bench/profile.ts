// Where the time goes, for whoever makes it faster: the statements that cost Postgres most, and the functions in which
// Node spent most of its own time, from the profiles that `npm run bench -- --profile FOLDER` leaves.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type pg from 'pg';
import type { Say } from './figure.ts';

export async function startCountingStatements(client: pg.Client): Promise<void> {
  await client.query('create extension if not exists pg_stat_statements');
  await client.query('select pg_stat_statements_reset()');
}

export async function sayStatements(client: pg.Client, messages: number, say: Say): Promise<void> {
  const { rows } = await client.query<{ ms: number; calls: number; rows: number; wal: number; text: string }>(
    `select total_exec_time as ms, calls::int, rows::int, wal_bytes::float8 as wal, regexp_replace(query, '\\s+', ' ', 'g') as text
       from pg_stat_statements order by total_exec_time desc limit 16`,
  );
  say('  µs/message   calls  rows/call  WAL B/message  statement');
  for (const { ms, calls, rows: count, wal, text } of rows) {
    const cells = [
      ((ms * 1_000) / messages).toFixed(0).padStart(10),
      String(calls).padStart(7),
      (count / calls).toFixed(1).padStart(10),
      (wal / messages).toFixed(0).padStart(14),
    ];
    say(`  ${cells.join(' ')}  ${text.slice(0, 100)}`);
  }
}

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export function sayFunctions(folder: string, say: Say): void {
  for (const file of existsSync(folder) ? readdirSync(folder) : []) {
    const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Profile;
    const names = new Map(
      nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
        id,
        `${functionName || '(anonymous)'} ${url.replace(/^.*\/(src|node_modules)\//, '$1/')}:${lineNumber + 1}`,
      ]),
    );
    const own = new Map<string, number>();
    samples.forEach((id, at) => {
      const name = names.get(id) ?? '';
      own.set(name, (own.get(name) ?? 0) + (timeDeltas[at] ?? 0));
    });
    const busy = [...own].filter(([name]) => !/^\((idle|root)\)/.test(name)).sort(([, a], [, b]) => b - a);
    const total = busy.reduce((sum, [, time]) => sum + time, 0);
    say(`  ${file}: ${(total / 1e6).toFixed(1)} s busy`);
    for (const [name, time] of busy.slice(0, 45)) say(`  ${((100 * time) / total).toFixed(1).padStart(6)} %  ${name}`);
  }
}
