// The embedded Postgres in quiet times: it starts as whoever we are, is shared, and keeps patients out of its log.

import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedPostgres } from '../../src/store/embedded/start.ts';
import { aFolder, ask, killHard, start, startElsewhere } from '../support/postgres-folder.ts';

const isRoot = process.getuid?.() === 0;

describe('a started server', () => {
  let server: EmbeddedPostgres;
  beforeAll(async () => {
    server = await start(aFolder(), { durable: true });
  });

  it('answers at its address, durable, with checksums, in UTC', async () => {
    const answer = await ask(
      server.url,
      `select current_database() as database, current_setting('fsync') as fsync,
              current_setting('data_checksums') as checksums, current_setting('TimeZone') as zone`,
    );
    expect(answer).toEqual({ database: 'app', fsync: 'on', checksums: 'on', zone: 'UTC' });
  });

  it('orders and folds text the same way on every machine', async () => {
    const answer = await ask(
      server.url,
      `select pg_encoding_to_char(encoding) as encoding, datlocprovider::text as provider, datlocale as locale,
              lower('ÄÖ') as folded
         from pg_database where datname = current_database()`,
    );
    expect(answer).toEqual({ encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8', folded: 'äö' });
  });

  it('listens on the loopback only, and on no socket file', async () => {
    const answer = await ask(
      server.url,
      `select current_setting('listen_addresses') as tcp, current_setting('unix_socket_directories') as sockets`,
    );
    expect(answer).toEqual({ tcp: '127.0.0.1', sockets: '' });
  });

  it('keeps its password and its files from other users', () => {
    const cluster = join(server.dataDir, 'cluster');
    expect(statSync(cluster).mode & 0o077).toBe(0);
    expect(statSync(join(cluster, 'throughline.password')).mode & 0o777).toBe(0o600);
    expect(statSync(join(cluster, 'throughline.password')).uid).toBe(statSync(cluster).uid);
  });

  it('writes nothing of a statement, its parameters or its errors to its log', async () => {
    const secret = 'MORGENSTERN-19480229';
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query('create table person (name text primary key, born date check (born > current_date))');
    await client.query('insert into person (name) values ($1)', [secret]);
    const refused = [
      ['insert into person (name) values ($1)', [secret]],
      ['insert into person (name, born) values ($1, $2)', [`${secret}2`, '1948-02-29']],
      ['insert into person (born) values ($1::text::date)', [secret]],
      [`select '${secret}' frm person`, []],
      [`do $$ begin raise warning '%', '${secret}'; raise exception '%', '${secret}'; end $$`, []],
    ] as const;
    for (const [text, values] of refused) await expect(client.query(text, [...values])).rejects.toThrow();
    await client.end();
    const folder = join(server.dataDir, 'cluster', 'log');
    const logs = [join(server.dataDir, 'start.log'), ...readdirSync(folder).map((name) => join(folder, name))];
    const text = logs.map((file) => readFileSync(file, 'utf8')).join('');
    expect(text).toContain('ready to accept connections');
    expect(text).not.toContain('MORGENSTERN');
    expect(text).not.toContain('1948');
  });

  it('has nothing to do when asked to run while it runs', async () => {
    expect(await server.ensureRunning()).toBe(false);
  });

  it('is shared by a second process, whose end does not end it', async () => {
    const other = await startElsewhere(server.dataDir);
    expect(other).toMatchObject({ pid: server.pid, url: server.url, adopted: true });
    await killHard(other.process);
    expect(await ask(server.url, 'select 1 as one')).toEqual({ one: 1 });
  });

  it('goes on when one who shares it stops', async () => {
    const sharer = await start(server.dataDir);
    expect(sharer.adopted).toBe(true);
    await sharer.stop();
    expect(await ask(server.url, 'select 1 as one')).toEqual({ one: 1 });
  });

  it('stops, stays stopped, and starts again where it was', async () => {
    await server.stop();
    await expect(ask(server.url, 'select 1')).rejects.toThrow('ECONNREFUSED');
    await expect(server.ensureRunning()).rejects.toMatchObject({ code: 'service.stopping' });
    const again = await start(server.dataDir);
    expect(again.url).toBe(server.url);
    expect(await ask(again.url, 'select count(*)::int as people from person')).toEqual({ people: 1 });
  });
});

describe('starting', () => {
  it('takes the port it is given', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => probe.once('listening', resolve));
    const { port } = probe.address() as { port: number };
    const folder = aFolder();
    await expect(start(folder, { port })).rejects.toMatchObject({
      code: 'postgres.start',
      detail: expect.stringContaining('in use'),
    });
    await new Promise((resolve) => probe.close(resolve));
    expect(await start(folder, { port })).toMatchObject({ port, adopted: false });
  });

  it('makes one cluster and one server when several start at once', async () => {
    const folder = aFolder();
    const [first, second, third] = await Promise.all([start(folder), start(folder), startElsewhere(folder)]);
    expect(new Set([first.pid, second.pid, third.pid]).size).toBe(1);
    expect([first, second, third].filter((server) => !server.adopted)).toHaveLength(1);
    expect(readdirSync(first.dataDir).sort()).toEqual(['cluster', 'last-port', 'start.log']);
  });

  it('passes over a lock and a half-made cluster of a starter that died', async () => {
    const folder = aFolder();
    const dead = 2 ** 22 - 7;
    writeFileSync(join(folder, 'lock'), `${dead} 12345 x`);
    mkdirSync(join(folder, `init-${dead}-x`));
    const server = await start(folder);
    expect(readdirSync(server.dataDir)).not.toContain(`init-${dead}-x`);
  });

  it('refuses a cluster of another major version, and says what to do', async () => {
    const server = await start(aFolder());
    await server.stop();
    writeFileSync(join(server.dataDir, 'cluster', 'PG_VERSION'), '15\n');
    await expect(start(server.dataDir)).rejects.toMatchObject({
      code: 'postgres.start',
      detail: expect.stringMatching(/made by Postgres 15; this release ships Postgres \d+/),
    });
  });

  it('touches no folder that holds something else', async () => {
    const folder = aFolder();
    mkdirSync(join(folder, 'cluster'));
    writeFileSync(join(folder, 'cluster', 'thesis.txt'), 'mine');
    await expect(start(folder)).rejects.toMatchObject({
      detail: expect.stringContaining('holds files but no database'),
    });
    expect(readFileSync(join(folder, 'cluster', 'thesis.txt'), 'utf8')).toBe('mine');
  });

  it.runIf(isRoot)('as root, moves the cluster where its account can reach it, and finds it there again', async () => {
    const closed = aFolder();
    chmodSync(closed, 0o700);
    const wished = join(closed, 'data', 'postgres');
    const server = await start(wished);
    expect(server.dataDir).not.toContain(closed);
    expect(await start(wished)).toMatchObject({ adopted: true, pid: server.pid, dataDir: server.dataDir });
    expect(statSync(closed).mode & 0o777).toBe(0o700);
  });

  it.runIf(isRoot)('as root, removes what it kept for a temporary folder that is gone', async () => {
    const [gone, next] = [aFolder(), aFolder()];
    for (const folder of [gone, next]) chmodSync(folder, 0o700);
    const old = await start(join(gone, 'postgres'));
    const other = await start(join(next, 'postgres'));
    expect(existsSync(old.dataDir)).toBe(true);
    await old.stop();
    rmSync(gone, { recursive: true });
    await other.stop();
    rmSync(other.dataDir, { recursive: true });
    await start(join(next, 'postgres'));
    expect(existsSync(old.dataDir)).toBe(false);
  });

  it.runIf(isRoot)('as root, gives a cluster that root copied back to the account it runs as', async () => {
    const server = await start(aFolder());
    await server.stop();
    const cluster = join(server.dataDir, 'cluster');
    for (const name of ['', 'PG_VERSION', 'global', 'postgresql.conf']) chownSync(join(cluster, name), 0, 0);
    expect(await ask((await start(server.dataDir)).url, 'select 1 as one')).toEqual({ one: 1 });
  });
});
