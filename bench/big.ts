// Benchmark (f): messages far larger than any hospital sends, one after the other into the whole service: what is
// answered, how much memory the service takes meanwhile, and how long others wait for their acknowledgments.

import { readFileSync } from 'node:fs';
import pg from 'pg';
import type { BigAnswer, BigQuestion } from './big-load.ts';
import { startHelper } from './child.ts';
import { untilWorked } from './feed.ts';
import type { Figure, Say } from './figure.ts';
import { type Ground, startServiceProcess } from './ground.ts';
import { feedOf, range } from './messages.ts';
import { median, percentile, round } from './statistics.ts';
import type { TimeAnswer, TimeQuestion } from './time-load.ts';

const memoryMbMax = 200;

const header = (controlId: string): string =>
  [
    `MSH|^~\\&|ADT|GH|THROUGHLINE|RIVERSIDE|20261110081500-0500||ADT^A08^ADT_A01|${controlId}|P|2.5.1`,
    'EVN|A08|20261110081500-0500',
    '',
  ].join('\r');
const patient = (mrn: string): string => `PID|1||${mrn}^^^GH^MR||Winter^Ada||19500101|F\r`;
const visit = (number: string): string => `PV1|1|I|4W^401^1^GH|||||||||||||||${number}^^^GH\r`;

type Shape = Omit<BigQuestion, 'mllpPort'> & { readonly name: string };

function shapes(turn: number): Shape[] {
  const one = (name: string, repeated: string, times: number, head: string, tail: string): Shape => ({
    name,
    head: header(`BIG${turn}-${name}`) + head,
    repeated,
    times,
    tail,
  });
  const person = patient(`9${turn}`) + visit(`VBIG${turn}`);
  const half = patient(`9${turn}`).slice(0, -1).split('||Winter');
  return [
    one('10 MB', 'NTE|1|L|a note of no weight\r', 400_000, person, ''),
    one('50 MB', 'NTE|1|L|a note of no weight\r', 2_000_000, person, ''),
    one('8 MB in one field', 'x'.repeat(80), 100_000, `${person}NTE|1|L|`, '\r'),
    one('1,000,000 segments', 'NTE|1\r', 1_000_000, person, ''),
    one('100,000 repetitions', '~7^^^GH^MR', 100_000, half[0] ?? '', `||Winter${half[1]}\r${visit(`VBIG${turn}`)}`),
  ];
}

export async function benchBig(ground: Ground, isQuick: boolean, say: Say): Promise<Figure[]> {
  const url = await ground.database('bench_big');
  const service = await startServiceProcess(ground, 'big', url);
  const others = startHelper('./time-load');
  const sender = startHelper('./big-load');
  const client = new pg.Client({ connectionString: url, application_name: 'bench' });
  await client.connect();
  let people = 0;

  async function p99(messages: number): Promise<number> {
    const feed = feedOf(range(people, messages)).slice(0, messages);
    people += messages;
    const question: TimeQuestion = { mllpPort: service.mllpPort, messages: feed, pauseMs: 5 };
    return percentile((await others.ask<TimeAnswer>(question)).milliseconds, 0.99);
  }

  try {
    await p99(300);
    const alone = await p99(isQuick ? 300 : 600);
    await untilWorked(client);
    const usual = memoryMb(service.pid);
    const peaks: { readonly name: string; readonly more: number }[] = [];
    const waits: number[] = [];
    for (let turn = 0; turn < (isQuick ? 1 : 3); turn += 1) {
      for (const { name, ...question } of shapes(turn)) {
        const watch = watchMemory(service.pid);
        const waiting = p99(isQuick ? 150 : 300);
        const told = await sender.ask<BigAnswer>({ ...question, mllpPort: service.mllpPort });
        const wait = await waiting;
        await untilWorked(client);
        const more = watch.peak() - usual;
        peaks.push({ name, more });
        waits.push(wait);
        say(
          `  ${name}: ${round(told.bytes / 1e6, 1)} MB answered ${told.said} ${told.error} after ${round(told.milliseconds, 0)} ms; ${round(more, 0)} MB more memory; others’ p99 ${round(wait)} ms`,
        );
      }
    }
    const most = Math.max(...peaks.map(({ more }) => more));
    const ratio = median(waits) / alone;
    return [
      {
        part: 'f',
        name: 'memory that a huge message takes, at most',
        value: most,
        unit: 'MB',
        beside: { name: 'limit', value: memoryMbMax },
        ratio: most / memoryMbMax,
        aim: { text: '≤ 200 MB', met: most <= memoryMbMax },
        note: 'resident memory of the service above what it had before, over 10 MB, 50 MB, 8 MB in a field, 10⁶ segments, 10⁵ repetitions',
      },
      {
        part: 'f',
        name: 'p99 of others’ acknowledgments meanwhile',
        value: median(waits),
        unit: 'ms',
        beside: { name: 'without it', value: alone },
        ratio,
        aim: { text: '≤ 2 ×', met: ratio <= 2 },
      },
    ];
  } finally {
    await client.end();
    await others.stop();
    await sender.stop();
    await service.stop();
  }
}

/** Resident memory as Linux tells it (proc(5), VmRSS); not a number elsewhere. */
function memoryMb(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1_024;
  } catch {
    return Number.NaN;
  }
}

function watchMemory(pid: number): { readonly peak: () => number } {
  let most = memoryMb(pid);
  const timer = setInterval(() => {
    most = Math.max(most, memoryMb(pid));
  }, 10);
  return {
    peak: () => {
      clearInterval(timer);
      return Math.max(most, memoryMb(pid));
    },
  };
}
