// The figures that the service publishes at /metrics (Prometheus text format 0.0.4), and waiting by them until every
// message is worked.

import { setTimeout as sleep } from 'node:timers/promises';
import { createProgress } from './progress.ts';

/** As long as none is worked. */
const stuckMs = 60_000;

export interface Figure {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export type Figures = (name: string) => readonly Figure[];

export const sumOf = (figures: readonly Figure[]): number => figures.reduce((sum, { value }) => sum + value, 0);

export async function readFigures(url: string): Promise<Figures> {
  const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url}/metrics answers ${response.status}`);
  const text = await response.text();
  return (name) =>
    text.split('\n').flatMap((line) => {
      const found = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line);
      if (found?.[1] !== name) return [];
      const labels = [...(found[2] ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]);
      return [{ labels: Object.fromEntries(labels) as Record<string, string>, value: Number(found[3]) }];
    });
}

/** Waits until no message waits. Two looks in a row, since a figure may be as old as the look before. */
export async function settle(url: string, messages: number, signal: AbortSignal): Promise<Figures> {
  const progress = createProgress('Working', messages);
  for (let calm = 0, least = messages, until = Date.now() + stuckMs; ; await sleep(60)) {
    const figures = await readFigures(url);
    const known = figures('throughline_inbox_waiting');
    const waiting = sumOf(known);
    calm = known.length > 0 && waiting === 0 ? calm + 1 : 0;
    if (signal.aborted) return figures;
    if (calm >= 2) {
      progress.end();
      return figures;
    }
    if (waiting < least) {
      least = waiting;
      until = Date.now() + stuckMs;
    }
    if (waiting > 0) progress.show(messages - waiting);
    if (Date.now() > until) throw new Error(`${waiting} messages wait and nobody works them`);
  }
}
