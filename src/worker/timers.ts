// The clock's own work: on a schedule, charts whose next look has come are reviewed, and the weeks of raw messages are
// kept up. A missed tick heals itself, since each tick asks what is due.

import cron from 'node-cron';
import { asFault } from '../base/fault.ts';
import type { Log } from '../base/log.ts';
import { keepRaw } from '../flow/keep-raw.ts';
import type { Organisation } from '../flow/organisation.ts';
import { reviewCharts } from '../flow/review-charts.ts';
import { tendPanel } from '../flow/tend-panel.ts';

export interface Timers {
  stop(): Promise<void>;
}

const chartsPerTurn = 200;
const messagesPerTurn = 1_000;

/** Charts every `seconds` (a divisor of 60); raw messages, which belong to no organisation alone, every hour. */
export function startTimers(
  organisations: readonly Organisation[],
  seconds: number,
  rawRetentionDays: number,
  log: Log,
): Timers {
  let stopping = false;
  let running: Promise<void> = Promise.resolve();

  async function review(): Promise<void> {
    for (const organisation of organisations) {
      await putOff('review of charts put off', organisation, async () => {
        while (!stopping && (await reviewCharts(organisation, chartsPerTurn)) === chartsPerTurn);
      });
      await putOff('upkeep of the panel put off', organisation, async () => {
        while (!stopping && (await tendPanel(organisation, messagesPerTurn)) === messagesPerTurn);
      });
    }
  }

  /** What fails must not keep the rest from its turn. */
  async function putOff(event: string, organisation: Organisation, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      log.warn(event, { organisation: organisation.practice.id, code: asFault(thrown).code });
    }
  }

  const task = cron.schedule(
    `*/${seconds} * * * * *`,
    () => {
      running = review();
      return running;
    },
    { name: 'review-charts', noOverlap: true, timezone: 'UTC' },
  );
  let keeping: Promise<void> = Promise.resolve();
  const upkeep = cron.schedule(
    '17 * * * *',
    () => {
      if (!stopping) keeping = keepRaw(organisations, rawRetentionDays);
      return keeping;
    },
    { name: 'keep-raw', noOverlap: true, timezone: 'UTC' },
  );
  return {
    async stop() {
      stopping = true;
      await task.destroy();
      await upkeep.destroy();
      await running;
      await keeping;
    },
  };
}
