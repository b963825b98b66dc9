// Processes side by side, each handed the next handful of seeds when it is done with the last.

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Cluster } from './ground.ts';
import { templateName } from './ground.ts';
import type { Verdict } from './try-seed.ts';
import type { Order } from './worker.ts';

export interface CrewOptions {
  readonly cluster: Cluster;
  readonly seeds: { readonly first: number; readonly last: number };
  readonly patientsMax: number;
  readonly workers: number;
  readonly onVerdicts: (verdicts: readonly Verdict[]) => void;
  readonly signal: AbortSignal;
}

/** Tables stay small, and a new copy costs little. */
const handful = 250;

export async function trySeeds(options: CrewOptions): Promise<void> {
  const { cluster, seeds, patientsMax, workers, onVerdicts, signal } = options;
  const size = Math.min(handful, Math.ceil((seeds.last - seeds.first + 1) / workers));
  let next = seeds.first;

  async function runWorker(): Promise<void> {
    const child = startWorker();
    try {
      while (next <= seeds.last && !signal.aborted) {
        const [from, to] = [next, Math.min(next + size - 1, seeds.last)];
        next = to + 1;
        const order: Order = { clusterUrl: cluster.url, template: templateName, patientsMax, from, to };
        onVerdicts(await ask(child, order, signal));
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
  return fork(file, { execArgv: isSource ? ['--import', 'tsx'] : ['--enable-source-maps'] });
}

function ask(child: ChildProcess, order: Order, signal: AbortSignal): Promise<readonly Verdict[]> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => end(() => reject(new Error(`a process of the simulation ended: ${code}`)));
    const onMessage = (verdicts: unknown) => end(() => resolve(verdicts as Verdict[]));
    const onAbort = () => end(() => resolve([]));
    const end = (tell: () => void): void => {
      child.off('exit', onExit).off('message', onMessage);
      signal.removeEventListener('abort', onAbort);
      tell();
    };
    child.once('exit', onExit).once('message', onMessage);
    signal.addEventListener('abort', onAbort);
    child.send(order);
  });
}
