// One run from one seed: the feed, the order in which it is sent and worked, the clock, and what goes wrong. Afterwards
// nothing goes wrong any more and all is worked to the end.

import type { Id, NewId } from '../../src/base/id.ts';
import type { Log } from '../../src/base/log.ts';
import { createRandom } from '../hospital/random.ts';
import { minuteMs } from '../hospital/zone-time.ts';
import { playTorture, type TortureFeed, type TortureMessage } from '../torture/play.ts';
import { type Chances, drawChances, type FaultKind, faultKinds, feedRates } from './chances.ts';
import { simulateDatabase } from './database.ts';
import type { Ground } from './ground.ts';
import { createSchedule, type Step } from './schedule.ts';
import { createSender } from './sender.ts';
import { type Service, type Setting, startService } from './service.ts';

export interface Played {
  readonly organisation: string;
  readonly chances: Chances;
  readonly feed: TortureFeed;
  readonly acknowledged: ReadonlySet<TortureMessage>;
  /** Answers that should have been others, and what was logged as a fault of ours. */
  readonly surprises: readonly string[];
  /** What happened in which order, for reports. */
  readonly steps: readonly string[];
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
}

export interface PlayOptions {
  readonly seed: number;
  readonly patientsMax: number;
  readonly setting: Setting;
  readonly ground: Ground;
}

/** A Monday afternoon in winter, like any other. */
export const feedEnds = Date.parse('2026-11-23T15:00:00Z');
const stepsMax = 50_000;

export async function playSeed({ seed, patientsMax, setting, ground }: PlayOptions): Promise<Played> {
  const random = createRandom(Math.imul(seed, 0x85ebca6b) >>> 0);
  const chances = drawChances(random, patientsMax);
  const endsAt = feedEnds + chances.afterMs;
  const feed = playTorture({ seed, patients: chances.patients, at: feedEnds, seenAt: endsAt, rates: feedRates });
  const organisation = `sim-${seed}`;
  const lines = await ground.linesFor(organisation, chances.workers + 2);
  const schedule = createSchedule(ground.lookAtLocks);
  const sender = createSender(feed.messages, chances, random);
  const surprises: string[] = [];
  const steps: string[] = [];
  const faults: Partial<Record<FaultKind, number>> = {};
  let faultsLeft = chances.faultsMax;
  let now = chances.isLive ? (feed.messages[0]?.sentAt ?? feedEnds) : feedEnds - 15 * minuteMs;
  const options = { setting, chances, now: () => now, newId: countingId(seed), log: listen(surprises), random };
  const start = (): Service => startService({ ...options, database: simulateDatabase(organisation, lines, schedule) });
  let service = start();

  async function kill(): Promise<void> {
    const dead = service;
    sender.breakOff();
    await dead.kill();
    service = start();
  }

  async function letThrough(step: Step, mayFail: boolean): Promise<void> {
    const kind = mayFail && faultsLeft > 0 && random.chance(chances.faults) ? random.pick(faultKinds) : undefined;
    const isCut = kind === 'database-restarts' || kind === 'killed-before' || kind === 'killed-after';
    // A connection that waits for a lock cannot be rolled back; the fault comes another time.
    if (kind === undefined || (isCut && schedule.locked > 0)) {
      steps.push(step.name);
      return schedule.letThrough(step);
    }
    faultsLeft -= 1;
    faults[kind] = (faults[kind] ?? 0) + 1;
    steps.push(`${step.name}: ${kind}`);
    switch (kind) {
      case 'lost-before':
      case 'lost-after':
      case 'conflict':
        service.database.strike(kind);
        return schedule.letThrough(step);
      case 'database-restarts':
        await service.database.cut();
        return schedule.letThrough(step);
      case 'killed-before':
        return kill();
      case 'killed-after':
        // What it would have been told, nobody hears.
        sender.breakOff();
        await schedule.letThrough(step);
        return schedule.locked > 0 ? undefined : kill();
    }
  }

  function send(): void {
    sender.send(service.receive, ({ sentAt }) => {
      // No message comes long before its sender says that it was sent.
      now = Math.max(now, sentAt - random.between(0, 30) * minuteMs);
    });
    steps.push('send');
  }

  function passTime(): void {
    const jump = chances.jumpMs > 0 && random.chance(0.01) ? chances.jumpMs : 2_000;
    now = Math.min(now + random.between(0, jump), Math.max(now, endsAt));
  }

  let count = 0;
  const next = async (mayFail: boolean): Promise<boolean> => {
    if (++count > stepsMax) throw new Error(`does not come to an end: ${[...new Set(steps.slice(-200))].join(', ')}`);
    await schedule.settle();
    if (sender.canSend && (schedule.waiting.length === 0 || random.chance(chances.sends))) send();
    else if (schedule.waiting.length > 0) await letThrough(random.pick(schedule.waiting), mayFail);
    else if (schedule.locked > 0) await schedule.unlocked();
    else return false;
    passTime();
    if (random.chance(0.01)) service.rouse();
    if (!service.isReviewing && random.chance(chances.reviews)) service.review();
    const { office } = service;
    if (mayFail && !office.isBusy && random.chance(chances.replays)) office.replay();
    if (mayFail && !office.isBusy && chances.decides && random.chance(0.01)) office.decide();
    return true;
  };
  const workOff = async (mayFail: boolean): Promise<void> => {
    while (await next(mayFail));
  };

  while (!sender.isDone) await workOff(true);
  service.rouse();
  await workOff(true);
  // From here on nothing fails.
  for (const ends of [endsAt - minuteMs, endsAt]) {
    now = ends;
    service.rouse();
    await workOff(false);
    // What is let go on may lead to another question.
    for (let turn = 0; chances.decides && turn < 3; turn += 1) {
      service.office.decide();
      await workOff(false);
      if (!service.office.hasDecided) break;
    }
    service.review();
    await workOff(false);
  }
  const stopped = service.stop();
  await workOff(false);
  await stopped;
  surprises.push(...sender.surprises);
  return { organisation, chances, feed, acknowledged: sender.acknowledged, surprises, steps, faults };
}

/** Ids that the same seed makes again. */
function countingId(seed: number): NewId {
  let count = 0;
  const head = `01990000-${(seed & 0xffff).toString(16).padStart(4, '0')}-7000-8000`;
  return <Name extends string>(): Id<Name> => `${head}-${(++count).toString(16).padStart(12, '0')}` as Id<Name>;
}

/** What the code below logs as its own fault is a finding; what fails because we made it fail is none. */
function listen(surprises: string[]): Log {
  const expected = new Set(['message failed', 'worker cannot take entries']);
  return {
    info: () => undefined,
    warn: () => undefined,
    error: (event, fields) => {
      if (!expected.has(event)) surprises.push(`logged: ${event} ${fields?.cause ?? ''}`);
    },
  };
}
