// The database as the code below the edges is given it, over real connections: each statement waits for its turn, and the
// run decides which are lost before they arrive, which after they were done, and when all connections are cut.

import { Fault } from '../../src/base/fault.ts';
import { asStoreFault, type Database, type Transaction } from '../../src/store/pool.ts';
import type { Connection } from './ground.ts';
import type { Schedule } from './schedule.ts';

export type Mishap = 'lost-before' | 'lost-after' | 'conflict';

export interface SimulatedDatabase extends Database {
  /** As after a restart of the server: what is open is rolled back, and whoever asked hears that it is away. */
  cut(): Promise<void>;
  /** The process that asked has ended: as `cut`, and nothing it asks later reaches the server. */
  kill(): Promise<void>;
  /** What happens to the next step that is let through. */
  strike(mishap: Mishap): void;
}

interface Line extends Connection {
  isOpen: boolean;
  /** The server has forgotten its transaction. */
  isCut: boolean;
  /** What it asks is refused for the sake of another. */
  givesWay: boolean;
}

export function simulateDatabase(
  organisation: string,
  connections: readonly Connection[],
  schedule: Schedule,
): SimulatedDatabase {
  const lines = connections.map((one): Line => ({ ...one, isOpen: false, isCut: false, givesWay: false }));
  const free = [...lines];
  const waiters: ((line: Line) => void)[] = [];
  let mishap: Mishap | undefined;
  let isDead = false;

  const takeLine = (): Promise<Line> => {
    const line = free.pop();
    return line ? Promise.resolve(line) : new Promise((resolve) => waiters.push(resolve));
  };
  const giveLine = (line: Line): void => {
    line.isCut = false;
    const next = waiters.shift();
    if (next) next(line);
    else free.push(line);
  };

  async function rollBack(line: Line): Promise<void> {
    if (!line.isOpen) return;
    line.isOpen = false;
    await line.client.query('rollback');
  }

  const enter = <Result>(line: Line, name: string, work: () => Promise<Result>): Promise<Result> =>
    schedule.enter(work, {
      ...{ name, pid: line.pid },
      async giveWay() {
        // A second time might break off the rollback that follows.
        if (line.givesWay) return;
        line.givesWay = true;
        await line.cancel();
      },
    });

  /** One step on a connection; whatever fails leaves no transaction behind. */
  const step = <Result>(line: Line, name: string, work: () => Promise<Result>): Promise<Result> =>
    enter(line, name, async () => {
      const struck = mishap;
      mishap = undefined;
      try {
        if (line.isCut || isDead) throw new Fault('store.unavailable');
        if (struck === 'lost-before') throw new Fault('store.unavailable');
        if (struck === 'conflict') throw new Fault('store.conflict');
        const result = await work();
        if (struck === 'lost-after') throw new Fault('store.unavailable');
        return result;
      } catch (thrown) {
        await rollBack(line);
        line.isCut = true;
        throw line.givesWay ? new Fault('store.conflict') : asStoreFault(thrown);
      } finally {
        line.givesWay = false;
      }
    });

  async function ask<Row>(line: Line, name: string, text: string, values: readonly unknown[]): Promise<Row[]> {
    return (await line.client.query({ name, text, values: values as unknown[] })).rows as Row[];
  }

  async function cut(): Promise<void> {
    for (const line of lines) {
      if (free.includes(line)) continue;
      line.isCut = true;
      await rollBack(line);
    }
  }

  return {
    organisation,
    async query<Row>(name: string, text: string, values: readonly unknown[]): Promise<Row[]> {
      const line = await takeLine();
      return step(line, name, () => ask<Row>(line, name, text, values)).finally(() => giveLine(line));
    },
    async transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
      const line = await takeLine();
      const tx: Transaction = {
        organisation,
        query: <Row>(name: string, text: string, values: readonly unknown[]) =>
          step(line, name, async () => {
            if (!line.isOpen) await line.client.query('begin');
            line.isOpen = true;
            return ask<Row>(line, name, text, values);
          }),
      };
      try {
        const result = await work(tx);
        await step(line, 'commit', async () => {
          if (!line.isOpen) return;
          await line.client.query('commit');
          line.isOpen = false;
        });
        return result;
      } catch (thrown) {
        if (line.isOpen) await enter(line, 'rollback', () => rollBack(line));
        throw asStoreFault(thrown);
      } finally {
        giveLine(line);
      }
    },
    cut,
    kill() {
      isDead = true;
      return cut();
    },
    strike: (next) => {
      mishap = next;
    },
    usage: () => ({ open: lines.length, idle: free.length, waiting: waiters.length }),
    close: () => Promise.resolve(),
  };
}
