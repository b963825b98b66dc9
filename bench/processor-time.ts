// Processor time of processes as Linux counts it (proc(5), /proc/pid/stat), so that noise of neighbours changes
// throughput but hardly this. Elsewhere it is unknown.

import { readdirSync, readFileSync } from 'node:fs';

/** Linux reports in hundredths of a second on every platform Node runs on. */
const msPerTick = 10;

interface Stat {
  readonly parent: number;
  readonly own: number;
  /** Of children that have ended and were waited for. */
  readonly ended: number;
}

function readStat(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const at = (index: number) => fields[index] ?? 0;
    return { parent: at(1), own: at(11) + at(12), ended: at(13) + at(14) };
  } catch {
    return undefined;
  }
}

/** Milliseconds that a process and its children, living and ended, have used; NaN where that is not told. */
export function processorMs(pid: number): number {
  const root = readStat(pid);
  if (root === undefined) return Number.NaN;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readStat(Number(name)))
    .filter((stat) => stat?.parent === pid);
  return msPerTick * children.reduce((sum, stat) => sum + (stat?.own ?? 0), root.own + root.ended);
}
