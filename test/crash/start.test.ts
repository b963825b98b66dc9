// Starts that cannot succeed: each ends by itself, soon, with an exit code and plain words that say what is wrong, all
// of it at once, and what to do.

import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startCuttingProxy } from '../support/cutting-proxy.ts';
import { aDatabase } from '../support/database.ts';
import { aTestFolder, type Settings, startProcess } from '../support/service-process.ts';

async function refused(settings: Settings): Promise<string> {
  const service = await startProcess(settings);
  expect(await service.ended).toEqual({ code: 1, signal: null });
  const printed = service.output();
  expect(printed).toContain('Throughline cannot start');
  expect(printed).not.toMatch(/Something unexpected|\bat .*\.js|node:internal/);
  return printed;
}

const taken = net.createServer().listen(0, '127.0.0.1');
afterAll(() => taken.close());
const takenPort = () => String((taken.address() as net.AddressInfo).port);

describe('the service does not start', () => {
  it('with wrong settings, and lists every one', async () => {
    const printed = await refused({
      HTTP_PORT: 'eighty',
      WORKERS: '-1',
      DATABASE_URL: 'mysql://db',
      REVIEW_SECONDS: '7',
      LOG_LEVEL: 'loud',
    });
    for (const name of ['HTTP_PORT', 'WORKERS', 'DATABASE_URL', 'REVIEW_SECONDS', 'LOG_LEVEL'])
      expect(printed).toContain(`${name}: should be`);
  });

  it('with broken profiles, and names file and place of each fault', async () => {
    const folder = path.join(aTestFolder('profiles'), 'profiles');
    cpSync('profiles', folder, { recursive: true });
    const break_ = (file: string, piece: string, by: string) =>
      writeFileSync(path.join(folder, file), readFileSync(path.join(folder, file), 'utf8').replace(piece, by));
    break_('organisations/riverside-practice.yaml', 'America/New_York', 'America/Gotham');
    break_('partners/general-hospital.yaml', 'panel: all', 'panel: some');
    break_('protocols/transitional-care/protocol.yaml', 'fact: patient.deceased', 'fact: patient.deceasedd');
    const printed = await refused({ PROFILES_DIR: folder });
    expect(printed).toMatch(/organisations\/riverside-practice\.yaml:\d+: .*America\/Gotham.* at time-zone/);
    expect(printed).toMatch(/partners\/general-hospital\.yaml:\d+: .* at panel/);
    expect(printed).toMatch(/protocols\/transitional-care\/protocol\.yaml:\d+: .*patient\.deceasedd/);
  });

  it.each(['HTTP_PORT', 'MLLP_PORT'])('where the port of %s is taken, and says what to do', async (name) => {
    const { url } = await aDatabase();
    const printed = await refused({ DATABASE_URL: url, [name]: takenPort() });
    expect(printed).toContain(`${name}: port ${takenPort()}`);
    expect(printed).toMatch(/taken.*another/);
  });

  it('where nobody listens at DATABASE_URL', async () => {
    const printed = await refused({ DATABASE_URL: `postgres://someone:secret-word@127.0.0.1:1/care` });
    expect(printed).toContain('The database cannot be reached');
    expect(printed).toContain('DATABASE_URL');
    expect(printed).not.toContain('secret-word');
  });

  it('where the password is wrong', async () => {
    const url = new URL((await aDatabase()).url);
    url.password = 'not-the-password';
    const printed = await refused({ DATABASE_URL: url.href });
    expect(printed).toContain('DATABASE_URL');
    expect(printed).not.toContain('not-the-password');
  });

  it('where the network swallows what is sent to the database, after bounded time', { timeout: 60_000 }, async () => {
    const { url } = await aDatabase();
    const proxy = await startCuttingProxy(url);
    proxy.setMood('swallow');
    expect(await refused({ DATABASE_URL: proxy.through(url) })).toContain('The database cannot be reached');
    await proxy.stop();
  });
});
