// What a run tells whoever started it: figures of the sending, a table of what was looked at, and every difference with
// the story of its patient (all of them invented).

import type { RunResult } from './run.ts';

const differencesMax = 20;

export function reportSending({ sent, messages, patients, workedSeconds, outages, harms }: RunResult): string {
  const { ackMs, codes, habits } = sent;
  const at = (share: number): string => (ackMs[Math.floor(ackMs.length * share)] ?? 0).toFixed(1);
  const lines = [
    `${patients} patients, ${messages} messages in ${sent.seconds.toFixed(1)} s: ${Math.round(messages / sent.seconds)} a second; worked after ${workedSeconds.toFixed(1)} s.`,
    `Acknowledged ${listed(codes)}; p50 ${at(0.5)} ms, p99 ${at(0.99)} ms; ${sent.unanswered} tries without an answer, sent again.`,
    `Habits: ${listed(habits)}.`,
  ];
  if (harms.kill + harms.restart > 0) {
    const worst = (harm: string): string => {
      const times = outages.filter((one) => one.harm === harm).map(({ ms }) => ms);
      return times.length === 0 ? 'none measured' : `${Math.max(...times)} ms at most`;
    };
    lines.push(
      `Killed ${harms.kill} times, Postgres restarted ${harms.restart} times; first acknowledgment after a kill ${worst('kill')}, once the database is back ${worst('restart')}.`,
    );
  }
  return lines.join('\n');
}

export function reportComparison({ comparison, sent }: RunResult): string {
  if (!comparison) return 'Nothing was checked.';
  const { looks, differences } = comparison;
  const width = Math.max(...[...looks.keys()].map((kind) => kind.length));
  const rows = [...looks].map(([kind, { looks, differences: wrong }]) => {
    const verdict = wrong === 0 ? 'ok' : `${wrong} ${wrong === 1 ? 'DIFFERS' : 'DIFFER'}`;
    return `  ${kind.padEnd(width)}  ${String(looks).padStart(6)}  ${verdict}`;
  });
  const told = sent.surprises.slice(0, differencesMax).map((surprise) => `  ${surprise}`);
  const people = [...new Set(differences.map(({ person }) => person))];
  for (const person of people.slice(0, differencesMax)) {
    const own = differences.filter((one) => one.person === person);
    told.push('', ...own.map(({ kind, tells }) => `  ${kind}: ${tells}`));
    told.push(`    struck by: ${person.traits.join(', ')}`, ...person.story().map((line) => `    ${line}`));
  }
  if (people.length > differencesMax) told.push('', `  and ${people.length - differencesMax} more patients`);
  return [...rows, ...(told.length === 0 ? [] : ['', 'Differences:', ...told])].join('\n');
}

export const isAsExpected = ({ comparison, sent }: RunResult): boolean =>
  sent.surprises.length === 0 && (comparison?.differences.length ?? 0) === 0;

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
