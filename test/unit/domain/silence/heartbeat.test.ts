// When a feed is quiet: learned hours of the week, nights and weekends that are always quiet, the first week, our own
// absence, and clocks that jump.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FeedHour, hourMs, learn, slotOf } from '../../../../src/domain/silence/expectation.ts';
import { type Heartbeat, judgeFeed, usualHeartbeat } from '../../../../src/domain/silence/heartbeat.ts';
import { isSettled, type Span, upWithin } from '../../../../src/domain/silence/up.ts';

const zone = 'America/New_York';
const at = (text: string): number => Date.parse(text);
const monday = at('2026-06-01T04:00:00Z');
const day = 24 * hourMs;

/** Office hours, Monday to Friday, 8 to 17 by the clock of the sender. */
const officeHours = (hour: number, each = 12): number => {
  const slot = slotOf(hour, zone);
  // 1 January 1970 was a Thursday.
  const weekday = (Math.floor(slot / 24) + 3) % 7;
  return weekday < 5 && slot % 24 >= 8 && slot % 24 < 18 ? each : 0;
};

function history(from: number, to: number, count: (hour: number) => number): FeedHour[] {
  const hours: FeedHour[] = [];
  for (let hour = from; hour < to; hour += hourMs) if (count(hour) > 0) hours.push({ hour, received: count(hour) });
  return hours;
}

interface Case {
  readonly from: number;
  readonly now: number;
  /** Nothing came from here on. */
  readonly silentFrom: number;
  readonly count?: (hour: number) => number;
  readonly up?: readonly Span[];
  readonly heartbeat?: Partial<Heartbeat>;
}

function judge({ from, now, silentFrom, count = officeHours, up = [{ from, to: now }], heartbeat = {} }: Case) {
  const hours = history(from, Math.min(silentFrom, now), count).filter(({ hour }) => hour <= now);
  const all = { ...usualHeartbeat, ...heartbeat };
  const expectation = learn(hours, { now, weeks: all.learnWeeks, zone, up });
  const last = hours.at(-1);
  return judgeFeed({
    now,
    lastAt: last && Math.min(last.hour + hourMs - 60_000, now),
    hours,
    up,
    zone,
    heartbeat: all,
    expectation,
  });
}

describe('a feed that sends in office hours, after five weeks', () => {
  const from = monday;
  const tuesday = monday + 36 * day;

  test('nights and weekends are not quiet, at no hour of a usual week', () => {
    for (let now = monday + 35 * day; now < monday + 42 * day; now += hourMs / 2)
      expect([new Date(now).toISOString(), judge({ from, now, silentFrom: now }).isQuiet]).toEqual([
        new Date(now).toISOString(),
        false,
      ]);
  });

  test('in the morning it is quiet within an hour of saying nothing', () => {
    const eight = tuesday + 8 * hourMs;
    expect(judge({ from, now: eight + 20 * 60_000, silentFrom: eight }).isQuiet).toBe(false);
    expect(judge({ from, now: eight + 40 * 60_000, silentFrom: eight })).toMatchObject({
      isQuiet: true,
      why: 'improbable',
      got: 0,
    });
  });

  test('far too little is quiet too; somewhat less is not', () => {
    const noon = tuesday + 12 * hourMs;
    const down = (to: number) => (hour: number) => (hour >= noon ? to : officeHours(hour));
    const now = noon + 4 * hourMs;
    expect(judge({ from, now, silentFrom: now, count: down(2) })).toMatchObject({ isQuiet: true, why: 'improbable' });
    expect(judge({ from, now, silentFrom: now, count: down(9) }).isQuiet).toBe(false);
  });

  test('it is no longer quiet when messages come again', () => {
    const silent = tuesday + 8 * hourMs;
    const hours = history(from, silent, officeHours);
    const now = silent + 3 * hourMs;
    const up = [{ from, to: now }];
    const expectation = learn(hours, { now, weeks: 6, zone, up });
    const heard = {
      now,
      hours: [...hours, { hour: silent + 2 * hourMs, received: 30 }],
      up,
      zone,
      heartbeat: usualHeartbeat,
      expectation,
    };
    expect(judgeFeed({ ...heard, lastAt: now - 60_000 }).isQuiet).toBe(false);
  });

  test('while the service was away nothing is missed', () => {
    const eight = tuesday + 8 * hourMs;
    const now = eight + 6 * hourMs;
    const up = [
      { from, to: eight },
      { from: now - 15 * 60_000, to: now },
    ];
    expect(judge({ from, now, silentFrom: eight, up }).isQuiet).toBe(false);
    expect(judge({ from, now, silentFrom: eight }).isQuiet).toBe(true);
  });

  test('a change of the clocks moves nobody’s night', () => {
    const autumn = at('2026-09-28T04:00:00Z');
    for (let now = at('2026-11-01T04:00:00Z'); now < at('2026-11-05T05:00:00Z'); now += hourMs)
      expect(judge({ from: autumn, now, silentFrom: now }).isQuiet).toBe(false);
  });
});

describe('in the first week', () => {
  test('only the time of silence counts', () => {
    const noon = monday + 36 * hourMs;
    expect(judge({ from: monday, now: noon + 238 * 60_000, silentFrom: noon, count: () => 100 }).isQuiet).toBe(false);
    expect(judge({ from: monday, now: noon + 240 * 60_000, silentFrom: noon, count: () => 100 })).toMatchObject({
      isQuiet: true,
      why: 'silent',
    });
  });

  test('a floor makes something expected at once', () => {
    const noon = monday + 36 * hourMs;
    const heartbeat = { floorPerHour: 10 };
    expect(judge({ from: monday, now: noon + 50 * 60_000, silentFrom: noon, heartbeat })).toMatchObject({
      isQuiet: true,
      why: 'improbable',
    });
  });

  test('a feed that never sent anything is not quiet', () => {
    expect(judge({ from: monday, now: monday + 5 * day, silentFrom: monday }).isQuiet).toBe(false);
  });
});

test('a quiet feed becomes no less quiet by more silence, while the service listens', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 167 }),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 2, max: 60 }),
      (start, hours, each) => {
        const silentFrom = monday + 35 * day + start * hourMs;
        const count = () => each;
        const first = judge({ from: monday, now: silentFrom + hours * hourMs, silentFrom, count });
        const later = judge({ from: monday, now: silentFrom + (hours + 5) * hourMs, silentFrom, count });
        if (first.isQuiet) expect(later.isQuiet).toBe(true);
      },
    ),
    { numRuns: 40 },
  );
});

test('running times: a window holds no more than itself; just after a start nothing is settled', () => {
  const spans = [
    { from: 0, to: 100 },
    { from: 200, to: 900_000 },
  ];
  expect([upWithin(spans, 50, 300), upWithin(spans, 100, 200), upWithin([], 0, 10)]).toEqual([150, 0, 0]);
  expect([isSettled(spans, 500_000), isSettled(spans, 600_200), isSettled([], 1)]).toEqual([false, true, false]);
});
