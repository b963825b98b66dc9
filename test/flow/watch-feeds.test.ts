// Silence is work: quiet feeds, stays that nobody ended and shares that rise become items, and close themselves.

import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { watchedFeeds } from '../../src/flow/feed-status.ts';
import { type Watched, watchFeeds, watchKinds } from '../../src/flow/watch-feeds.ts';
import { createFeedMetrics } from '../../src/service/feed-metrics.ts';
import { changeItem, closeItems, type Item, listItems, openItems } from '../../src/store/ops-items.ts';
import { aCancelledDischarge, aDischarge, anAdmission, anUpdate } from '../support/hl7.ts';
import { aSite, type TestSite } from '../support/site.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const feeds = watchedFeeds(
  [{ id: 'general-hospital', organisation: 'o', dialect: { timeZone: 'America/New_York' } }],
  'o',
);

/** A site whose clock is moved, and which beats every minute as the service would. */
async function aWatch(start: string) {
  const site = await aSite({ now: start });
  let now = Date.parse(start);
  const at = (ms: number) => {
    now = ms;
    site.setNow(new Date(ms).toISOString());
  };
  const look = (): Promise<Watched> => watchFeeds(site.site.organisation, feeds);
  return {
    site,
    now: () => now,
    /** Sets the clock; nothing ran in between. */
    at,
    look,
    /** Time passes while the service runs; beats are as far apart as may be. */
    async pass(ms: number): Promise<Watched> {
      const end = now + ms;
      let seen = await look();
      while (now < end) {
        at(Math.min(end, now + 2.5 * minute));
        seen = await look();
      }
      return seen;
    },
    items: (kind: string, state?: string): Promise<Item[]> =>
      listItems(site.site.work, { kind, limit: 50, ...(state !== undefined && { state }) }),
  };
}

/** Messages that came in the past. */
async function history(site: TestSite, rows: readonly { at: number }[]) {
  await site.owner.query(
    `insert into inbox (message, organisation, partner, shard, trigger, received_at, state)
     select nextval('message_id_seq'), $1, 'general-hospital', 1, 'ADT^A08', to_timestamp(t / 1000.0), 'applied' from unnest($2::float8[]) as x (t)`,
    [site.site.organisation.practice.id, rows.map(({ at }) => at)],
  );
}

const watches: Awaited<ReturnType<typeof aWatch>>[] = [];
const newWatch = async (start: string) => {
  const watch = await aWatch(start);
  watches.push(watch);
  return watch;
};
afterAll(async () => {
  for (const { site } of watches) await site.close();
});

describe('a feed with five weeks of history, ten messages an hour by day', () => {
  let watch: Awaited<ReturnType<typeof aWatch>>;
  const start = Date.parse('2026-11-18T10:00:00Z');
  const byDay = (ms: number) => new Date(ms).getUTCHours() >= 12 && new Date(ms).getUTCHours() < 24;

  beforeAll(async () => {
    watch = await newWatch(new Date(start).toISOString());
    const rows: { at: number }[] = [];
    for (let at = start - 35 * day; at < start; at += 6 * minute) if (byDay(at)) rows.push({ at });
    await history(watch.site, rows);
  }, 60_000);

  test('a quiet night opens nothing; a quiet morning does, within two hours; it closes when messages come', async () => {
    const night = await watch.pass(2 * hour);
    expect(night.feeds[0]).toMatchObject({ isLearned: true, judgement: { isQuiet: false } });
    expect(await watch.items('quiet-feed')).toEqual([]);
    const morning = await watch.pass(90 * minute);
    expect(morning.feeds[0]?.judgement).toMatchObject({ isQuiet: true, why: 'improbable', got: 0 });
    const [item] = await watch.items('quiet-feed');
    expect(item).toMatchObject({
      key: 'general-hospital',
      state: 'open',
      owner: 'care-coordinator',
      details: { why: 'improbable', got: 0 },
    });
    expect(morning.items.get('quiet-feed')).toBe(1);
    await history(
      watch.site,
      Array.from({ length: 30 }, (_, index) => ({ at: watch.now() - index * 1_000 })),
    );
    await watch.pass(minute);
    expect(await watch.items('quiet-feed')).toEqual([]);
    const [closed] = await watch.items('quiet-feed', 'closed');
    expect([closed?.id, closed?.closedAt?.getTime()]).toEqual([item?.id, watch.now() - minute]);
  });

  test('what the service missed while it was down is not blamed on the feed (F-56)', async () => {
    watch.at(watch.now() + 8 * hour);
    const after = await watch.pass(11 * minute);
    expect(after.feeds[0]?.judgement.isQuiet).toBe(false);
  });

  test('a clock that jumps a day ahead, back two days and on again opens nothing (F-56)', async () => {
    for (const jump of [day, -2 * day, day, hour, -hour, 5_000, -5_000]) {
      watch.at(watch.now() + jump);
      await watch.look();
      watch.at(watch.now() + minute);
      expect([jump, (await watch.look()).feeds[0]?.judgement.isQuiet]).toEqual([jump, false]);
    }
    expect(await watch.items('quiet-feed')).toEqual([]);
  });
});

describe('a feed of the first day', () => {
  test('is quiet after four hours of silence, and not before; never heard of, it is not', async () => {
    const watch = await newWatch('2026-11-18T10:00:00Z');
    await watch.pass(5 * hour);
    expect(await watch.items('quiet-feed')).toEqual([]);
    await watch.site.send(anAdmission({ mrn: '6001', visit: 'V6001' }));
    await watch.site.work();
    await watch.pass(3 * hour + 55 * minute);
    expect(await watch.items('quiet-feed')).toEqual([]);
    await watch.pass(10 * minute);
    expect(await watch.items('quiet-feed')).toMatchObject([{ details: { why: 'silent' } }]);
  });
});

describe('stays that nobody ended', () => {
  test('a stay beyond the days of its class, until it is discharged', async () => {
    const watch = await newWatch('2026-11-18T10:00:00Z');
    const { site } = watch;
    await site.send(anAdmission({ mrn: '6101', visit: 'O1', class: 'O', at: '20261113080000-0500' }));
    await site.send(anAdmission({ mrn: '6102', visit: 'I2', at: '20261020080000-0500' }));
    await site.send(anAdmission({ mrn: '6103', visit: 'I3', at: '20261001080000-0400' }));
    await site.work();
    await watch.pass(11 * minute);
    const found = await watch.items('stay-without-discharge');
    expect(found.map(({ details }) => details.class).sort()).toEqual(['AMB', 'IMP']);
    expect(JSON.stringify(found)).not.toMatch(/Winter|6103|I3/);
    await site.send(aDischarge({ mrn: '6103', visit: 'I3', at: '20261117080000-0500' }));
    await site.work();
    await watch.pass(minute);
    expect((await watch.items('stay-without-discharge')).map(({ details }) => details.class)).toEqual(['AMB']);
    watch.at(watch.now() + 3 * day);
    await watch.pass(11 * minute);
    expect((await watch.items('stay-without-discharge')).map(({ details }) => details.class)).toEqual(['IMP', 'AMB']);
  });

  test('a discharge that was planned and never came, and one that was taken back', async () => {
    const watch = await newWatch('2026-11-18T10:00:00Z');
    const { site } = watch;
    for (const mrn of ['6201', '6202']) {
      await site.send(anAdmission({ mrn, visit: `V${mrn}`, at: '20261114080000-0500' }));
      await site.send(
        anUpdate({ mrn, visit: `V${mrn}`, at: '20261115080000-0500', dischargedAt: '20261116120000-0500' }),
      );
    }
    await site.send(aDischarge({ mrn: '6202', visit: 'V6202', at: '20261116130000-0500' }));
    await site.send(aCancelledDischarge({ mrn: '6202', visit: 'V6202', at: '20261116150000-0500' }));
    await site.work();
    await watch.pass(11 * minute);
    expect(await watch.items('discharge-not-closed')).toMatchObject([
      { details: { toldBy: 'discharge-time', dischargeAt: '2026-11-16T17:00:00.000Z', partner: 'general-hospital' } },
    ]);
    await site.send(aDischarge({ mrn: '6201', visit: 'V6201', at: '20261118050000-0500' }));
    await site.work();
    await watch.pass(minute);
    expect(await watch.items('discharge-not-closed')).toEqual([]);
  });
});

describe('shares', () => {
  test('parked messages, until they are no longer parked; codes that no table knows', async () => {
    const watch = await newWatch('2026-11-18T10:00:00Z');
    const { site } = watch;
    for (let index = 0; index < 30; index += 1) {
      const mrn = `63${index}`;
      if (index < 12) await site.send(anAdmission({ mrn, visit: mrn, identifiers: '' }));
      else await site.send(anAdmission({ mrn, visit: mrn, class: index < 24 ? 'Q9' : 'I' }));
    }
    await site.work();
    await watch.pass(11 * minute);
    expect(await watch.items('parked-share')).toMatchObject([
      { key: 'general-hospital', details: { parked: 12, messages: 30 } },
    ]);
    expect(await watch.items('unmapped-share')).toMatchObject([{ details: { unmapped: 12, messages: 30 } }]);
    const { rows } = await site.owner.query(
      'select distinct unnest(warnings) as warning from inbox where warnings is not null',
    );
    expect(rows.map(({ warning }) => warning)).toContain('unmapped:patient-class');
    await site.owner.query("update inbox set state = 'ignored' where state = 'parked'");
    await watch.pass(minute);
    expect(await watch.items('parked-share')).toEqual([]);
  });

  test('an inbox that nobody works', async () => {
    const watch = await newWatch('2026-11-18T10:00:00Z');
    await watch.site.send(anAdmission({ mrn: '6401', visit: 'V6401' }));
    await watch.pass(9 * minute);
    expect(await watch.items('oldest-unworked')).toEqual([]);
    await watch.pass(3 * minute);
    expect(await watch.items('oldest-unworked')).toMatchObject([{ key: 'inbox', details: { messages: 1 } }]);
    await watch.site.work();
    await watch.pass(minute);
    expect(await watch.items('oldest-unworked')).toEqual([]);
  });
});

describe('what alerts are told (docs/silence.md)', () => {
  /** Told of each look as the service tells them; gives what a scrape then finds, by name and labels. */
  function gaugesOf() {
    const registry = new Registry();
    const tell = createFeedMetrics(registry);
    return async (watched: Watched, organisation = 'o'): Promise<Readonly<Record<string, number>>> => {
      tell(organisation, watched);
      const lines = (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      return Object.fromEntries(lines.map((line) => line.split(' ')).map(([name, value]) => [name, Number(value)]));
    };
  }
  const quiet = 'throughline_feed_quiet{partner="general-hospital"}';
  const silentSeconds = 'throughline_feed_silent_seconds{partner="general-hospital"}';
  const open = (kind: string, organisation = 'o') =>
    `throughline_operator_items_open{organisation="${organisation}",kind="${kind}"}`;

  test('a feed falls quiet and is heard again', async () => {
    const watch = await newWatch('2026-11-18T10:00:00Z');
    const gauges = gaugesOf();
    const heard = async (visit: string) => {
      await watch.site.send(anAdmission({ mrn: '6501', visit }));
      await watch.site.work();
      return gauges(await watch.look());
    };
    await watch.pass(10 * minute);
    expect(await heard('V1')).toMatchObject({ [quiet]: 0, [silentSeconds]: 0, [open('quiet-feed')]: 0 });
    const later = await gauges(await watch.pass(3 * hour));
    expect(later).toMatchObject({ [quiet]: 0, [silentSeconds]: 3 * 3_600, [open('quiet-feed')]: 0 });
    const silent = await gauges(await watch.pass(hour));
    expect(silent).toMatchObject({ [quiet]: 1, [silentSeconds]: 4 * 3_600, [open('quiet-feed')]: 1 });
    expect(await heard('V2')).toMatchObject({ [quiet]: 0, [silentSeconds]: 0, [open('quiet-feed')]: 0 });
  });

  test('items that are not closed are counted by kind and organisation, and fall back to none', async () => {
    const watch = await newWatch('2026-11-18T10:00:00Z');
    const { work } = watch.site.site;
    const gauges = gaugesOf();
    const item = (kind: string, key: string) => ({ kind, key, owner: 'care-coordinator', details: {} });
    const none = Object.fromEntries(watchKinds.map((kind) => [open(kind), 0]));
    const reviews = [item('match-review', '7'), item('match-review', '8')];

    const before = await gauges(await watch.look());
    expect(before).toMatchObject(none);
    expect(before).not.toHaveProperty([open('match-review')]);

    await openItems(work, [...reviews, item('parked-share', 'general-hospital')], watch.now());
    const opened = { ...none, [open('match-review')]: 2, [open('parked-share')]: 1 };
    expect(await gauges(await watch.look())).toMatchObject(opened);

    const [newest] = await watch.items('match-review');
    await changeItem(work, newest?.id ?? 0, { state: 'acknowledged', by: 'Ida' }, watch.now());
    expect(await gauges(await watch.look())).toMatchObject(opened);
    await changeItem(work, newest?.id ?? 0, { state: 'closed', by: 'Ida' }, watch.now());
    expect(await gauges(await watch.look())).toMatchObject({ ...opened, [open('match-review')]: 1 });

    const elsewhere = { feeds: [], items: new Map([['match-review', 5]]) };
    expect(await gauges(elsewhere, 'p')).toMatchObject({ [open('match-review')]: 1, [open('match-review', 'p')]: 5 });

    await closeItems(work, reviews, watch.now());
    // Of parked messages the watch itself finds none, once it has run for ten minutes.
    const after = await gauges(await watch.pass(11 * minute));
    expect(after).toMatchObject({ ...none, [open('match-review')]: 0, [open('match-review', 'p')]: 5 });
  });
});
