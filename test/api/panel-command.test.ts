// `npm run feed -- panel` against a running service: a list is shown, applied, looked up; a guard turns it away.

import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aDatabase } from '../support/database.ts';
import { aTestFolder, type ServiceProcess, startProcess } from '../support/service-process.ts';

let service: ServiceProcess;
let folder: string;
let settings: Record<string, string>;

beforeAll(async () => {
  const { url } = await aDatabase();
  folder = aTestFolder('panel-command');
  service = await startProcess({ DATABASE_URL: url, DATA_DIR: folder });
  settings = { DATA_DIR: folder, PUBLIC_URL: (await service.ready).http };
}, 60_000);
afterAll(() => service.kill('SIGTERM'));

function panel(...args: string[]): Promise<{ code: number | null; printed: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/feed.ts', 'panel', ...args], {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, printed })));
}

function file(name: string, text: string): string {
  const place = path.join(folder, name);
  writeFileSync(place, text);
  return place;
}

test('a list is shown, applied, found again; a smaller one is refused until it is accepted', async () => {
  const first = file('first.csv', 'identifier,family\n1001,Winter\n1002,Spring\n1003,Summer\n');
  const shown = await panel('load', first, '--source', 'november');
  expect([shown.code, shown.printed]).toEqual([
    0,
    expect.stringMatching(/added +3[\s\S]*Nothing is changed\. .*panel apply 1/),
  ]);
  expect((await panel('apply', '1')).printed).toContain('Load 1 is applied.');
  expect((await panel('show', '1002', '--authority', 'GH')).printed).toContain('Spring');
  const second = file('second.csv', 'identifier,family\n1001,Winter\n');
  const refused = await panel('load', second, '--yes');
  expect([refused.code, refused.printed]).toEqual([1, expect.stringContaining('--accept half-size')]);
  expect((await panel('load', second, '--yes', '--accept', 'half-size')).printed).toContain('is applied');
  expect((await panel('opt-out', '1001', '--note', 'by phone')).printed).toContain('holds from the next message on');
  expect((await panel('stats')).printed).toMatch(/identifiers +1[\s\S]*opt-outs +1/);
  expect((await panel('opt-out', '1001', '--withdraw')).printed).toContain('withdrawn');
  expect((await panel('loads')).printed).toContain('november');
  expect((await panel('show', 'nobody')).code).toBe(1);
  expect((await panel('load')).code).toBe(1);
}, 120_000);
