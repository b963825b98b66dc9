// Processes of the benchmark's own: load generators and peers run apart from what they measure, and answer one question
// at a time over Node's channel between parent and child.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Helper {
  readonly pid: number;
  ask<Answer>(question: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

/** Sources and their build differ in the ending only. */
const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/** `place` is a file beside this one, without its ending: `./send-load`. */
export const scriptOf = (place: string): string => fileURLToPath(new URL(`${place}${ending}`, import.meta.url));

export function startHelper(place: string): Helper {
  const child = fork(scriptOf(place), [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return {
    pid: child.pid ?? 0,
    ask<Answer>(question: unknown): Promise<Answer> {
      return new Promise((resolve, reject) => {
        const gone = () => reject(new Error(`${place} ended before it answered`));
        child.once('exit', gone);
        child.once('message', (answer) => {
          child.off('exit', gone);
          const { value, fault } = answer as { value: Answer; fault?: string };
          if (fault === undefined) resolve(value);
          else reject(new Error(`${place}: ${fault}`));
        });
        child.send(question as object);
      });
    },
    stop: () => stopProcess(child),
  };
}

export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 12_000);
  await gone;
  clearTimeout(timer);
}

/** The other end: answers every question; goes when the parent goes. */
export function answer<Question>(work: (question: Question) => Promise<unknown>): void {
  process.on('message', (question) => {
    work(question as Question).then(
      (value) => process.send?.({ value }),
      (thrown: unknown) =>
        process.send?.({ fault: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
}
