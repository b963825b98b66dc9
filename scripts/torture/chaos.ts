// Kills and restarts at random moments of a feed, and how long each time until a message written after it was answered.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../hospital/random.ts';
import type { OwnService } from './own.ts';

export type Harm = 'kill' | 'restart';

export interface Outage {
  readonly harm: Harm;
  /** From the kill, or from when the database was back, to the first answer to a message written after the harm. */
  readonly ms: number;
}

export interface Chaos {
  /** Told of every answer. */
  answered(writtenAt: number, answeredAt: number): void;
  /** Ends when no more harm is done. */
  readonly done: Promise<void>;
  stop(): void;
  readonly outages: readonly Outage[];
  readonly harms: Readonly<Record<Harm, number>>;
}

export interface ChaosPlan {
  readonly kinds: readonly Harm[];
  readonly pauseMs: readonly [least: number, most: number];
  readonly timesMax: number;
}

/** Harm of the kinds in turn, each so long after the service has answered again. */
export function startChaos(service: OwnService, random: Random, { kinds, pauseMs, timesMax }: ChaosPlan): Chaos {
  const outages: Outage[] = [];
  const harms = { kill: 0, restart: 0 };
  let open: { harm: Harm; at: number; answered: (answeredAt: number) => void } | undefined;
  let stopped = false;

  async function run(): Promise<void> {
    for (let turn = 0; !stopped && turn < timesMax; turn += 1) {
      await sleep(random.between(pauseMs[0], pauseMs[1]));
      if (stopped) return;
      const harm = kinds[turn % kinds.length] as Harm;
      harms[harm] += 1;
      const at = performance.now();
      const answer = new Promise<number>((resolve) => {
        open = { harm, at, answered: resolve };
      });
      if (harm === 'kill') await service.killAndStart();
      else await service.restartPostgres();
      const since = harm === 'kill' ? at : performance.now();
      const answeredAt = await Promise.race([answer, untilStopped()]);
      if (answeredAt !== undefined) outages.push({ harm, ms: Math.max(0, Math.round(answeredAt - since)) });
    }
  }

  async function untilStopped(): Promise<undefined> {
    while (!stopped) await sleep(20);
    return undefined;
  }

  return {
    answered(writtenAt, answeredAt) {
      if (open === undefined || writtenAt < open.at) return;
      open.answered(answeredAt);
      open = undefined;
    },
    done: run(),
    stop() {
      stopped = true;
    },
    outages,
    harms,
  };
}
