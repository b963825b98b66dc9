// Group commit: messages that arrive while the last statement is being written go together in the next one. No timer,
// so nothing waits when the service is idle; a caller hears only when its message is on disk.

import { Fault } from '../base/fault.ts';
import type { Instant } from '../base/instant.ts';
import { type ArrivedMessage, keepMessages } from '../store/intake.ts';
import type { Database } from '../store/pool.ts';

export interface IntakeLimits {
  /** Messages in one statement. */
  readonly groupMax: number;
  /** Bytes of messages in one statement. */
  readonly groupBytesMax: number;
  /** Statements under way at once. Measured: one gathers more; a second gains nothing, a third loses a fifth. */
  readonly statementsMax: number;
  /** Messages that may wait; one more is told to come back. */
  readonly waitingMax: number;
}

export const intakeLimits: IntakeLimits = {
  groupMax: 256,
  groupBytesMax: 8_388_608,
  statementsMax: 1,
  waitingMax: 4_096,
};

export interface Intake {
  /** Resolves when the message is on disk. Rejects with `store.unavailable`: then nobody may say that it is. */
  keep(message: ArrivedMessage): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

interface Waiting {
  readonly message: ArrivedMessage;
  readonly key: string;
  readonly resolve: () => void;
  readonly reject: (fault: unknown) => void;
}

export function createIntake(
  database: Database,
  now: () => Instant,
  wake: () => void,
  limits: IntakeLimits = intakeLimits,
): Intake {
  let waiting: Waiting[] = [];
  let underWay = 0;
  let whenIdle: (() => void)[] = [];

  function next(): void {
    while (underWay < limits.statementsMax && waiting.length > 0) {
      const group = takeGroup();
      underWay += 1;
      void write(group).finally(() => {
        underWay -= 1;
        next();
        if (underWay === 0 && waiting.length === 0) {
          for (const tell of whenIdle) tell();
          whenIdle = [];
        }
      });
    }
  }

  function takeGroup(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { message } of waiting) {
      if (count === limits.groupMax || (count > 0 && bytes + message.raw.length > limits.groupBytesMax)) break;
      bytes += message.raw.length;
      count += 1;
    }
    const group = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return group;
  }

  async function write(group: readonly Waiting[]): Promise<void> {
    const distinct = new Map(group.map((item) => [item.key, item.message]));
    try {
      await keepMessages(database, database.organisation, [...distinct.values()], now());
      for (const item of group) item.resolve();
      wake();
    } catch (fault) {
      for (const item of group) item.reject(fault);
    }
  }

  return {
    keep(message) {
      if (waiting.length >= limits.waitingMax) return Promise.reject(new Fault('service.busy'));
      const key = `${message.partner}|${message.controlId}|${message.digest.toString('base64')}`;
      return new Promise<void>((resolve, reject) => {
        waiting.push({ message, key, resolve, reject });
        // Messages of the same turn of the event loop share a statement.
        if (waiting.length === 1) setImmediate(next);
      });
    },
    idle: () =>
      underWay === 0 && waiting.length === 0 ? Promise.resolve() : new Promise((resolve) => whenIdle.push(resolve)),
  };
}
