// What the command line of the simulation may say.

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

export const usage = `npm run feed -- simulate [--seeds 1-10000] [--patients 3] [--workers N]

Runs the code below the edges on a Postgres of its own, in one process and one step at a time. A seed draws a small
hostile feed, the order in which it is sent and worked, how time passes, and what goes wrong: lost statements and
answers, conflicts, restarts of the database, kills of the process. Then it checks that nothing is lost, doubled or
other than the model of the feed says.

  --seeds A-B     which seeds (default 1-1000)
  --seed N        one seed, told step by step
  --patients N    patients of a run at most, 1 to 20 (default 3)
  --workers N     processes side by side, 1 to 16 (default one for each processor; each tries two seeds at once)

Exits 0 when all holds, 1 when something does not, 2 when it could not be tried.`;

export interface Options {
  readonly wantsHelp: boolean;
  readonly seeds: { readonly first: number; readonly last: number };
  /** One seed alone is told step by step. */
  readonly tells: boolean;
  readonly patientsMax: number;
  readonly workers: number;
}

export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string' },
      seed: { type: 'string' },
      patients: { type: 'string' },
      workers: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.seed !== undefined && values.seeds !== undefined) throw new Error('give either --seed or --seeds');
  const one = values.seed === undefined ? undefined : whole('--seed', values.seed, 4_294_967_295);
  return {
    wantsHelp: values.help === true,
    seeds: one === undefined ? seedsOf(values.seeds ?? '1-1000') : { first: one, last: one },
    tells: one !== undefined,
    patientsMax: whole('--patients', values.patients ?? '3', 20),
    workers: whole('--workers', values.workers ?? String(Math.min(16, availableParallelism())), 16),
  };
}

function seedsOf(text: string): Options['seeds'] {
  const [, first = '', last = ''] = /^(\d{1,9})-(\d{1,9})$/.exec(text) ?? [];
  if (first === '' || Number(last) < Number(first)) throw new Error('--seeds should be two numbers such as 1-10000');
  return { first: Number(first), last: Number(last) };
}

function whole(name: string, text: string, max: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= max) return value;
  throw new Error(`${name} should be a whole number from 1 to ${max}`);
}
