// What the command line of the demo may say, and which run a data folder holds: the same seed, people and moment give the
// same messages, so that a run which is played again changes nothing.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { HospitalOptions } from '../hospital/hospital.ts';

export const usage = `npm run demo -- [--seed NUMBER] [--patients NUMBER]
npm run demo -- --check [--seed NUMBER] [--patients NUMBER]

Starts the service and plays one week of an invented hospital, which ends now.
  --seed      another hospital (default 1)
  --patients  how many people (default 150)
  --check     on free ports and in a temporary folder; verifies the outcome over FHIR, then exits 0 or 1`;

export interface DemoOptions {
  readonly isCheck: boolean;
  readonly wantsHelp: boolean;
  readonly seed: number | undefined;
  readonly patients: number | undefined;
}

export interface DemoRun extends HospitalOptions {
  /** The data folder holds this run already, whole or in part. */
  readonly isKnown: boolean;
}

const byDefault = { seed: 1, patients: 150 };

export function readOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      check: { type: 'boolean' },
      seed: { type: 'string' },
      patients: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  return {
    isCheck: values.check === true,
    wantsHelp: values.help === true,
    seed: whole('--seed', values.seed, 0, 4_294_967_295),
    patients: whole('--patients', values.patients, 1, 20_000),
  };
}

function whole(name: string, text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new Error(`${name} should be a whole number from ${min} to ${max}`);
}

export const freshRun = (options: DemoOptions): DemoRun => ({
  seed: options.seed ?? byDefault.seed,
  patients: options.patients ?? byDefault.patients,
  now: Math.floor(Date.now() / 60_000) * 60_000,
  isKnown: false,
});

/** The run that the folder holds, else a fresh one. */
export async function findRun(dataDir: string, options: DemoOptions): Promise<DemoRun> {
  const known = await readRun(dataDir);
  if (!known) return freshRun(options);
  const { seed = known.seed, patients = known.patients } = options;
  if (seed === known.seed && patients === known.patients) return { ...known, isKnown: true };
  throw new Error(
    `${dataDir} holds a demo with --seed ${known.seed} --patients ${known.patients}; remove that folder to play another, or set DATA_DIR to a new one`,
  );
}

export async function keepRun(dataDir: string, { seed, patients, now }: DemoRun): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  const text = JSON.stringify({ seed, patients, now: new Date(now).toISOString() });
  await writeFile(fileOf(dataDir), `${text}\n`);
}

const fileOf = (dataDir: string): string => path.join(dataDir, 'demo.json');

async function readRun(dataDir: string): Promise<HospitalOptions | undefined> {
  let text: string;
  try {
    text = await readFile(fileOf(dataDir), 'utf8');
  } catch {
    return undefined;
  }
  try {
    const { seed, patients, now } = JSON.parse(text) as Record<string, unknown>;
    const at = Date.parse(String(now));
    if (typeof seed === 'number' && typeof patients === 'number' && !Number.isNaN(at))
      return { seed, patients, now: at };
  } catch {
    // Told below.
  }
  throw new Error(`${fileOf(dataDir)} is damaged; remove ${dataDir} to play the demo anew`);
}
