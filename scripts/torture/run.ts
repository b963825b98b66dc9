// One feed against a service: made, sent, worked, read and held against the model.

import { setTimeout as sleep } from 'node:timers/promises';
import { createProgress } from '../demo/progress.ts';
import { settle } from '../demo/settle.ts';
import { createRandom } from '../hospital/random.ts';
import { type Chaos, type ChaosPlan, type Harm, type Outage, startChaos } from './chaos.ts';
import { type Comparison, compare } from './compare.ts';
import type { OwnService } from './own.ts';
import { playTorture } from './play.ts';
import type { Rates } from './rates.ts';
import { readResources } from './read.ts';
import { type Sent, sendFeed } from './send.ts';

export interface RunOptions {
  readonly seed: number;
  /** Names the run; with the seed it makes the numbers of its patients. */
  readonly run: string;
  readonly at: number;
  readonly patients: number;
  readonly connections: number;
  readonly rates: Rates;
  readonly target: { readonly host: string; readonly port: number };
  /** The service, of which `/metrics` tells what waits. */
  readonly serviceUrl: string;
  readonly fhir: string;
  readonly token: () => Promise<string>;
  readonly check: boolean;
  readonly signal: AbortSignal;
  /** Kills and restarts of this service at random moments. */
  readonly chaos?: ChaosPlan & { readonly service: OwnService };
  readonly quiet?: boolean;
}

export interface RunResult {
  readonly messages: number;
  readonly patients: number;
  readonly sent: Sent;
  /** From the first message to the last one worked. */
  readonly workedSeconds: number;
  readonly outages: readonly Outage[];
  readonly harms: Readonly<Record<Harm, number>>;
  /** Absent where nothing was checked. */
  readonly comparison?: Comparison;
}

export async function runTorture(options: RunOptions): Promise<RunResult> {
  const { seed, run, at, patients, rates, target, signal } = options;
  const feed = playTorture({ seed, patients, rates, at, prefix: prefixOf(seed, run) });
  const from = performance.now();
  const sending = progress(options, 'Sending', feed.messages.length);
  let chaos: Chaos | undefined;
  if (options.chaos) {
    chaos = startChaos(options.chaos.service, createRandom(seed + 77), options.chaos);
  }
  const sent = await sendFeed(feed.messages, {
    ...{ host: target.host, port: target.port, connections: options.connections, rates, seed, signal },
    onProgress: sending.show,
    onAnswer: (writtenAt, answeredAt) => chaos?.answered(writtenAt, answeredAt),
  }).finally(() => chaos?.stop());
  await chaos?.done;
  if (options.chaos && !signal.aborted)
    await harmWhileWorking(options.chaos.service, options.chaos.kinds, options.serviceUrl);
  sending.end();
  const outages = chaos?.outages ?? [];
  const harms = chaos?.harms ?? { kill: 0, restart: 0 };
  const base = { messages: feed.messages.length, patients: feed.expected.length, sent, outages, harms };
  if (!options.check || signal.aborted) return { ...base, workedSeconds: sent.seconds };
  if (options.quiet) await settleQuietly(options.serviceUrl, signal);
  else await settle(options.serviceUrl, feed.messages.length, signal);
  const workedSeconds = (performance.now() - from) / 1000;
  const reading = progress(options, 'Reading', feed.expected.length);
  const resources = await readResources(feed.expected, { ...options, onProgress: reading.show });
  reading.end();
  return { ...base, workedSeconds, comparison: compare(feed.expected, resources) };
}

/** Letters and digits of the run and the seed: no two runs share a patient number. */
export const prefixOf = (seed: number, run: string): string => `${run}${seed.toString(36).toUpperCase()}X`;

/** Once more while the last messages are worked off, when no answer shows it. */
async function harmWhileWorking(service: OwnService, kinds: readonly Harm[], url: string): Promise<void> {
  await service.ready();
  if (kinds.includes('restart')) await service.restartPostgres();
  if (kinds.includes('kill')) await service.killAndStart();
  await service.ready();
  // A figure may be as old as the last look that the database answered, so wait until it answers again.
  for (let calm = 0, tries = 0; calm < 3 && tries < 300; tries += 1) {
    await sleep(100);
    const isReady = await fetch(`${url}/readyz`)
      .then(({ ok }) => ok)
      .catch(() => false);
    calm = isReady ? calm + 1 : 0;
  }
}

const progress = ({ quiet }: RunOptions, what: string, total: number) =>
  quiet ? { show: () => undefined, end: () => undefined } : createProgress(what, total);

async function settleQuietly(url: string, signal: AbortSignal): Promise<void> {
  const { readFigures, sumOf } = await import('../demo/settle.ts');
  for (let calm = 0; calm < 2 && !signal.aborted; ) {
    const known = (await readFigures(url))('throughline_inbox_waiting');
    calm = known.length > 0 && sumOf(known) === 0 ? calm + 1 : 0;
    await sleep(60);
  }
}
