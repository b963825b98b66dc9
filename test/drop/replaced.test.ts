// A sender that puts a new file in the place of one that is being read: what was read keeps its result, and the new file
// is taken next, whenever it came and however the service ended in between.

import { appendFile, readdir, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { filesIn, openFolder } from '../../src/drop/folder.ts';
import { takeFile } from '../../src/drop/take-file.ts';
import { dropGround, droppedMessage } from '../support/drop.ts';

/** Happens once, when a file has been looked at and is about to be laid aside. */
let justBefore: (() => Promise<void>) | undefined;
vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>();
  const move: typeof fs.rename = async (from, to) => {
    const happens = String(to).endsWith('.taking') ? justBefore : undefined;
    if (happens) justBefore = undefined;
    await happens?.();
    await fs.rename(from, to);
  };
  return { ...fs, rename: move };
});

const ground = dropGround();
let { site, given, root, place, folder } = ground;
beforeEach(() => {
  ({ site, given, root, place, folder } = ground);
});

const message = droppedMessage;
const put = (text: string | Buffer, name = 'adt.hl7') => writeFile(join(folder, name), text);

/** Uploads under a name that is not looked at and renames it over `adt.hl7`. */
async function putOver(text: string): Promise<void> {
  await put(text, '.upload');
  await rename(join(folder, '.upload'), join(folder, 'adt.hl7'));
}

/** Takes the first file; `meanwhile` happens once, just before or after the statement of that name. */
async function take(when?: string, meanwhile?: () => Promise<void>, order: 'before' | 'after' = 'after') {
  const opened = await openFolder(root, place, '*.hl7');
  const [found] = opened ? await filesIn(opened) : [];
  if (opened === undefined || found === undefined) throw new Error('no file');
  const { work } = site.site;
  let isDone = meanwhile === undefined;
  const query: typeof work.query = async (name, text, values) => {
    const isNow = name === when && !isDone;
    isDone ||= isNow;
    if (isNow && order === 'before') await meanwhile?.();
    const rows = await work.query(name, text, values);
    if (isNow && order === 'after') await meanwhile?.();
    return rows as never;
  };
  const database = { ...work, query };
  const taking = { given: { ...given, database }, partner: 'general-hospital', folder: opened };
  const state = await takeFile({ ...taking, isStopping: () => false, sleep: () => site.work() }, found);
  expect(isDone).toBe(true);
  return state;
}

const shelf = async (name: 'done' | 'failed'): Promise<string[]> =>
  (await readdir(join(folder, name)).catch(() => [])).sort();
const told = (name: string, from = 'done'): Promise<string> => readFile(join(folder, from, name), 'utf8');
const lying = async (): Promise<string[]> =>
  (await readdir(folder, { withFileTypes: true })).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
const kept = async (controlId: string): Promise<number> =>
  (await site.owner.query('select 1 from inbox where control_id = $1', [controlId])).rows.length;

test('while it is read: its result is told, and the new file is read next', async () => {
  await put(message('8101'));
  await put('', 'adt.hl7.done');
  expect(await take('intake-files.progress', () => putOver(message('8102')))).toBe('done');
  // The mark spoke of the file before; without it the new one is taken when it has settled.
  expect(await lying()).toEqual(['adt.hl7']);
  expect(await shelf('done')).toEqual(['adt.hl7.replaced.result.txt']);
  expect(await told('adt.hl7.replaced.result.txt')).toMatch(/^replaced: .*\n1\t1\t0\tC8101\tAA/s);
  expect(await take()).toBe('done');
  expect(await lying()).toEqual([]);
  expect(await shelf('done')).toEqual(['adt.hl7', 'adt.hl7.replaced.result.txt', 'adt.hl7.result.txt']);
  expect(await told('adt.hl7')).toBe(message('8102'));
  expect(await told('adt.hl7.result.txt')).toContain('\tC8102\tAA');
  expect([await kept('C8101'), await kept('C8102')]).toEqual([1, 1]);
});

test('again and again: every result has a name of its own', async () => {
  await put(message('8201'));
  for (const mrn of ['8202', '8203']) await take('intake-files.progress', () => putOver(message(mrn)));
  expect(await take()).toBe('done');
  expect(await shelf('done')).toEqual([
    'adt.hl7',
    'adt.hl7.replaced.2.result.txt',
    'adt.hl7.replaced.result.txt',
    'adt.hl7.result.txt',
  ]);
  expect(await told('adt.hl7.replaced.2.result.txt')).toContain('\tC8202\tAA');
});

test('a duplicate, or what is no HL7: the new file does not share its fate', async () => {
  await put(message('8301'), 'first.hl7');
  expect(await take()).toBe('done');
  await put(message('8301'));
  expect(await take('intake-files.find', () => putOver('a photo'))).toBe('duplicate');
  expect(await told('adt.hl7.replaced.result.txt')).toContain('state: duplicate');
  expect(await take('intake-files.finish', () => putOver(message('8302')))).toBe('failed');
  expect(await shelf('failed')).toEqual(['adt.hl7.replaced.result.txt']);
  expect(await told('adt.hl7.replaced.result.txt', 'failed')).toContain('hl7.not-a-message');
  expect(await take()).toBe('done');
  expect(await kept('C8302')).toBe(1);
});

test('what could not be opened: the new file is not set aside as unreadable', async () => {
  await put(message('8401'));
  const opened = await openFolder(root, place, '*.hl7');
  const [found] = opened ? await filesIn(opened) : [];
  if (opened === undefined || found === undefined) throw new Error('no file');
  await unlink(join(folder, 'adt.hl7'));
  await symlink('/etc/hostname', join(folder, 'adt.hl7'));
  const { work } = site.site;
  const query: typeof work.query = async (name, text, values) => {
    if (name === 'intake-files.finish') await putOver(message('8402'));
    return work.query(name, text, values);
  };
  const taking = { given: { ...given, database: { ...work, query } }, partner: 'general-hospital', folder: opened };
  const waiting = { isStopping: () => false, sleep: () => site.work() };
  expect(await takeFile({ ...taking, ...waiting }, found)).toBe('failed');
  expect(await shelf('failed')).toEqual(['adt.hl7.replaced.result.txt']);
  expect(await take()).toBe('done');
  expect(await kept('C8402')).toBe(1);
});

test('while its result is written: the new file stays where it is', async () => {
  await put(message('8501'));
  expect(await take('intake-files.read', () => putOver(message('8502')))).toBe('done');
  expect([await lying(), await shelf('done')]).toEqual([['adt.hl7'], ['adt.hl7.replaced.result.txt']]);
  expect(await take()).toBe('done');
  expect(await kept('C8502')).toBe(1);
});

test('between the last look and the move, and a third one after it: all are read, the older first', async () => {
  await put(message('8511'));
  justBefore = () => putOver(message('8512'));
  expect(await take()).toBe('done');
  expect([justBefore, await shelf('done')]).toEqual([undefined, ['adt.hl7.replaced.result.txt']]);
  expect(await told('adt.hl7.replaced.result.txt')).toContain('\tC8511\tAA');
  expect(await lying()).toEqual([expect.stringMatching(/^\.adt\.hl7\.[0-9a-f]{8}\.taking$/)]);
  await put(message('8513'));
  await put('', 'adt.hl7.done');
  expect(await take()).toBe('done');
  expect(await told('adt.hl7')).toBe(message('8512'));
  expect((await lying()).sort()).toEqual(['adt.hl7', 'adt.hl7.done']);
  expect(await take()).toBe('done');
  expect(await told('adt.hl7.2')).toBe(message('8513'));
  expect(await lying()).toEqual([]);
  expect(await Promise.all(['C8511', 'C8512', 'C8513'].map(kept))).toEqual([1, 1, 1]);
});

test('the same, and another upload has its place at once: neither covers the other', async () => {
  await put(message('8521'));
  justBefore = () => putOver(message('8522'));
  expect(await take()).toBe('done');
  await putOver(message('8523'));
  justBefore = () => putOver(message('8524'));
  // Laid aside already, it is moved as it is; the one under its name is looked at afterwards.
  expect(await take()).toBe('done');
  expect(await told('adt.hl7')).toBe(message('8522'));
  expect(await take()).toBe('done');
  expect(await take()).toBe('done');
  expect(await Promise.all(['C8521', 'C8522', 'C8523', 'C8524'].map(kept))).toEqual([1, 1, 1, 1]);
});

test.each([
  ['before its result was', []],
  ['after its result was', ['adt.hl7.result.txt']],
])('killed while it was moved, %s: the next start moves it, with its result', async (_when, there) => {
  const mrn = `86${there.length}`;
  await put(message(mrn));
  await take();
  await rename(join(folder, 'done', 'adt.hl7'), join(folder, '.adt.hl7.0123abcd.taking'));
  if (there.length === 0) await unlink(join(folder, 'done', 'adt.hl7.result.txt'));
  await writeFile(join(folder, 'done', '.adt.hl7.writing'), 'half a res');
  expect(await shelf('done')).toEqual(['.adt.hl7.writing', ...there]);
  expect(await take()).toBe('done');
  expect([await lying(), await shelf('done')]).toEqual([[], ['adt.hl7', 'adt.hl7.result.txt']]);
  expect(await told('adt.hl7.result.txt')).toContain('messages: 1, accepted 1');
  expect(await kept(`C${mrn}`)).toBe(1);
});

test('taken away by its sender: what was read of it is told all the same', async () => {
  await put(message('8703'));
  justBefore = () => unlink(join(folder, 'adt.hl7'));
  expect(await take()).toBe('done');
  expect(await told('adt.hl7.replaced.result.txt')).toContain('\tC8703\tAA');
  await rm(join(folder, 'done'), { recursive: true });
  await put(message('8701'));
  expect(await take('intake-files.finish', () => unlink(join(folder, 'adt.hl7')))).toBe('done');
  expect(await told('adt.hl7.replaced.result.txt')).toContain('\tC8701\tAA');
  await put(message('8702'));
  expect(await take('intake-files.read', () => unlink(join(folder, 'adt.hl7')))).toBe('done');
  expect(await told('adt.hl7.replaced.2.result.txt')).toContain('\tC8702\tAA');
});

test('taken away before it is opened: nothing is told of it', async () => {
  await put(message('8801'));
  const opened = await openFolder(root, place, '*.hl7');
  const [found] = opened ? await filesIn(opened) : [];
  if (opened === undefined || found === undefined) throw new Error('no file');
  await unlink(join(folder, 'adt.hl7'));
  const taking = { given, partner: 'general-hospital', folder: opened, isStopping: () => false };
  expect(await takeFile({ ...taking, sleep: () => site.work() }, found)).toBe('changed');
  expect([await shelf('done'), await shelf('failed')]).toEqual([[], []]);
});

test('written on after its end was read: it stays, and the rest is read', async () => {
  await put(message('8901'));
  const goOn = (): Promise<void> => appendFile(join(folder, 'adt.hl7'), message('8902'));
  expect(await take('intake-files.finish', goOn)).toBe('done');
  expect(await lying()).toEqual(['adt.hl7']);
  expect(await take()).toBe('done');
  expect(await told('adt.hl7.result.txt')).toContain('messages: 2, accepted 2');
  expect([await kept('C8901'), await kept('C8902')]).toEqual([1, 1]);
});
