// A file of messages: every message by the same intake, one bad one named and the rest applied (F-33), read on after a
// stop, and nothing changed by the same file again.

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { instant } from '../../src/base/instant.ts';
import { type FileInput, type FileReceiving, receiveFile } from '../../src/flow/receive-file.ts';
import type { Reply } from '../../src/flow/receive-message.ts';
import type { Tally } from '../../src/hl7/batch-tally.ts';
import { tellFlag } from '../../src/hl7/batch-tally.ts';
import { fileMessages, findFile, readFile } from '../../src/store/intake-files.ts';
import { aDischarge, anAdmission } from '../support/hl7.ts';
import { aSite, type TestSite } from '../support/site.ts';

let site: TestSite;
let given: FileReceiving;
beforeAll(async () => {
  site = await aSite();
  given = {
    receive: site.receive,
    database: site.site.work,
    now: () => instant(Date.parse('2026-11-22T15:00:00Z')),
    newControlId: () => randomBytes(8).toString('hex'),
    messageBytesMax: 20_000,
  };
});
afterAll(() => site.close());

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const inputOf = (text: string, more: Partial<FileInput> = {}): FileInput => {
  const bytes = Buffer.from(text, 'utf8');
  return {
    partner: 'general-hospital',
    source: 'folder',
    name: 'x.hl7',
    start: bytes.subarray(0, 16),
    chunks: inChunks(bytes, 700),
    wantsAnswer: true,
    ...more,
  };
};

const counts = async (): Promise<{ messages: number; resources: number; audit: number }> => {
  await site.work();
  const { rows } = await site.owner.query(
    'select (select count(*)::int from message) as messages, (select count(*)::int from resource_history) as resources, (select count(*)::int from audit) as audit',
  );
  return rows[0] as { messages: number; resources: number; audit: number };
};

const good = (mrn: string) => anAdmission({ mrn, visit: `V${mrn}`, controlId: `C${mrn}` });

test('one bad message is named, the rest are applied, counts that do not fit are told (F-33)', async () => {
  const bad = anAdmission({ mrn: '7102', visit: 'V7102', controlId: 'C7102', processingId: 'X' });
  const text = [
    'FHS|^~\\&|LAB|GH|TL|RFP|20261122||night.hl7||F1\r',
    'BHS|^~\\&|LAB|GH|TL|RFP|20261122||||B1\r',
    good('7101'),
    bad,
    good('7103'),
    'BTS|4\r',
    'FTS|1\r',
  ].join('');
  const outcome = await receiveFile(given, inputOf(text));
  expect(outcome).toMatchObject({ state: 'done', messages: 3, refused: 1 });
  expect(outcome.tally.flags.map(tellFlag)).toEqual([
    'BTS^1^1: BTS-1 is not the number of messages in the batch (said 4, found 3)',
  ]);
  const lines = outcome.answer
    .toString('utf8')
    .split('\r')
    .filter((line) => line !== '');
  expect(lines.filter((line) => line.startsWith('MSA'))).toEqual(['MSA|AA|C7101', 'MSA|AR|C7102', 'MSA|AA|C7103']);
  expect(lines.filter((line) => line.startsWith('ERR'))).toEqual([expect.stringContaining('MSH^1^11')]);
  expect(lines.filter((line) => /^(FHS|BHS|BTS|FTS)/.test(line))).toEqual([
    expect.stringMatching(/^FHS\|\^~\\&\|TL\|RFP\|LAB\|GH\|20261122150000\+0000\|\|\|\|[0-9a-f]{16}\|F1$/),
    expect.stringMatching(/^BHS\|\^~\\&\|TL\|RFP\|LAB\|GH\|20261122150000\+0000\|\|\|\|[0-9a-f]{16}\|B1$/),
    'BTS|3|BTS\\S\\1\\S\\1: BTS-1 is not the number of messages in the batch (said 4, found 3); message 2 (control id C7102): AR',
    'FTS|1',
  ]);
  expect(await fileMessages(site.site.work, outcome.id, 0, 10, false)).toMatchObject([
    { number: 1, controlId: 'C7101', answer: 'AA', line: 3 },
    { number: 2, controlId: 'C7102', answer: 'AR', reason: 'hl7.processing-id-refused', place: 'MSH^1^11' },
    { number: 3, controlId: 'C7103', answer: 'AA' },
  ]);
  await site.work();
  const { rows } = await site.owner.query('select state, reason from inbox order by message');
  expect(rows.map(({ state, reason }) => reason ?? state)).toEqual(['applied', 'hl7.processing-id-refused', 'applied']);
});

test('the same file again changes nothing and is answered the same', async () => {
  const text = `BHS|^~\\&\r${good('7201')}${aDischarge({ mrn: '7201', visit: 'V7201', controlId: 'D7201' })}BTS|2\r`;
  await receiveFile(given, inputOf(text));
  const before = await counts();
  const again = await receiveFile(given, inputOf(text, { source: 'http' }));
  expect([again.messages, again.refused, await counts()]).toEqual([2, 0, before]);
  expect(again.answer.toString().match(/MSA\|AA/g)).toHaveLength(2);
});

test('bare messages and an envelope without messages are legal', async () => {
  const bare = await receiveFile(given, inputOf(`${good('7301')}${good('7302')}`));
  expect([bare.messages, bare.tally.flags]).toEqual([2, []]);
  const empty = await receiveFile(given, inputOf('BHS|^~\\&|A\rBTS|0\r'));
  expect(empty.answer.toString()).toMatch(/^BHS[^\r]*\rBTS\|0\r$/);
  const within = await receiveFile(given, inputOf('FHS|^~\\&|A\rBHS|^~\\&|A\rBTS|0\rFTS|1\r'));
  expect([within.messages, within.tally.flags]).toEqual([0, []]);
  const file = await receiveFile(given, inputOf('FHS|^~\\&|A\rFTS|0\r'));
  expect([file.messages, file.tally.flags]).toEqual([0, []]);
});

test.each([
  ['nothing at all', Buffer.alloc(0)],
  ['white space', Buffer.from(' \t\r\n\r\n\n ')],
  ['a byte order mark', Buffer.from('\uFEFF\r\n')],
  ['blank lines in UTF-16', Buffer.from('\uFEFF\r\n\r\n', 'utf16le')],
  ['a frame with nothing in it', Buffer.from('\x0b\x1c\r')],
  ['a trailer alone', Buffer.from('BTS|0\r')],
])('%s is no file of messages, the second time too', async (_what, bytes) => {
  const digest = randomBytes(32);
  const input = () => inputOf('', { digest, start: bytes.subarray(0, 16), chunks: inChunks(bytes, 3) });
  for (const _time of [1, 2])
    await expect(receiveFile(given, input())).rejects.toMatchObject({ code: 'hl7.not-a-message' });
  const { rows } = await site.owner.query('select state, reason from intake_file where digest = $1', [digest]);
  expect(rows).toEqual(Array(2).fill({ state: 'failed', reason: 'hl7.not-a-message' }));
  expect(await findFile(site.site.work, 'general-hospital', digest)).toBeUndefined();
});

test('two batches are answered as two; what is not HL7 is refused by its place', async () => {
  const text = [
    'FHS|^~\\&\r',
    'BHS|^~\\&\r',
    good('7401'),
    'BTS|1\r',
    'BHS|^~\\&\r',
    'MSH|^^^\r',
    good('7402'),
    'BTS|2\r',
    'FTS|2\r',
  ].join('');
  const { answer, refused } = await receiveFile(given, inputOf(text));
  const names = answer
    .toString()
    .split('\r')
    .filter((line) => line !== '')
    .map((line) => line.slice(0, 6));
  expect(names).toEqual([
    'FHS|^~',
    'BHS|^~',
    'MSH|^~',
    'MSA|AA',
    'BTS|1',
    'BHS|^~',
    'MSH|^~',
    'MSA|AR',
    'ERR||M',
    'MSH|^~',
    'MSA|AA',
    'BTS|2|',
    'FTS|2',
  ]);
  expect(refused).toBe(1);
});

test('a message above the limit is refused and named; the rest are applied', async () => {
  const long = anAdmission({ mrn: '7501', controlId: 'LONG', segments: [`ZZZ|${'x'.repeat(20_000)}`] });
  const { id, refused, answer } = await receiveFile(given, inputOf(`${good('7502')}${long}${good('7503')}`));
  expect(refused).toBe(1);
  expect(await fileMessages(site.site.work, id, 0, 10, true)).toMatchObject([
    { number: 2, controlId: 'LONG', answer: 'AR', reason: 'hl7.message-too-large' },
  ]);
  expect(answer.toString()).toContain('MSA|AR|LONG');
});

test('cut off anywhere, reading goes on where it was and ends as if it had never stopped', async () => {
  const mrns = Array.from({ length: 300 }, (_, index) => String(8_000 + index));
  const text = ['FHS|^~\\&\r', 'BHS|^~\\&\r', ...mrns.map(good), 'BTS|300\r', 'FTS|1\r'].join('');
  const digest = randomBytes(32);
  let kept = 0;
  const dying: FileReceiving = {
    ...given,
    receive: (message): Promise<Reply> => (kept++ < 200 ? site.receive(message) : Promise.reject(new Error('killed'))),
    // What a killed process cannot do any more.
    database: {
      ...site.site.work,
      query: (name, sql, values) =>
        name === 'intake-files.finish' ? Promise.resolve([]) : site.site.work.query(name, sql, values),
    },
  };
  await expect(receiveFile(dying, inputOf(text, { digest }))).rejects.toThrow('killed');
  const known = await findFile<Tally>(site.site.work, 'general-hospital', digest);
  expect(known).toMatchObject({ state: 'reading', messages: expect.any(Number) });
  expect(known?.messages).toBeLessThan(200);
  const rest = Buffer.from(text).subarray(known?.position ?? 0);
  const outcome = await receiveFile(given, { ...inputOf(text, { digest }), chunks: inChunks(rest, 999), known });
  expect(outcome).toMatchObject({
    state: 'done',
    messages: 300,
    refused: 0,
    tally: { messages: 300, batches: 1, flags: [] },
  });
  const told = await fileMessages(site.site.work, outcome.id, 0, 1_000, false);
  expect(told.map(({ number, controlId }) => [number, controlId])).toEqual(
    mrns.map((mrn, index) => [index + 1, `C${mrn}`]),
  );
  const { rows } = await site.owner.query("select count(*)::int as count from message where control_id like 'C8%'");
  expect(rows[0]).toEqual({ count: 300 });
});

test('while the database is away nothing is said to be kept and the file stays to be read on', async () => {
  const away = { ...given, receive: () => Promise.resolve('close' as const) };
  const digest = randomBytes(32);
  await expect(receiveFile(away, inputOf(good('7601'), { digest }))).rejects.toMatchObject({
    code: 'store.unavailable',
  });
  expect((await findFile(site.site.work, 'general-hospital', digest))?.state).toBe('reading');
});

test('a file that is not whole is failed with its reason', async () => {
  const digest = randomBytes(32);
  async function* cut(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(good('7701'));
    throw new (await import('../../src/base/fault.ts')).Fault('hl7.file-broken');
  }
  await expect(receiveFile(given, inputOf('', { chunks: cut(), digest }))).rejects.toMatchObject({
    code: 'hl7.file-broken',
  });
  const { rows } = await site.owner.query('select id from intake_file where digest = $1', [digest]);
  expect(await readFile(site.site.work, (rows[0] as { id: string }).id as unknown as number)).toMatchObject({
    state: 'failed',
    reason: 'hl7.file-broken',
  });
});

test('two who read the same file: the slower one leaves it', async () => {
  const digest = randomBytes(32);
  const slow = {
    ...given,
    receive: async (message: Parameters<typeof given.receive>[0]) => {
      await site.owner.query('update intake_file set position = 1 where digest = $1', [digest]);
      return site.receive(message);
    },
  };
  await expect(receiveFile(slow, inputOf(good('7801'), { digest }))).rejects.toMatchObject({ code: 'store.conflict' });
});
