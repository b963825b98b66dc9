// The embedded Postgres in bad times: it, or the process that started it, is killed without warning.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { aFolder, ask, killHard, start, startElsewhere, untilDead } from '../support/postgres-folder.ts';

const isLinux = process.platform === 'linux';

/** What is acknowledged is written, though not forced to the disk: only a power cut could take it. */
const acknowledging = { settings: { synchronous_commit: 'on' } };

/** One row per statement; counts what the server acknowledged until it went away. */
async function insertUntilItBreaks(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  let acknowledged = 0;
  try {
    for (;;) {
      await client.query('insert into kept default values');
      acknowledged += 1;
    }
  } catch {
    return acknowledged;
  }
}

describe('when the server is killed', () => {
  it('comes back at the same address with all it had acknowledged', async () => {
    const server = await start(aFolder(), acknowledging);
    await ask(server.url, 'create table kept (id int generated always as identity)');
    const before = { pid: server.pid, url: server.url };
    const load = insertUntilItBreaks(server.url);
    await sleep(150);
    process.kill(server.pid, 'SIGKILL');
    const acknowledged = await load;
    expect(await server.ensureRunning()).toBe(true);
    expect(server).toMatchObject({ url: before.url, adopted: false });
    expect(server.pid).not.toBe(before.pid);
    const { kept } = await ask(server.url, 'select count(*)::int as kept from kept');
    expect(acknowledged).toBeGreaterThan(0);
    // The last insert may have been committed without its answer having reached us.
    expect([acknowledged, acknowledged + 1]).toContain(kept);
  });

  it('is started once, whoever of those who share it asks first', async () => {
    const folder = aFolder();
    const [first, second] = [await start(folder), await start(folder)];
    process.kill(first.pid, 'SIGKILL');
    await untilDead(first.pid);
    await Promise.all([first.ensureRunning(), second.ensureRunning(), first.ensureRunning()]);
    expect(first.pid).toBe(second.pid);
    expect(first.url).toBe(second.url);
    expect([first, second].filter((server) => !server.adopted)).toHaveLength(1);
  });

  it.runIf(isLinux)('comes back although one of its children is too busy to notice', async () => {
    const server = await start(aFolder());
    const client = new pg.Client({ connectionString: server.url });
    client.on('error', () => {});
    await client.connect();
    const busy = client
      .query(`do $$ begin while clock_timestamp() < now() + interval '20 s' loop end loop; end $$`)
      .catch(() => {});
    await sleep(100);
    process.kill(server.pid, 'SIGKILL');
    await untilDead(server.pid);
    expect(await server.ensureRunning()).toBe(true);
    expect(await ask(server.url, 'select 1 as one')).toEqual({ one: 1 });
    await busy;
  });
});

describe('when the process that started it is killed', () => {
  it('serves whoever starts next, at once, with all it had acknowledged', async () => {
    const folder = aFolder();
    const other = await startElsewhere(folder);
    await ask(other.url, 'create table kept (id int generated always as identity)');
    const load = insertUntilItBreaks(other.url);
    await sleep(100);
    await killHard(other.process);
    process.kill(other.pid, 'SIGKILL');
    const acknowledged = await load;
    const server = await start(folder, acknowledging);
    const { kept } = await ask(server.url, 'select count(*)::int as kept from kept');
    expect([acknowledged, acknowledged + 1]).toContain(kept);
  });

  it.runIf(isLinux && existsSync('/usr/bin/setpriv'))(
    'shuts down by itself, and the next start waits for that',
    async () => {
      const folder = aFolder();
      const other = await startElsewhere(folder);
      await killHard(other.process);
      const server = await start(folder);
      expect(await server.ensureRunning().then(() => ask(server.url, 'select 1 as one'))).toEqual({ one: 1 });
      await untilDead(other.pid);
      await server.ensureRunning();
      expect(server.url).toBe(other.url);
      expect(server.pid).not.toBe(other.pid);
    },
  );
});

describe('a pid file that outlived its server', () => {
  const forge = async (pid: number): Promise<string> => {
    const server = await start(aFolder());
    const file = join(server.dataDir, 'cluster', 'postmaster.pid');
    const lines = readFileSync(file, 'utf8').split('\n');
    await server.stop();
    writeFileSync(file, [String(pid), ...lines.slice(1)].join('\n'));
    return server.dataDir;
  };

  it('is passed over when its process is gone', async () => {
    expect(await start(await forge(2 ** 22 - 7))).toMatchObject({ adopted: false });
  });

  it('is passed over when its id now belongs to another program', async () => {
    expect(await start(await forge(process.pid))).toMatchObject({ adopted: false });
  });

  it.runIf(isLinux)('is passed over when its process is a zombie', async () => {
    // The shell becomes a sleep, which never asks after the child that the shell started.
    const parent = spawn('/bin/sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const zombie = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)));
    await sleep(300);
    try {
      expect(readFileSync(`/proc/${zombie}/stat`, 'utf8')).toContain(') Z ');
      expect(await start(await forge(zombie))).toMatchObject({ adopted: false });
    } finally {
      parent.kill('SIGKILL');
    }
  });
});
