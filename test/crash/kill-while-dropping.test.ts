// kill -9 of the service while it reads a dropped file: the next start reads on, every message is kept once and told
// once in the result, and the same file again changes nothing.

import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect, it } from 'vitest';
import { untilDecided } from '../support/aftermath.ts';
import { anAdmission } from '../support/hl7.ts';
import { start } from '../support/postgres-folder.ts';
import { seeded } from '../support/seeded.ts';
import { aTestFolder, type Settings, startProcess } from '../support/service-process.ts';

const count = 4_000;
const text = [
  'FHS|^~\\&|ADT|GH\rBHS|^~\\&|ADT|GH\r',
  ...Array.from({ length: count }, (_, index) =>
    anAdmission({ mrn: `D${index % 500}`, visit: `DV${index}`, controlId: `DROP${index}` }),
  ),
  `BTS|${count}\rFTS|1\r`,
].join('');

async function until(condition: () => boolean, msMax: number): Promise<void> {
  const deadline = performance.now() + msMax;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('it did not happen in time');
    await sleep(50);
  }
}

it('a dropped file is read to its end, however often the service is killed', { timeout: 240_000 }, async () => {
  const random = seeded(20_261_128);
  const folder = aTestFolder('dropping');
  const profiles = path.join(folder, 'profiles');
  cpSync('profiles', profiles, { recursive: true });
  appendFileSync(
    path.join(profiles, 'partners', 'general-hospital.yaml'),
    '\nfolder: { path: gh, settle-seconds: 1 }\n',
  );
  const inbox = path.join(folder, 'drop', 'gh');
  mkdirSync(inbox, { recursive: true });
  const settings: Settings = {
    DATA_DIR: path.join(folder, 'data'),
    DROP_DIR: path.join(folder, 'drop'),
    PROFILES_DIR: profiles,
  };
  writeFileSync(path.join(inbox, 'night.hl7'), text);
  writeFileSync(path.join(inbox, 'night.hl7.done'), '');
  let service = await startProcess(settings);
  await service.ready;
  for (let times = 0; times < 4; times += 1) {
    await sleep(random.whole(300, 1_500));
    await service.kill('SIGKILL');
    service = await startProcess(settings);
    await service.ready;
  }
  const result = path.join(inbox, 'done', 'night.hl7.result.txt');
  await until(() => existsSync(result) && !existsSync(path.join(inbox, 'night.hl7')), 150_000);
  const lines = readFileSync(result, 'utf8').split('\n');
  const told = lines.filter((line) => /^\d/.test(line)).map((line) => line.split('\t'));
  expect(told.map(([number, , , controlId, answer]) => [number, controlId, answer])).toEqual(
    Array.from({ length: count }, (_, index) => [String(index + 1), `DROP${index}`, 'AA']),
  );
  expect(lines.filter((line) => line.startsWith('flag'))).toEqual([]);

  const postgres = await start(path.join(settings.DATA_DIR ?? '', 'postgres'), {
    database: 'throughline',
    durable: true,
  });
  await untilDecided(postgres.url);
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  const kept = async (): Promise<unknown> =>
    (
      await client.query(
        "select (select count(*)::int from inbox) as messages, (select count(*)::int from resource where type = 'Encounter') as stays, (select count(*)::int from resource_history) as versions",
      )
    ).rows[0];
  const before = await kept();
  expect(before).toMatchObject({ messages: count, stays: count });
  writeFileSync(path.join(inbox, 'again.hl7'), text);
  await until(() => existsSync(path.join(inbox, 'done', 'again.hl7.result.txt')), 30_000);
  expect(readFileSync(path.join(inbox, 'done', 'again.hl7.result.txt'), 'utf8')).toContain('state: duplicate');
  expect(await kept()).toEqual(before);
  await client.end();
  expect(service.output()).not.toMatch(/night\.hl7|Winter/);
  expect(await service.kill('SIGTERM')).toEqual({ code: 0, signal: null });
});
