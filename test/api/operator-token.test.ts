// A production site as docs/operating.md describes it: no local client, an operator with a client file and a key of their
// own. Every command that asks the service works with the token in THROUGHLINE_TOKEN, and says so where there is none.

import { execFile } from 'node:child_process';
import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { feedCommands } from '../../scripts/feed/commands.ts';
import { aDatabase } from '../support/database.ts';
import { anAdmission } from '../support/hl7.ts';
import { aTestFolder, type ServiceProcess, startProcess } from '../support/service-process.ts';

const runFile = promisify(execFile);
const printed: string[] = [];
let service: ServiceProcess;
let folder: string;
let keyFile: string;
let settings: Record<string, string>;

beforeAll(async () => {
  folder = aTestFolder('operator-token');
  keyFile = path.join(folder, 'ida.jwk.json');
  const profiles = path.join(folder, 'profiles');
  cpSync('profiles', profiles, { recursive: true });
  rmSync(path.join(profiles, 'partners', 'local-client.yaml'));
  const client = (id: string, isOperator: boolean, keys: string) =>
    writeFileSync(
      path.join(profiles, 'partners', `${id}.yaml`),
      `kind: client\nid: ${id}\nname: ${id}\norganisation: riverside-practice\nclient-id: ${id}\nscopes: ["system/*.rs"]\n${isOperator ? 'operator: true\n' : ''}${keys}`,
    );
  const keys = await token('--make-key', keyFile);
  client('ida', true, keys);
  client('ehr', false, keys);
  const feed = path.join(profiles, 'partners', 'general-hospital.yaml');
  writeFileSync(feed, readFileSync(feed, 'utf8').replace(/clients: \[.*?\]/, 'clients: [ida]'));
  const { url } = await aDatabase();
  const dataDir = path.join(folder, 'data');
  service = await startProcess({ DATABASE_URL: url, DATA_DIR: dataDir, PROFILES_DIR: profiles });
  settings = { DATA_DIR: dataDir, PUBLIC_URL: (await service.ready).http };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  for (const stream of ['log', 'error'] as const)
    vi.spyOn(console, stream).mockImplementation((text: string) => void printed.push(text));
}, 120_000);
beforeEach(() => vi.stubEnv('THROUGHLINE_TOKEN', ''));
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await service.kill('SIGTERM');
});

async function token(...args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...settings };
  const { stdout } = await runFile(process.execPath, ['--import', 'tsx', 'scripts/token.ts', ...args], { env });
  return stdout.trimEnd();
}

async function feed(name: string, ...args: string[]): Promise<{ code: number; text: string }> {
  printed.splice(0);
  const command = feedCommands.find((one) => one.name === name);
  const code = await (command as NonNullable<typeof command>).run(args);
  return { code, text: printed.join('\n') };
}

function aFile(): string {
  const file = path.join(folder, 'night.hl7');
  writeFileSync(file, anAdmission({ mrn: '1', visit: 'V1', at: '20261118150000-0500', controlId: 'OP-1' }));
  return file;
}

/** Those that need nothing to be there. */
const asking: readonly (readonly string[])[] = [
  ['show'],
  ['stats'],
  ['park'],
  ['reviews'],
  ['panel', 'stats'],
  ['panel', 'loads'],
  ['replay', '--state', 'parked', '--dry-run'],
];

describe('an operator of a site without the local client', () => {
  it('has a key that nobody else reads, and its public part in the partner file', async () => {
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(path.join(folder, 'profiles/partners/ida.yaml'), 'utf8')).not.toContain('"d"');
    await expect(token('--make-key', keyFile)).rejects.toThrow(/is there already/);
  });

  it('asks with the token in THROUGHLINE_TOKEN', async () => {
    vi.stubEnv('THROUGHLINE_TOKEN', await token('--client', 'ida', '--key', keyFile));
    for (const [name = '', ...args] of asking) expect([name, (await feed(name, ...args)).code]).toEqual([name, 0]);
    expect(await feed('drop', aFile())).toMatchObject({ code: 0, text: expect.stringContaining('1 accepted') });
    expect((await feed('show')).text).toContain('OP-1');
  });

  it('opens the overview with a link of its own', async () => {
    expect(await token('--app', '--client', 'ida', '--key', keyFile)).toMatch(/^http:.*\/app\//);
  });

  it('is told what is missing where there is no token, a bad one, or one of a client that is no operator', async () => {
    for (const [name = '', ...args] of [...asking, ['drop', aFile()]])
      await expect(feed(name, ...args)).rejects.toThrow(
        /without .*local.client.*THROUGHLINE_TOKEN.*docs\/operating\.md/s,
      );
    vi.stubEnv('THROUGHLINE_TOKEN', 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln');
    await expect(feed('stats')).rejects.toThrow(/auth\.token-invalid.*lives five minutes.*--client ID --key FILE/s);
    await expect(feed('drop', aFile())).rejects.toThrow(/status 401.*lives five minutes/s);
    vi.stubEnv('THROUGHLINE_TOKEN', 'two words');
    await expect(feed('stats')).rejects.toThrow(/holds no bearer token/);
    vi.stubEnv('THROUGHLINE_TOKEN', await token('--client', 'ehr', '--key', keyFile));
    await expect(feed('stats')).rejects.toThrow(/auth\.operator-only.*operator: true/s);
    await expect(feed('drop', aFile())).rejects.toThrow(
      /the client of the token in THROUGHLINE_TOKEN under http\.clients/,
    );
    await expect(token('--client', 'nobody', '--key', keyFile)).rejects.toThrow(/does not know the client "nobody"/);
    await expect(token('--client', 'ida')).rejects.toThrow(/together/);
    await expect(token('--client', 'ida', '--key', 'none.json')).rejects.toThrow(/no private key/);
  });

  it('finds it in the help of every command', async () => {
    for (const name of ['show', 'replay', 'park', 'reviews', 'stats', 'panel', 'drop', 'torture'])
      expect((await feed(name, '--help')).text).toContain('THROUGHLINE_TOKEN');
  });
});
