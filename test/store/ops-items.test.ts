// Operators' items: opening and closing are by name and may be repeated; what a person closed is not brought up again.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeItem, closeItems, closeOthers, countItems, listItems, openItems } from '../../src/store/ops-items.ts';
import type { Database } from '../../src/store/pool.ts';
import { openDatabase } from '../../src/store/pool.ts';
import { aDatabase } from '../support/database.ts';

let here: Database;
let there: Database;
beforeAll(async () => {
  const { url } = await aDatabase();
  const open = (organisation: string) => openDatabase({ url, organisation, application: 'test', connectionsMax: 2 });
  [here, there] = [open('here'), open('there')];
});
afterAll(async () => {
  await here.close();
  await there.close();
});

const at = Date.parse('2026-11-20T10:00:00Z');
const minute = 60_000;
const item = (kind: string, key: string, details: Record<string, unknown> = {}) => ({
  kind,
  key,
  owner: 'care-coordinator',
  details,
});

test('an item opened twice stands once, with its first time and its last details', async () => {
  await openItems(here, [item('quiet-feed', 'a', { minutes: 1 }), item('quiet-feed', 'b')], at);
  await openItems(here, [item('quiet-feed', 'a', { minutes: 2 })], at + minute);
  const found = await listItems(here, { kind: 'quiet-feed', limit: 10 });
  expect(found.map(({ key }) => key)).toEqual(['b', 'a']);
  expect(found[1]).toMatchObject({
    state: 'open',
    owner: 'care-coordinator',
    openedAt: new Date(at),
    lastSeenAt: new Date(at + minute),
    details: { minutes: 2 },
  });
  expect(await countItems(here)).toEqual([{ kind: 'quiet-feed', count: 2 }]);
});

test('another organisation sees none of it', async () => {
  await openItems(here, [item('quiet-feed', 'z')], at);
  expect(await listItems(there, { limit: 10 })).toEqual([]);
});

test('closing is by name, may be repeated, and a later cause opens a new item', async () => {
  await openItems(here, [item('match-review', '1')], at);
  for (const later of [1, 2]) await closeItems(here, [{ kind: 'match-review', key: '1' }], at + later * minute, 'anna');
  expect(await listItems(here, { kind: 'match-review', state: 'closed', limit: 10 })).toMatchObject([
    { key: '1', closedAt: new Date(at + minute), closedBy: 'anna', clearedAt: new Date(at + minute) },
  ]);
  await openItems(here, [item('match-review', '1')], at + 3 * minute);
  expect(await listItems(here, { kind: 'match-review', limit: 10 })).toHaveLength(1);
});

test('what an operator closed stays closed while its cause goes on, and may come up again after it', async () => {
  await openItems(here, [item('parked-share', 'a')], at);
  const [open] = await listItems(here, { kind: 'parked-share', limit: 1 });
  const id = open?.id ?? 0;
  await changeItem(here, id, { state: 'acknowledged', by: 'anna' }, at + minute);
  await changeItem(here, id, { state: 'closed', by: 'ben', note: 'known' }, at + 2 * minute);
  await openItems(here, [item('parked-share', 'a')], at + 3 * minute);
  expect(await listItems(here, { kind: 'parked-share', limit: 5 })).toEqual([]);
  expect(await changeItem(here, id, { note: 'x' }, at)).toBeUndefined();
  await closeOthers(here, 'parked-share', [], at + 4 * minute);
  const [closed] = await listItems(here, { kind: 'parked-share', state: 'closed', limit: 5 });
  expect(closed).toMatchObject({
    acknowledgedBy: 'anna',
    closedBy: 'ben',
    note: 'known',
    closedAt: new Date(at + 2 * minute),
    clearedAt: new Date(at + 4 * minute),
  });
  await openItems(here, [item('parked-share', 'a')], at + 5 * minute);
  expect(await listItems(here, { kind: 'parked-share', limit: 5 })).toHaveLength(1);
});

test('those whose cause no longer holds are closed, the others stand', async () => {
  await openItems(here, [item('stay', '1'), item('stay', '2')], at);
  await closeOthers(here, 'stay', ['2'], at + minute);
  expect((await listItems(here, { kind: 'stay', limit: 5 })).map(({ key }) => key)).toEqual(['2']);
});
