// Two batches at once: a match review ends while the other puts a message behind it, which must not wait for good; and
// one newcomer in both.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { decideMatch } from '../../src/flow/decide-review.ts';
import { processMessages } from '../../src/flow/process-messages.ts';
import { listReviews } from '../../src/store/match-reviews.ts';
import { pausing, someoneIsLocked } from '../support/at-once.ts';
import { aDischarge, aMerge, anAdmission } from '../support/hl7.ts';
import { aSite, type TestSite } from '../support/site.ts';

let site: TestSite;
beforeEach(async () => {
  site = await aSite({ now: '2026-11-22T15:00:00Z' });
});
afterEach(() => site.close());

const rita = { name: 'Okafor^Rita', birthDate: '19510409', sex: 'F' };
const there = { mrn: '9', authority: 'OTHER', visit: 'V9', ...rita };
const day = (number: number): string => `202611${number}100000-0500`;
const one = { entriesMax: 1, shardsMax: 1 };
/** By the clock of the site. */
const soon = '2026-11-22T15:00:30Z';

async function states(): Promise<string[]> {
  const { rows } = await site.owner.query('select state from inbox order by message');
  return rows.map(({ state }: { state: string }) => state);
}

async function someoneWaits(): Promise<string> {
  await site.send(anAdmission({ mrn: '1', visit: 'V1', at: day(10), ...rita }));
  await site.send(anAdmission({ ...there, at: day(11) }));
  await site.work();
  expect(await states()).toEqual(['applied', 'waiting']);
  const [review] = await listReviews(site.site.reads, { state: 'open', after: undefined, limit: 10 });
  return review?.id ?? '';
}

it('decided by a person while a batch puts another message behind it', async () => {
  const id = await someoneWaits();
  await site.send(aDischarge({ ...there, at: day(14) }));
  let decided: Promise<unknown> | undefined;
  const decide = async (): Promise<void> => {
    decided = decideMatch(site.site.organisation, { id, outcome: 'new', mergesOthers: false, by: 'test' });
    await someoneIsLocked(site.owner);
  };
  await processMessages(pausing(site.site.organisation, 'audit.keep', decide), one);
  expect(await decided).toMatchObject({ released: 2 });
  await site.work();
  expect(await states()).toEqual(['applied', 'applied', 'applied']);
});

it('decided by a person before a batch that found it open puts another message behind it', async () => {
  const id = await someoneWaits();
  await site.send(aDischarge({ ...there, at: day(14) }));
  let discharge: Promise<number> | undefined;
  const putBehind = async (): Promise<void> => {
    discharge = processMessages(site.site.organisation, one);
    await someoneIsLocked(site.owner);
  };
  const organisation = pausing(site.site.organisation, 'reviews.decide', putBehind);
  await decideMatch(organisation, { id, outcome: 'new', mergesOthers: false, by: 'test' });
  await discharge?.catch((thrown: unknown) => expect(thrown).toMatchObject({ code: 'store.conflict' }));
  await site.work();
  expect(await states()).toEqual(['applied', 'applied', 'applied']);
});

it.each(['before', 'after'] as const)(
  'released by a merge that comes %s a message that is put behind it',
  async (when) => {
    await someoneWaits();
    await site.send(aMerge({ survivor: '1', retired: '9^^^OTHER', at: day(15), ...rita }));
    await site.send(aDischarge({ ...there, at: day(14) }));
    const earlier = when === 'before' ? 'ADT^A40' : 'ADT^A03';
    await site.owner.query(`update inbox set not_before = $2 where state = 'received' and trigger <> $1`, [
      earlier,
      soon,
    ]);
    let other: Promise<number> | undefined;
    const meanwhile = async (): Promise<void> => {
      await site.owner.query('update inbox set not_before = null where not_before is not null');
      other = processMessages(site.site.organisation, one);
      await someoneIsLocked(site.owner);
    };
    await processMessages(pausing(site.site.organisation, 'audit.keep', meanwhile), one);
    expect(await other).toBe(1);
    await site.work();
    expect(await states()).toEqual(['applied', 'applied', 'applied', 'applied']);
  },
);

it('two batches that meet one newcomer of two hospitals at once: the later one sees the earlier', async () => {
  await site.send(anAdmission({ ...there, at: day(11) }));
  await site.owner.query('update inbox set not_before = $1', [soon]);
  await site.send(anAdmission({ mrn: '1', visit: 'V1', at: day(10), ...rita }));
  const other = async (): Promise<void> => {
    await site.owner.query('update inbox set not_before = null');
    await processMessages(site.site.organisation, one);
  };
  await expect(
    processMessages(pausing(site.site.organisation, 'charts.keep-records', other), one),
  ).rejects.toMatchObject({
    code: 'store.conflict',
  });
  await site.work();
  expect(await states()).toEqual(['applied', 'waiting']);
});
