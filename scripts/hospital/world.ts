// The week that is played: it ends now. Discharges are spread over its days, so that at its end some tasks are overdue,
// some due today and some still to come.

import type { Doctor, Person } from './person.ts';
import { createPerson, pickDoctor } from './person.ts';
import type { Random } from './random.ts';
import { type Site, siteChances } from './site.ts';
import { dayMs, hourMs, localHour, minuteMs } from './zone-time.ts';

export interface World {
  readonly random: Random;
  /** When the feed was switched on. */
  readonly from: number;
  readonly now: number;
  site(): Site;
  person(site: Site): Person;
  doctor(): Doctor;
  visit(): string;
  /** A time by day for leaving the hospital, on each day of the week in turn, at least so many days ago. */
  leaving(site: Site, daysAgoMin?: number): number;
  /** A time between two others, away from both. */
  within(from: number, until: number): number;
}

export const weekDays = 7;

export function createWorld(random: Random, now: number): World {
  const from = now - weekDays * dayMs;
  let patients = 0;
  let visits = 0;
  let leavings = 0;

  function leaving(site: Site, daysAgoMin = 0): number {
    const days = weekDays - daysAgoMin;
    const dayBefore = (leavings++ % days) + daysAgoMin;
    const latest = now - dayBefore * dayMs - hourMs;
    let at = latest - random.between(0, 22 * 60) * minuteMs;
    // By day where the clock allows it; at night where the day has only begun.
    for (let tries = 0; tries < 24 && (localHour(at, site.zone) < 8 || localHour(at, site.zone) > 19); tries += 1) {
      at = at - hourMs < latest - 23 * hourMs ? at + 22 * hourMs : at - hourMs;
    }
    return Math.min(Math.max(at, from + 2 * hourMs), latest);
  }

  return {
    random,
    from,
    now,
    site: () => random.pick(siteChances),
    person: (site) => createPerson(random, String(40_001_000 + ++patients), site, now),
    doctor: () => pickDoctor(random),
    visit: () => `V${700_000 + ++visits}`,
    leaving,
    within(after, until) {
      const room = Math.max(0, Math.floor((until - after) / minuteMs));
      return after + random.between(Math.floor(room * 0.2), Math.floor(room * 0.8)) * minuteMs;
    },
  };
}
