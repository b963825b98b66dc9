// Every message's fate over HTTP, as an operator asks for it: found by whatever is known of it, shown byte by byte and
// field by field with what it changed, replayed, set aside and counted; each organisation its own only.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  MessageDetail,
  MessageList,
  MessageStats,
  MessageSummary,
  ReplayAnswer,
} from '../../src/api/ops/message-types.ts';
import { aDatabase } from '../support/database.ts';
import { aDischarge, aMerge, anAdmission, anUpdate } from '../support/hl7.ts';
import { anOpsServer, type OpsServer } from '../support/ops-server.ts';
import { aSite, type TestSite } from '../support/site.ts';
import { twoOrganisations } from '../support/two-organisations.ts';

const [hill, lake] = ['hill-practice', 'lake-practice'] as const;
let sites: TestSite[];
let here: TestSite;
let there: TestSite;
let server: OpsServer;

const discharge = aDischarge({
  mrn: '100',
  visit: 'V100',
  authority: '',
  at: '20261120150000-0500',
  name: 'Winter^Ada \\T\\ Co',
  controlId: 'D1',
});
beforeAll(async () => {
  const database = await aDatabase();
  const { profilesDir } = await twoOrganisations({ [hill]: 1, [lake]: 2 });
  sites = [];
  for (const practice of [hill, lake])
    sites.push(await aSite({ now: '2026-11-22T15:00:00Z', database, profilesDir, practice }));
  [here, there] = sites as [TestSite, TestSite];
  server = await anOpsServer(sites);
  const common = { authority: '' };
  await here.send(
    anAdmission({ ...common, mrn: '100', visit: 'V100', at: '20261118090000-0500', controlId: 'A1' }),
    'hill-hospital',
  );
  await here.send(discharge, 'hill-hospital');
  await here.send(
    anUpdate({ ...common, mrn: '100', visit: 'V100', at: 'soon', sentAt: 'soon', controlId: 'BAD' }),
    'hill-hospital',
  );
  await here.send(
    anUpdate({ ...common, event: 'A20', mrn: '100', at: '20261120160000-0500', controlId: 'I1' }),
    'hill-hospital',
  );
  await here.work();
  here.setNow('2026-11-23T15:00:00Z');
  await here.send(
    anUpdate({ ...common, mrn: '101', visit: 'V101', at: '20261119160000-0500', controlId: 'D1' }),
    'hill-hospital',
  );
  await here.send(
    aMerge({
      ...common,
      survivor: '200^^^&https://authority.example/mrn&URI',
      retired: '101^^^&https://authority.example/mrn&URI',
      at: '20261120170000-0500',
      controlId: 'M1',
    }),
    'hill-hospital',
  );
  await here.work();
  await there.send(
    aDischarge({
      ...common,
      mrn: '100',
      visit: 'V100',
      at: '20261120150000-0500',
      controlId: 'D1',
      name: 'Lakeland^Bea',
    }),
    'lake-hospital',
  );
  await there.work();
}, 60_000);
afterAll(async () => {
  await server.close();
  for (const site of sites) await site.close();
});

const search = async (filter: Record<string, unknown>): Promise<string[]> => {
  const { status, body } = await server.ask<MessageList>('POST', '/messages/search', filter);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body.messages.map(({ controlId }) => controlId);
};
const one = async (filter: Record<string, unknown>): Promise<MessageSummary> =>
  (await server.ask<MessageList>('POST', '/messages/search', filter)).body.messages[0] as MessageSummary;

describe('a search', () => {
  it('lists the newest first, with state, reason, marks and what is flagged', async () => {
    const { messages, cursor } = await server.get<MessageList>('/messages');
    expect(cursor).toBeUndefined();
    expect(messages.map(({ controlId, state }) => [controlId, state])).toEqual([
      ['M1', 'applied'],
      ['D1', 'applied'],
      ['I1', 'ignored'],
      ['BAD', 'parked'],
      ['D1', 'applied'],
      ['A1', 'applied'],
    ]);
    const [, reused, ignored, parked, applied] = messages;
    expect(reused?.flags).toContain('control-id-reused');
    expect(ignored?.reason).toMatch(/bed status/);
    expect(parked).toMatchObject({ reason: 'hl7.time-missing', identifier: '100', rawExpiresOn: '2027-02-21' });
    expect(applied).toMatchObject({
      partner: 'hill-hospital',
      trigger: 'ADT^A03',
      receivedAt: '2026-11-22T15:00:00.000Z',
      identifier: '100',
      visit: 'V100',
      attempts: 0,
      replays: 0,
    });
  });

  it.each([
    [{ partner: 'hill-hospital', state: 'applied' }, ['M1', 'D1', 'D1', 'A1']],
    [{ 'control-id': 'D1' }, ['D1', 'D1']],
    [{ 'control-id': 'D1', flag: 'control-id-reused' }, ['D1']],
    [{ visit: 'V100' }, ['D1', 'A1']],
    [{ identifier: '100' }, ['I1', 'BAD', 'D1', 'A1']],
    [{ identifier: '101' }, ['M1', 'D1']],
    [{ identifier: '200' }, ['M1', 'D1']],
    [{ reason: 'hl7.time-missing' }, ['BAD']],
    [{ trigger: 'ADT^A03' }, ['D1']],
    [{ trigger: 'A01', state: 'applied' }, ['A1']],
    [{ from: '2026-11-23' }, ['M1', 'D1']],
    [{ from: '2026-11-22T15:00:00Z', to: '2026-11-22T15:00:01Z', state: 'parked' }, ['BAD']],
    [{ partner: 'lake-hospital' }, []],
    [{ identifier: "' or true --" }, []],
  ])('finds by %j', async (filter, controlIds) => {
    expect(await search(filter)).toEqual(controlIds);
    const query = new URLSearchParams(filter as Record<string, string>);
    const list = await server.get<MessageList>(`/messages?${query}`);
    expect(list.messages.map(({ controlId }) => controlId)).toEqual(controlIds);
  });

  it('gives page after page, each message once', async () => {
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await server.ask<MessageList>('POST', '/messages/search', {
        'page-size': 4,
        ...(cursor && { cursor }),
      });
      seen.push(...body.messages.map(({ id }) => id));
      cursor = body.cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => b - a));
    expect(seen).toHaveLength(6);
  });

  it.each([
    [{ colour: 'red' }, 'known names'],
    [{ state: 'lost' }, 'state is one of'],
    [{ from: 'yesterday' }, 'from is a day'],
    [{ from: '2026-11-23', to: '2026-11-22' }, 'from lies before to'],
    [{ 'page-size': 201 }, 'from 1 to 200'],
    [{ cursor: 'made-up.7' }, 'cursor is the one'],
    [{ partner: ['a'] }, 'a text or a number'],
    [{ visit: 'a\u0000b' }, 'control characters'],
  ])('refuses %j and says what would be right', async (filter, words) => {
    const { status, body } = await server.ask<{ detail: string }>('POST', '/messages/search', filter);
    expect([status, body.detail]).toEqual([400, expect.stringContaining(words)]);
  });
});

describe('a message', () => {
  it('is shown with its bytes, its fields by name and what it changed', async () => {
    const { id } = await one({ 'control-id': 'D1', trigger: 'A03' });
    const detail = await server.get<MessageDetail>(`/messages/${id}`);
    expect(detail.content?.text).toBe(discharge);
    const person = detail.content?.segments.find(({ segment }) => segment === 'PID');
    expect(person?.fields.find(({ number }) => number === 5)).toEqual({
      number: 5,
      name: 'name',
      sent: 'Winter^Ada \\T\\ Co',
      values: [[['Winter'], ['Ada & Co']]],
    });
    const [change] = detail.changes;
    expect(change?.outcome).toBe('applied');
    expect(change?.resources.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['Encounter', 'CarePlan', 'Task', 'Provenance']),
    );
    expect(detail.work).toContainEqual(
      expect.objectContaining({
        reference: expect.stringMatching(/^Task\//),
        status: 'ready',
        codes: expect.arrayContaining([expect.stringContaining('first-contact')]),
      }),
    );
    expect(detail.earlier).toEqual([]);
    const { bytes } = await server.bytes(`/messages/${id}/raw`);
    expect(bytes.equals(Buffer.from(discharge))).toBe(true);
  });

  it('says in sentences why it is parked and what its flags mean', async () => {
    const { id } = await one({ state: 'parked' });
    const parked = await server.get<MessageDetail>(`/messages/${id}`);
    expect(parked.reasonExplained).toMatch(/holds a time/);
    const reused = await server.get<MessageDetail>(`/messages/${(await one({ flag: 'control-id-reused' })).id}`);
    expect(reused.flagsExplained).toContainEqual({
      code: 'control-id-reused',
      text: expect.stringMatching(/other bytes/),
    });
  });

  it('is unknown where it is another organisation’s, like one that never was', async () => {
    const theirs = (await server.ask<MessageList>('GET', '/messages', undefined, `operator-${lake}`)).body.messages;
    expect(theirs.map(({ controlId }) => controlId)).toEqual(['D1']);
    const id = theirs[0]?.id ?? 0;
    for (const path of [`/messages/${id}`, `/messages/${id}/raw`, '/messages/999999', '/messages/x'])
      expect((await server.ask('GET', path)).status, path).toBe(404);
    for (const path of [`/messages/${id}/replay`, `/messages/${id}/park`])
      expect((await server.ask('POST', path, { reason: 'x' })).status, path).toBe(404);
    const { body } = await server.ask<ReplayAnswer>('POST', '/messages/replay', { ids: [id] });
    expect(body).toMatchObject({ matched: 0, setBack: 0 });
    expect((await server.ask<MessageDetail>('GET', `/messages/${id}`, undefined, `operator-${lake}`)).body.state).toBe(
      'applied',
    );
  });

  it('whose bytes have expired keeps its fate, and is not replayed', async () => {
    await here.send(
      anUpdate({ mrn: '300', visit: 'V300', authority: '', at: '20261120160000-0500', controlId: 'OLD' }),
      'hill-hospital',
    );
    await here.work();
    const before = await one({ 'control-id': 'OLD' });
    await here.owner.query('delete from message_raw where id = $1', [before.id]);
    const detail = await server.get<MessageDetail>(`/messages/${before.id}`);
    expect(detail).toMatchObject({ state: 'applied', rawExpired: true });
    expect([detail.content, detail.rawExpiresOn]).toEqual([undefined, undefined]);
    expect(detail.changes).not.toEqual([]);
    for (const [method, path] of [
      ['GET', `/messages/${before.id}/raw`],
      ['POST', `/messages/${before.id}/replay`],
    ] as const)
      expect((await server.ask<{ error: string }>(method, path, method === 'POST' ? {} : undefined)).body.error).toBe(
        'ops.raw-expired',
      );
    const { body } = await server.ask<ReplayAnswer>('POST', '/messages/replay', { 'control-id': 'OLD' });
    expect(body).toEqual({ matched: 1, setBack: 0, stillUndecided: 0, rawExpired: 1, dryRun: false });
  });
});

describe('setting aside and setting back', () => {
  it('parks what nobody has decided, and a replay releases it', async () => {
    await here.send(
      anUpdate({ mrn: '400', visit: 'V400', authority: '', at: '20261120160000-0500', controlId: 'P1' }),
      'hill-hospital',
    );
    await here.send(
      anUpdate({ mrn: '400', visit: 'V400', authority: '', at: '20261120170000-0500', controlId: 'P2' }),
      'hill-hospital',
    );
    const { id } = await one({ 'control-id': 'P1' });
    const parked = await server.ask<MessageSummary>('POST', `/messages/${id}/park`, { reason: 'ask the hospital' });
    expect(parked.body).toMatchObject({ state: 'parked', reason: 'operator.parked', note: 'ask the hospital' });
    await here.work();
    expect((await one({ 'control-id': 'P2' })).state).toBe('applied');
    expect((await server.ask('POST', `/messages/${id}/park`, { reason: 'again' })).status).toBe(409);
    expect((await server.ask('POST', `/messages/${id}/park`, {})).status).toBe(400);
    const { body } = await server.ask<ReplayAnswer>('POST', `/messages/${id}/replay`, {});
    expect(body).toMatchObject({ matched: 1, setBack: 1 });
    expect((await server.ask('POST', `/messages/${id}/replay`, {})).status).toBe(409);
    await here.work();
    const detail = await server.get<MessageDetail>(`/messages/${id}`);
    expect(detail).toMatchObject({ state: 'applied', replays: 1 });
    expect(detail.note).toBeUndefined();
    expect(detail.earlier).toEqual([
      expect.objectContaining({
        state: 'parked',
        reason: 'operator.parked',
        note: 'ask the hospital',
        setBackBy: `system:operator-${hill}`,
      }),
    ]);
  });

  it('counts a selection before it is set back, and needs one', async () => {
    const dry = await server.ask<ReplayAnswer>('POST', '/messages/replay', {
      state: 'parked',
      reason: 'hl7.time-missing',
      'dry-run': true,
    });
    expect(dry.body).toEqual({ matched: 1, setBack: 1, stillUndecided: 0, rawExpired: 0, dryRun: true });
    expect((await one({ 'control-id': 'BAD' })).state).toBe('parked');
    for (const body of [
      {},
      { 'dry-run': true },
      { ids: [] },
      { ids: ['x'] },
      { ids: [1], 'dry-run': 'yes' },
      { limit: 5 },
    ])
      expect((await server.ask('POST', '/messages/replay', body)).status, JSON.stringify(body)).toBe(400);
    const { body } = await server.ask<ReplayAnswer>('POST', '/messages/replay', {
      from: '2026-11-22',
      to: '2026-11-23',
      state: 'parked',
    });
    expect(body.setBack).toBe(1);
    await here.work();
    expect(await one({ 'control-id': 'BAD' })).toMatchObject({
      state: 'parked',
      replays: 1,
      reason: 'hl7.time-missing',
    });
  });

  it('leaves audit rows that say who did what, with the patients concerned', async () => {
    const { rows } = await here.owner.query<{ interaction: string; actor: string; patients: string[] }>(
      `select interaction, actor, patients from audit where organisation = $1 and interaction like 'ops%'`,
      [hill],
    );
    const of = (interaction: string) => rows.filter((row) => row.interaction === interaction);
    expect(of('ops message replay').some(({ actor }) => actor === `system:operator-${hill}`)).toBe(true);
    expect(of('ops message park').length).toBeGreaterThan(0);
    expect(of('ops message raw').some(({ patients }) => patients.length === 1)).toBe(true);
    expect(of('ops messages').some(({ patients }) => patients.length > 1)).toBe(true);
  });
});

it('counts by partner, state and reason, and what waits', async () => {
  const stats = await server.get<MessageStats>('/messages/stats?from=2026-11-22T15:00:00Z&to=2026-11-22T19:00:00Z');
  expect(stats.partners).toEqual([
    {
      partner: 'hill-hospital',
      total: 4,
      perHour: 1,
      states: { received: 0, applied: 2, ignored: 1, parked: 1, waiting: 0 },
      parkedShare: 0.25,
      reasons: [
        expect.objectContaining({ state: 'ignored', count: 1 }),
        { state: 'parked', reason: 'hl7.time-missing', count: 1, example: expect.any(Number) },
      ],
    },
  ]);
  expect(stats.undecided).toEqual([
    { partner: 'hill-hospital', state: 'parked', count: 1, oldest: '2026-11-22T15:00:00.000Z' },
  ]);
  expect(stats.parked).toEqual([
    expect.objectContaining({ partner: 'hill-hospital', reason: 'hl7.time-missing', count: 1 }),
  ]);
  expect((await server.ask('GET', '/messages/stats?from=2020-01-01')).status).toBe(400);
});

it('is for operators only', async () => {
  for (const [method, path] of [
    ['GET', '/messages'],
    ['POST', '/messages/search'],
    ['POST', '/messages/replay'],
    ['GET', '/messages/stats'],
    ['GET', '/messages/1/raw'],
  ] as const)
    expect((await server.ask(method, path, method === 'POST' ? {} : undefined, 'reader')).status, path).toBe(403);
});
