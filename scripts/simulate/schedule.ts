// Who goes next: everything that would wait for the database waits here instead, and one step is let through at a time.
// Between two steps nothing is under way, and answers are told in the order of the questions, so the same choices make
// the same run.

import { setImmediate as turnOfLoop } from 'node:timers/promises';

export interface Step {
  readonly name: string;
  /** The process of the server that it asks. */
  readonly pid: number;
  /** Does it, and says how to tell whoever waits. */
  readonly run: () => Promise<() => void>;
  /** Is refused, as one of those that wait for one another: as the server would do, which takes its time. */
  readonly giveWay: () => Promise<void>;
}

export interface Schedule {
  /** Steps that wait to be let through, in the order they came. */
  readonly waiting: readonly Step[];
  /** Resolves when the scheduler has let it through and tells. */
  enter<Result>(work: () => Promise<Result>, step: Omit<Step, 'run'>): Promise<Result>;
  /** Lets one through and waits until it is done, or until it waits for a lock that another holds. */
  letThrough(step: Step): Promise<void>;
  /** Tells what is done, and waits until everything that can go on has gone on to its next step. */
  settle(): Promise<void>;
  /** Steps that wait for a lock. */
  readonly locked: number;
  /** Resolves when one of them waits no more. */
  unlocked(): Promise<void>;
}

export interface Locks {
  /** Processes that wait for a lock. */
  readonly waiting: number;
  /** Those among them that wait for one another. */
  readonly knotted: ReadonlySet<number>;
}

interface Going {
  readonly step: Step;
  readonly done: Promise<void>;
  tell: (() => void) | undefined;
}

export function createSchedule(lookAtLocks: () => Promise<Locks>): Schedule {
  const waiting: Step[] = [];
  /** What was let through and is not yet told, in that order. */
  const going: Going[] = [];
  const underWay = () => going.filter(({ tell }) => !tell);

  function start(step: Step): Going {
    const one: { -readonly [Key in keyof Going]: Going[Key] } = { step, done: Promise.resolve(), tell: undefined };
    one.done = step.run().then((tell) => {
      one.tell = tell;
    });
    return one;
  }

  async function untilDoneOrLocked(): Promise<void> {
    for (let left = underWay(); left.length > 0; left = underWay()) {
      await doneOrSoon(left);
      if (underWay().length < left.length) continue;
      const locks = await lookAtLocks();
      const last = left.findLast(({ step }) => locks.knotted.has(step.pid));
      if (last) await last.step.giveWay();
      else if (locks.waiting >= left.length) return;
    }
  }

  return {
    waiting,
    get locked() {
      return underWay().length;
    },
    enter: (work, step) =>
      new Promise((resolve, reject) => {
        const run = (): Promise<() => void> =>
          work().then(
            (result) => () => resolve(result),
            (thrown) => () => reject(thrown),
          );
        waiting.push({ ...step, run });
      }),
    async letThrough(step) {
      waiting.splice(waiting.indexOf(step), 1);
      going.push(start(step));
      await untilDoneOrLocked();
    },
    async settle() {
      do {
        const at = going.findIndex(({ tell }) => tell);
        if (at >= 0) going.splice(at, 1)[0]?.tell?.();
        await pause();
      } while (going.some(({ tell }) => tell));
    },
    async unlocked() {
      await Promise.race(underWay().map(({ done }) => done));
      await untilDoneOrLocked();
    },
  };
}

/** Turns of the event loop, in which whoever was answered asks the next thing. */
async function pause(): Promise<void> {
  await turnOfLoop();
  await turnOfLoop();
}

const lockMs = 4;

async function doneOrSoon(going: readonly Going[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const soon = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, lockMs);
  });
  await Promise.race([...going.map(({ done }) => done), soon]);
  clearTimeout(timer);
}
