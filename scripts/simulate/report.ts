// What a simulation tells whoever started it. All people in it are invented.

import type { Told, Verdict } from './try-seed.ts';

const findingsMax = 12;

export function reportSeed({ seed, findings }: Verdict, patientsMax: number): string {
  const more = findings.length - findingsMax;
  return [
    `Seed ${seed}:`,
    ...findings.slice(0, findingsMax).map((finding) => `  ${finding}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    `  Again, step by step: npm run feed -- simulate --seed ${seed} --patients ${patientsMax}`,
  ].join('\n');
}

export function reportSteps({ played }: Told): string {
  if (!played) return '';
  const { chances, feed, steps } = played;
  const told = steps.map((step, at) => `${String(at + 1).padStart(5)}  ${step}`);
  const stories = feed.expected.flatMap(({ numbers, traits, story }) => [
    `${numbers.map(({ value }) => value).join(', ')}: ${traits.join(', ')}`,
    ...story().map((line) => `  ${line}`),
  ]);
  return [`Drawn: ${JSON.stringify(chances)}`, ...stories, ...told, ''].join('\n');
}

export interface Sum {
  readonly seeds: number;
  readonly messages: number;
  readonly steps: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly failed: readonly number[];
}

export const nothing: Sum = { seeds: 0, messages: 0, steps: 0, faults: {}, failed: [] };

export function add(sum: Sum, { seed, messages, steps, faults, findings }: Verdict): Sum {
  const all: Record<string, number> = { ...sum.faults };
  for (const [kind, count] of Object.entries(faults)) all[kind] = (all[kind] ?? 0) + count;
  return {
    seeds: sum.seeds + 1,
    messages: sum.messages + messages,
    steps: sum.steps + steps,
    faults: all,
    failed: findings.length === 0 ? sum.failed : [...sum.failed, seed],
  };
}

export function reportSum({ seeds, messages, steps, faults, failed }: Sum, seconds: number): string {
  const listed = Object.entries(faults).map(([kind, count]) => `${kind} ${count}`);
  return [
    `${seeds} seeds in ${seconds.toFixed(1)} s, ${(seeds / seconds).toFixed(1)} a second; ${messages} messages, ${steps} steps.`,
    `Gone wrong on purpose: ${listed.join(', ') || 'nothing'}.`,
    failed.length === 0 ? 'All holds.' : `${failed.length} seeds failed: ${failed.slice(0, 20).join(', ')}`,
  ].join('\n');
}
