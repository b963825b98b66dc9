// The service below its edges, as a process would hold it: an intake, workers and reviews over one database. When it is
// killed all of this is dropped and made anew; only what the database holds goes on.

import type { NewId } from '../../src/base/id.ts';
import { instant } from '../../src/base/instant.ts';
import type { Log } from '../../src/base/log.ts';
import { createIntake } from '../../src/flow/intake.ts';
import type { Organisation } from '../../src/flow/organisation.ts';
import { type ReceivingFeed, type Reply, receiveMessage } from '../../src/flow/receive-message.ts';
import { reviewCharts } from '../../src/flow/review-charts.ts';
import { type InboxWorker, startInboxWorker } from '../../src/worker/inbox.ts';
import type { Wake } from '../../src/worker/wake.ts';
import type { Random } from '../hospital/random.ts';
import type { Chances } from './chances.ts';
import type { SimulatedDatabase } from './database.ts';
import { type Office, openOffice } from './office.ts';

/** What is the same in every run: the practice, its protocols, how its feed speaks. */
export interface Setting {
  readonly organisation: Omit<Organisation, 'database' | 'newId' | 'now' | 'log' | 'count'>;
  readonly feed: Omit<ReceivingFeed, 'intake'>;
}

export interface Service {
  readonly database: SimulatedDatabase;
  /** The acknowledgments, or `close`. */
  receive(bytes: Uint8Array): Promise<Reply>;
  /** Workers that sleep until their poll comes round. */
  readonly sleeping: number;
  rouse(): void;
  readonly isReviewing: boolean;
  review(): void;
  readonly office: Office;
  kill(): Promise<void>;
  /** Ends the workers; resolves when the last one has. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly setting: Setting;
  readonly database: SimulatedDatabase;
  readonly chances: Chances;
  readonly now: () => number;
  readonly newId: NewId;
  readonly log: Log;
  readonly random: Random;
}

export function startService({ setting, database, chances, now, newId, log, random }: ServiceOptions): Service {
  const clock = () => instant(now());
  const organisation: Organisation = {
    ...setting.organisation,
    ...{ database, newId, log, now: clock, count: () => undefined },
    practice: { ...setting.organisation.practice, id: database.organisation },
  };
  const wake = createSimulatedWake();
  const intake = createIntake(database, clock, wake.wake);
  const feed: ReceivingFeed = { ...setting.feed, intake };
  const receiving = {
    feedOf: (partner: string) => (partner === feed.partner ? feed : undefined),
    now: clock,
    newControlId: () => newId().slice(-12),
    count: () => undefined,
    warn: () => undefined,
  };
  const { entriesMax, shardsMax } = chances;
  const workers: InboxWorker[] = Array.from({ length: chances.workers }, () =>
    startInboxWorker(organisation, { entriesMax, shardsMax }, wake, log),
  );
  let isReviewing = false;

  /** As the timers do. */
  async function review(): Promise<void> {
    try {
      while ((await reviewCharts(organisation, chartsPerTurn)) === chartsPerTurn);
    } catch {
      // The next tick asks again what is due.
    } finally {
      isReviewing = false;
    }
  }

  return {
    database,
    receive: (bytes) => receiveMessage(receiving, { bytes, partner: feed.partner }),
    get sleeping() {
      return wake.sleeping();
    },
    rouse: wake.rouse,
    get isReviewing() {
      return isReviewing;
    },
    review() {
      isReviewing = true;
      void review();
    },
    office: openOffice(organisation, random),
    async kill() {
      await database.kill();
      for (const worker of workers) void worker.stop();
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}

const chartsPerTurn = 20;

/** Sleeps until told, never by a clock of its own. */
function createSimulatedWake(): Wake & { readonly rouse: () => void; readonly sleeping: () => number } {
  let called = false;
  let sleepers: (() => void)[] = [];
  const rouse = (): void => {
    const all = sleepers;
    sleepers = [];
    for (const one of all) one();
  };
  return {
    rouse,
    sleeping: () => sleepers.length,
    wake() {
      called = sleepers.length === 0;
      rouse();
    },
    wait() {
      if (called) {
        called = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => sleepers.push(resolve));
    },
  };
}
