// Who goes next: everything that would wait for the database waits here instead, and one step is let through at a time.
// Between two steps nothing is under way, so the same choices make the same run.

import { setImmediate as turnOfLoop } from 'node:timers/promises';

export interface Step {
  readonly name: string;
  /** Does it and tells whoever waits. */
  readonly run: () => Promise<void>;
}

export interface Schedule {
  /** Steps that wait to be let through, in the order they came. */
  readonly waiting: readonly Step[];
  /** Resolves when the scheduler has let it through. */
  enter<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
  /** Lets one through and waits until it is done, or until it waits for a lock that another holds. */
  letThrough(step: Step): Promise<void>;
  /** Until everything that can go on has gone on to its next step. */
  settle(): Promise<void>;
  /** Steps that wait for a lock. */
  readonly locked: number;
  /** Resolves when one of them waits no more: where all wait for one another, the server refuses one. */
  unlocked(): Promise<void>;
}

/** `countLocked`: how many connections of this run wait for a lock that another one holds. */
export function createSchedule(countLocked: () => Promise<number>): Schedule {
  const waiting: Step[] = [];
  const locked = new Set<Promise<void>>();
  /** Turns of the event loop, in which whoever was answered asks the next thing. */
  async function pause(): Promise<void> {
    await turnOfLoop();
    await turnOfLoop();
    await turnOfLoop();
  }

  async function untilAnsweredOrLocked(): Promise<void> {
    while (locked.size > 0) {
      const before = locked.size;
      await Promise.race([...locked, soon()]);
      if (locked.size === before && (await countLocked()) >= before) return;
    }
  }

  return {
    waiting,
    get locked() {
      return locked.size;
    },
    enter: (name, work) =>
      new Promise((resolve, reject) => {
        waiting.push({ name, run: () => work().then(resolve, reject) });
      }),
    async letThrough(step) {
      waiting.splice(waiting.indexOf(step), 1);
      const done = step.run();
      locked.add(done);
      void done.finally(() => locked.delete(done));
      await untilAnsweredOrLocked();
    },
    unlocked: () => Promise.race(locked),
    settle: pause,
  };
}

const lockMs = 4;
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, lockMs));
