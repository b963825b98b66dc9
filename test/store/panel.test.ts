// The statements that apply a load do what the algebra of the difference says; each organisation sees its own.

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addDays } from '../../src/base/calendar.ts';
import { instant, localDate } from '../../src/base/instant.ts';
import { guardCodes } from '../../src/domain/panel/guards.ts';
import { entryKey, type PanelEntry } from '../../src/domain/panel/member.ts';
import type { Practice } from '../../src/domain/practice.ts';
import { applyPreview, previewLoad } from '../../src/flow/load-panel.ts';
import { expirePreviews, readLoad } from '../../src/store/panel-loads.ts';
import { anyOptOut, spansOf, standingPanel } from '../../src/store/panel-members.ts';
import { type Database, openDatabase } from '../../src/store/pool.ts';
import { aDatabase } from '../support/database.ts';

let here: Database;
let there: Database;
beforeAll(async () => {
  const { url } = await aDatabase();
  const open = (organisation: string) => openDatabase({ url, organisation, application: 'test', connectionsMax: 2 });
  here = open('here');
  there = open('there');
});
afterAll(() => Promise.all([here.close(), there.close()]));

const practice: Practice = {
  id: 'here',
  name: 'Practice',
  timeZone: 'America/New_York',
  holidays: 'none',
  closures: [],
  closuresExtend: false,
  phone: '555-0100',
  roles: [],
};
const acting = { actor: 'system:test', now: instant(Date.parse('2026-11-22T15:00:00Z')) };
let files = 0;

async function load(entries: readonly PanelEntry[], mode: 'replace' | 'add', day: number): Promise<void> {
  const bytes = Buffer.from(String((files += 1)));
  const list = { rows: entries.length, entries, unreadable: [], repeated: [] };
  const asOf = addDays(localDate('2026-11-22'), day);
  const { id } = await previewLoad(here, practice, { bytes, list, source: 'test', mode, asOf }, acting);
  await applyPreview(here, id, guardCodes, acting);
}

const anEntry = (prefix: string): fc.Arbitrary<PanelEntry> =>
  fc
    .record({
      value: fc.integer({ min: 1, max: 4 }).map((each) => `${prefix}-${each}`),
      family: fc.constantFrom('Winter', 'Spring'),
      from: fc.option(fc.integer({ min: -5, max: 0 }), { nil: undefined }),
      until: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
    })
    .map(({ value, family, from, until }) => ({
      authority: 'https://authority.example/mrn',
      value,
      person: value,
      family,
      ...(from !== undefined && { from: addDays(localDate('2026-11-22'), from) }),
      ...(until !== undefined && { until: addDays(localDate('2026-11-22'), until) }),
    }));

test('lists one after another leave the panel that the last one says, and the same again changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(anEntry('p'), { selector: entryKey, maxLength: 4 }),
      fc.uniqueArray(anEntry('p'), { selector: entryKey, maxLength: 4 }),
      async (first, second) => {
        await load(first, 'replace', 0);
        await load(second, 'replace', 0);
        const today = localDate('2026-11-22');
        const spans = await spansOf(
          here,
          [1, 2, 3, 4].map((each) => ({ authority: 'https://authority.example/mrn', value: `p-${each}` })),
        );
        const standing = spans
          .filter(({ from, until }) => (from === null || from <= today) && (until === null || until >= today))
          .map(({ value }) => value);
        expect([...new Set(standing)].sort()).toEqual(second.map(({ value }) => value).sort());
        const bytes = Buffer.from(`again ${(files += 1)}`);
        const list = { rows: second.length, entries: second, unreadable: [], repeated: [] };
        const again = await previewLoad(
          here,
          practice,
          { bytes, list, source: 'test', mode: 'replace', asOf: today },
          acting,
        );
        expect(again.counts).toMatchObject({ added: 0, removed: 0, changed: 0, unchanged: second.length });
      },
    ),
    { numRuns: 25 },
  );
});

test('no organisation sees the panel of another', async () => {
  await load([{ authority: 'a:b', value: '1', person: '1' }], 'add', 1);
  expect((await standingPanel(here)).length).toBeGreaterThan(0);
  expect(await standingPanel(there)).toEqual([]);
  expect(await anyOptOut(there)).toBe(false);
});

test('a preview that nobody applied within a week holds nobody any more, and can no longer be applied', async () => {
  const list = { rows: 1, entries: [{ authority: 'a:b', value: '7', person: '7' }], unreadable: [], repeated: [] };
  const { id } = await previewLoad(
    here,
    practice,
    { bytes: Buffer.from('old'), list, source: 'test', mode: 'add' },
    acting,
  );
  await expirePreviews(here, acting.now);
  expect(await readLoad(here, id)).toMatchObject({ state: 'previewed' });
  await expirePreviews(here, acting.now + 1);
  expect(await readLoad(here, id)).toMatchObject({ state: 'expired', samples: null });
  await expect(applyPreview(here, id, [], acting)).rejects.toMatchObject({ code: 'ops.conflict' });
});
