// Processes side by side, each handed the next handful of seeds when it is done with the last.

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Cluster } from './ground.ts';
import { templateName } from './ground.ts';
import type { Answer, Order } from './order.ts';
import type { Verdict } from './try-seed.ts';

export interface CrewOptions {
  readonly cluster: Cluster;
  readonly seeds: { readonly first: number; readonly last: number };
  readonly patientsMax: number;
  readonly workers: number;
  readonly onVerdict: (verdict: Verdict) => void;
  readonly signal: AbortSignal;
}

/** Tables stay small, and a new copy costs little. */
const handful = 500;

export async function trySeeds(options: CrewOptions): Promise<void> {
  const { cluster, seeds, patientsMax, workers, onVerdict, signal } = options;
  const size = Math.min(handful, Math.ceil((seeds.last - seeds.first + 1) / workers));
  let next = seeds.first;

  async function runWorker(): Promise<void> {
    const child = startWorker();
    try {
      while (next <= seeds.last && !signal.aborted) {
        const [from, to] = [next, Math.min(next + size - 1, seeds.last)];
        next = to + 1;
        const order: Order = { clusterUrl: cluster.url, template: templateName, patientsMax, from, to };
        await ask(child, order, onVerdict, signal);
      }
    } finally {
      if (child.connected) child.disconnect();
    }
  }
  await Promise.all(Array.from({ length: workers }, runWorker));
}

function startWorker(): ChildProcess {
  const isSource = import.meta.url.endsWith('.ts');
  const file = fileURLToPath(new URL(isSource ? './worker.ts' : './worker.js', import.meta.url));
  const loading = isSource ? ['--import', 'tsx'] : ['--enable-source-maps'];
  // Measured: a larger young generation takes a twentieth less of the processor, and no threads of its own some
  // hundredths less.
  return fork(file, { execArgv: [...loading, '--max-semi-space-size=64', '--single-threaded-gc'] });
}

function ask(
  child: ChildProcess,
  order: Order,
  onVerdict: (verdict: Verdict) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => end(() => reject(new Error(`a process of the simulation ended: ${code}`)));
    const onMessage = (message: unknown) => {
      const answer = message as Answer;
      if (answer === 'done') end(resolve);
      else onVerdict(answer);
    };
    const onAbort = () => end(resolve);
    const end = (tell: () => void): void => {
      child.off('exit', onExit).off('message', onMessage);
      signal.removeEventListener('abort', onAbort);
      tell();
    };
    child.once('exit', onExit).on('message', onMessage);
    signal.addEventListener('abort', onAbort);
    child.send(order);
  });
}
