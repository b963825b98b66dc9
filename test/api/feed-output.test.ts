// What `npm run feed -- …` leaves to a script and to a person who reads a long list: bytes as they came, one JSON document
// and nothing beside it, exit codes, and no list that ends in silence.

import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchLocalToken } from '../../scripts/local-token.ts';
import type { MessageList } from '../../src/api/ops/message-types.ts';
import type { ReviewList } from '../../src/api/ops/review-types.ts';
import { practice, untilDecided, withOwner } from '../support/aftermath.ts';
import { aDatabase, type TestDatabase } from '../support/database.ts';
import { anAdmission } from '../support/hl7.ts';
import { aTestFolder, type ServiceProcess, startProcess } from '../support/service-process.ts';

let database: TestDatabase;
let service: ServiceProcess;
let folder: string;
let url: string;
/** In ISO 8859-1, and longer than what the view by fields shows. */
const long = Buffer.from(
  anAdmission({ mrn: '7', visit: 'V7', at: '20261118150000-0500', controlId: 'LONG', name: 'M\u00fcller^Zo\u00eb' })
    .concat(`ZXX|${'x'.repeat(250_000)}|end\r`)
    .replace('2.5.1', '2.5.1||||||8859/1'),
  'latin1',
);

beforeAll(async () => {
  database = await aDatabase();
  folder = aTestFolder('feed-output');
  service = await startProcess({ DATABASE_URL: database.url, DATA_DIR: folder });
  url = (await service.ready).http;
  const settings = { dataDir: folder, publicUrl: url, host: '127.0.0.1', httpPort: 0 };
  const { token } = await fetchLocalToken(settings, 'system/*.cruds');
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/hl7-v2' };
  const short = anAdmission({ mrn: '8', visit: 'V8', at: '20261118160000-0500', controlId: 'SHORT' });
  for (const body of [long, short]) await fetch(`${url}/hl7`, { method: 'POST', headers, body });
  await untilDecided(database.ownerUrl);
  await withOwner(database.ownerUrl, async (owner) => {
    await owner.query(
      `insert into match_review (organisation, id, reason, subject, fingerprint, candidates, candidate_ids, opened_at, opened_by)
       select $1, 'r' || lpad(n::text, 3, '0'), 'similar-person', '{"identifiers":[],"demographics":{}}', n, '[]', '{}',
              timestamptz '2026-11-18' + n * interval '1 minute', 1 from generate_series(1, 260) n`,
      [practice],
    );
    await owner.query(
      `insert into inbox (message, organisation, partner, shard, trigger, received_at, state, review)
       select 100000 + n, $1, 'general-hospital', 0, 'ADT^A01', now(), 'waiting', 'r001' from generate_series(1, 1003) n`,
      [practice],
    );
    await owner.query(
      `insert into panel_load (organisation, digest, source, mode, as_of, received_at, received_by, base, counts, guards)
       select $1, '', 'list ' || n, 'add', '2026-11-18', now(), 'ida', 0, '{}', '[]' from generate_series(1, 25) n`,
      [practice],
    );
  });
}, 120_000);
afterAll(() => service.kill('SIGTERM'));

interface Ran {
  readonly code: number | null;
  readonly bytes: Buffer;
  readonly out: string;
  readonly err: string;
}

function feed(...args: string[]): Promise<Ran> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/feed.ts', ...args], {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', DATA_DIR: folder, PUBLIC_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  return new Promise((resolve) =>
    child.on('close', (code) => {
      const bytes = Buffer.concat(out);
      resolve({ code, bytes, out: bytes.toString(), err: Buffer.concat(err).toString() });
    }),
  );
}

const idOf = async (controlId: string): Promise<string> => {
  const { out } = await feed('show', '--control-id', controlId, '--json');
  return String((JSON.parse(out) as MessageList).messages[0]?.id);
};

function file(name: string, ...ids: number[]): string {
  const place = path.join(folder, name);
  writeFileSync(place, `identifier\n${ids.map((id) => `${id}\n`).join('')}`);
  return place;
}

describe('show --raw', () => {
  it('writes the bytes as they came, whatever their length and character set', async () => {
    const { code, bytes, err } = await feed('show', await idOf('LONG'), '--raw');
    expect([code, err, bytes.equals(long)]).toEqual([0, '', true]);
  });

  it('says where they have expired, exits 1, and writes those of the others', async () => {
    const [kept, expired] = [await idOf('LONG'), await idOf('SHORT')];
    await withOwner(database.ownerUrl, (owner) => owner.query('delete from message_raw where id = $1', [expired]));
    const { code, bytes, err } = await feed('show', expired, kept, '--raw');
    expect([code, bytes.equals(long)]).toEqual([1, true]);
    expect(err).toMatch(new RegExp(`^Message ${expired}: its bytes have expired`));
    expect(await feed('show', kept, '--raw', '--json')).toMatchObject({ code: 1, out: '' });
  });
});

describe('panel load --json', () => {
  it('prints the difference that was refused, and the sentence elsewhere', async () => {
    expect((await feed('panel', 'load', file('four.csv', 1, 2, 3, 4), '--json', '--yes')).code).toBe(0);
    const { code, out, err } = await feed('panel', 'load', file('one.csv', 1), '--json', '--yes');
    expect([code, JSON.parse(out)]).toMatchObject([
      1,
      { state: 'previewed', counts: { removed: 3 }, guards: [{ code: 'half-size' }] },
    ]);
    expect(err).toMatch(/^Refused: .*\(half-size\)\n$/);
  });

  it('prints one document whatever becomes of the load', async () => {
    const shown = await feed('panel', 'load', file('five.csv', 1, 2, 3, 4, 5), '--json');
    expect([shown.code, JSON.parse(shown.out)]).toMatchObject([0, { state: 'previewed', counts: { added: 1 } }]);
    expect(shown.err).toMatch(/^Nothing is changed\. .*panel apply \d+\n$/);
    const done = await feed('panel', 'load', file('six.csv', 1, 2, 3, 4, 5, 6), '--json', '--yes');
    expect([done.code, done.err, JSON.parse(done.out)]).toMatchObject([0, '', { state: 'applied' }]);
    const empty = await feed('panel', 'load', file('none.csv'), '--json', '--yes');
    expect([empty.code, JSON.parse(empty.out)]).toMatchObject([1, { guards: [{ code: 'empty-file' }] }]);
  });

  it('sends a list of many pieces whole', async () => {
    const ids = Array.from({ length: 50_000 }, (_, at) => 1_000_000 + at);
    const { out } = await feed('panel', 'load', file('many.csv', ...ids), '--json', '--add');
    expect(JSON.parse(out)).toMatchObject({ counts: { rows: 50_000, added: 50_000 } });
  });
});

describe('replay', () => {
  it('exits 1 when there is nothing to set back (docs/fates.md), 0 when it only counts', async () => {
    expect(await feed('replay', '--state', 'parked')).toMatchObject({
      code: 1,
      out: expect.stringContaining('0 selected'),
    });
    expect((await feed('replay', '--state', 'parked', '--dry-run')).code).toBe(0);
  });
});

describe('a long list', () => {
  it('of reviews says that it goes on, and goes on', async () => {
    const first = await feed('reviews');
    expect(first.out).toMatch(/\nr050 [\s\S]*\n\nThese are 50, and there are more; --limit N shows more of them\.\n$/);
    const all = await feed('reviews', '--limit', '1000');
    expect(all.out.match(/^r\d{3} /gm)).toHaveLength(260);
    expect(all.out).not.toContain('there are more');
    const most = JSON.parse((await feed('reviews', '--limit', '210', '--json')).out) as ReviewList;
    expect([most.reviews.length, most.reviews.at(-1)?.id, most.more]).toEqual([210, 'r210', true]);
    expect(await feed('reviews', '--limit', 'all')).toMatchObject({ code: 1, err: expect.stringContaining('--limit') });
  });

  it('of loads says that it goes on, and goes on', async () => {
    const lists = (out: string) => out.match(/ list \d+ /g) ?? [];
    const first = await feed('panel', 'loads');
    expect(first.out).toContain('These are 20, and there are more');
    const all = await feed('panel', 'loads', '--limit', '100');
    expect(lists(all.out)).toHaveLength(25);
    expect(all.out).not.toContain('there are more');
  });

  it('of messages that wait for a review is told whole', async () => {
    const { out } = await feed('reviews', 'r001');
    expect(out).toMatch(/^waiting +100001, .*, 101000 and 3 more$/m);
    expect(JSON.parse((await feed('reviews', 'r001', '--json')).out)).toMatchObject({ waiting: 1003, more: true });
    expect(JSON.parse((await feed('reviews', 'r002', '--json')).out)).not.toHaveProperty('more');
  });

  it('of messages says so to a script too', async () => {
    const list = JSON.parse((await feed('show', '--limit', '201', '--json')).out) as MessageList & { more?: true };
    expect([list.messages.length, list.more]).toEqual([201, true]);
  });
});
