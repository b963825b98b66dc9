// Drop folders: what is taken, when, and what lies where afterwards; a stop in the middle, the same file twice, and
// names that lead elsewhere.

import { randomBytes } from 'node:crypto';
import { appendFile, readdir, readFile, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import { filesIn, openFolder, patternOf } from '../../src/drop/folder.ts';
import { type Taking, takeFile } from '../../src/drop/take-file.ts';
import { createSettling, startDropWatch } from '../../src/drop/watch.ts';
import type { FileReceiving } from '../../src/flow/receive-file.ts';
import type { Reply } from '../../src/flow/receive-message.ts';
import { dropGround, droppedMessage } from '../support/drop.ts';

const ground = dropGround();
let { site, given, root, place, folder } = ground;
beforeEach(() => {
  ({ site, given, root, place, folder } = ground);
});

const partner = 'general-hospital';
const message = droppedMessage;

async function take(name: string, changes: Partial<FileReceiving> = {}): Promise<string> {
  const opened = await openFolder(root, place, '*.hl7');
  if (opened === undefined) throw new Error('no folder');
  const found = (await filesIn(opened)).find((each) => each.name === name);
  if (found === undefined) throw new Error(`no file ${name}`);
  const taking: Taking = {
    given: { ...given, ...changes },
    partner,
    folder: opened,
    isStopping: () => false,
    sleep: () => site.work(),
  };
  return takeFile(taking, found);
}

const resultOf = (name: string, shelf = 'done'): Promise<string> =>
  readFile(join(folder, shelf, `${name}.result.txt`), 'utf8');

const counts = async (): Promise<unknown> => {
  await site.work();
  const { rows } = await site.owner.query(
    'select (select count(*) from inbox) as messages, (select count(*) from resource_history) as versions',
  );
  return rows[0];
};

test('a file is read, moved and its result lies beside it; one bad message is named, no patient is', async () => {
  await writeFile(
    join(folder, 'night.hl7'),
    `BHS|^~\\&\r${message('9101')}${message('9102', { processingId: 'X' })}BTS|3\r`,
  );
  expect(await take('night.hl7')).toBe('done');
  expect(await readdir(folder)).toEqual(['done']);
  expect((await readdir(join(folder, 'done'))).sort()).toEqual(['night.hl7', 'night.hl7.result.txt']);
  const result = await resultOf('night.hl7');
  expect(result).toContain('messages: 2, accepted 1, not accepted 1');
  expect(result).toContain('flag: BTS^1^1: BTS-1 is not the number of messages in the batch (said 3, found 2)');
  expect(result.split('\n').filter((line) => /^\d/.test(line))).toEqual([
    expect.stringMatching(/^1\t2\t\d+\tC9101\tAA\t\t$/),
    expect.stringMatching(/^2\t6\t\d+\tC9102\tAR\tMSH\^1\^11\thl7\.processing-id-refused: /),
  ]);
  expect(result).not.toMatch(/Winter|19550102/);
});

test('killed in the middle it is read on by the next start; every message is kept once and told once', async () => {
  const mrns = Array.from({ length: 400 }, (_, index) => String(20_000 + index));
  await writeFile(join(folder, 'big.hl7'), mrns.map((mrn) => message(mrn)).join(''));
  let left = 250;
  const dying = (): Partial<FileReceiving> => ({
    receive: (each): Promise<Reply> => (left-- > 0 ? site.receive(each) : Promise.reject(new Error('killed'))),
    database: {
      ...site.site.work,
      query: (name, text, values) =>
        name === 'intake-files.finish' ? Promise.resolve([]) : site.site.work.query(name, text, values),
    },
  });
  await expect(take('big.hl7', dying())).rejects.toThrow('killed');
  expect(await readdir(folder)).toEqual(['big.hl7']);
  left = 0;
  await expect(take('big.hl7', dying())).rejects.toThrow('killed');
  expect(await take('big.hl7')).toBe('done');
  const lines = (await resultOf('big.hl7')).split('\n').filter((line) => /^\d/.test(line));
  expect(lines.map((line) => line.split('\t')[3])).toEqual(mrns.map((mrn) => `C${mrn}`));
  const { rows } = await site.owner.query("select count(*)::int as count from inbox where control_id like 'C20%'");
  expect(rows[0]).toEqual({ count: 400 });
});

test('the same file again, under any name, changes nothing and is set aside', async () => {
  const text = message('9301') + message('9302');
  await writeFile(join(folder, 'a.hl7'), text);
  expect(await take('a.hl7')).toBe('done');
  const before = await counts();
  await writeFile(join(folder, 'a.hl7'), text);
  expect(await take('a.hl7')).toBe('duplicate');
  expect(await resultOf('a.hl7.2')).toContain('state: duplicate');
  await writeFile(join(folder, 'other.hl7'), text);
  expect(await take('other.hl7')).toBe('duplicate');
  expect(await resultOf('other.hl7')).toContain('state: duplicate');
  expect(await counts()).toEqual(before);
  await writeFile(join(folder, 'a.hl7'), message('9303'));
  expect(await take('a.hl7')).toBe('done');
  expect(await resultOf('a.hl7.3')).toContain('messages: 1');
});

test('stopped between the last message and the move, it is moved with its result and not called a duplicate', async () => {
  await writeFile(join(folder, 'b.hl7'), message('9401'));
  await take('b.hl7');
  await writeFile(join(folder, 'b.hl7'), message('9401'));
  await unlink(join(folder, 'done', 'b.hl7'));
  expect(await take('b.hl7')).toBe('done');
  expect(await resultOf('b.hl7')).toContain('messages: 1, accepted 1');
});

test('what is not HL7 at all is failed with its reason', async () => {
  await writeFile(join(folder, 'photo.hl7'), randomBytes(5_000));
  expect(await take('photo.hl7')).toBe('failed');
  expect(await resultOf('photo.hl7', 'failed')).toContain('hl7.not-a-message');
  const { rows } = await site.owner.query("select state, reason from intake_file where name = 'photo.hl7'");
  expect(rows).toEqual([{ state: 'failed', reason: 'hl7.not-a-message' }]);
});

test('a file that vanished, or that is no plain file, is not read', async () => {
  await writeFile(join(folder, 'c.hl7'), message('9501'));
  const opened = await openFolder(root, place, '*.hl7');
  if (opened === undefined) throw new Error('no folder');
  const [found] = await filesIn(opened);
  if (found === undefined) throw new Error('no file');
  await unlink(join(folder, 'c.hl7'));
  await symlink('/etc/hostname', join(folder, 'c.hl7'));
  const taking: Taking = { given, partner, folder: opened, isStopping: () => false, sleep: () => Promise.resolve() };
  expect(await takeFile(taking, found)).toBe('failed');
  expect(await resultOf('c.hl7', 'failed')).toContain('hl7.file-unreadable');
});

test('one that is written to while it is read stays, and is taken again', async () => {
  await writeFile(join(folder, 'd.hl7'), message('9601'));
  const growing: Partial<FileReceiving> = {
    receive: async (each) => {
      await appendFile(join(folder, 'd.hl7'), message('9602'));
      return site.receive(each);
    },
  };
  expect(await take('d.hl7', growing)).toBe('changed');
  expect(await readdir(folder)).toEqual(['d.hl7']);
  expect(await take('d.hl7')).toBe('done');
  expect(await resultOf('d.hl7')).toContain('messages: 2');
});

test('links are not followed, and no folder leads out of DROP_DIR', async () => {
  await symlink('/etc/hostname', join(folder, 'link.hl7'));
  await symlink('/etc', join(root, `out-${place}`));
  const opened = await openFolder(root, place, '*');
  expect(opened && (await filesIn(opened))).toEqual([]);
  for (const path of [`out-${place}`, '..', `${place}/../..`, 'nowhere'])
    expect(await openFolder(root, path, '*.hl7')).toBeUndefined();
});

test('names fit the pattern; those with a dot in front never do', () => {
  expect(
    ['a.hl7', 'b.HL7', '.a.hl7', 'a.hl7.done', 'axhl7', 'x.hl7'].filter((name) => patternOf('*.hl7').test(name)),
  ).toEqual(['a.hl7', 'x.hl7']);
  expect(['adt_1.txt', 'adt_.txt', 'xadt_1.txt'].filter((name) => patternOf('adt_*.txt').test(name))).toEqual([
    'adt_1.txt',
    'adt_.txt',
  ]);
});

test('a file is settled when it has not changed for so long, or when its sender says so', () => {
  let now = 0;
  const settled = createSettling(5_000, () => now);
  const file = (size: number, isMarked = false) => ({ name: 'a', at: 'a', size, changedAt: 1, isMarked });
  expect(settled([file(1)])).toEqual([]);
  now = 4_999;
  expect(settled([file(1)])).toEqual([]);
  expect(settled([file(2)])).toEqual([]);
  now = 9_998;
  expect(settled([file(2)])).toEqual([]);
  now = 9_999;
  expect(settled([file(2)])).toEqual([file(2)]);
  expect(settled([file(3, true)])).toEqual([file(3, true)]);
});

test('the watch takes a marked file at once and its mark with it, one after another', async () => {
  await writeFile(join(folder, 'e.hl7'), message('9701'));
  await writeFile(join(folder, 'f.hl7'), message('9702'));
  await writeFile(join(folder, 'e.hl7.done'), '');
  const watch = startDropWatch(
    root,
    [{ partner, path: place, pattern: '*.hl7', settleSeconds: 3_600, given }],
    silentLog,
    { lookMs: 20 },
  );
  await expect.poll(() => readdir(join(folder, 'done')).catch(() => [])).toEqual(['e.hl7', 'e.hl7.result.txt']);
  await expect.poll(() => readdir(folder)).toEqual(['done', 'f.hl7']);
  await watch.stop();
});
