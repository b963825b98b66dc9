// `npm run bench`: the benchmarks, each beside its limit or peer of the same run. Progress on stderr, a table on stdout,
// and bench/latest.json. `-- --quick` for a short run, `-- --only a,b` for some of the parts,
// `-- --profile FOLDER` to see where the time of (b) goes.

import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { benchBig } from '../bench/big.ts';
import { type Figure, formatTable, notesOf, type Say } from '../bench/figure.ts';
import { type Ground, prepareGround } from '../bench/ground.ts';
import { benchIntake } from '../bench/intake.ts';
import { benchRead } from '../bench/read.ts';
import { benchScale } from '../bench/scale.ts';
import { benchSlow } from '../bench/slow.ts';
import { benchWork } from '../bench/work.ts';
import { packageRoot } from '../src/service/package-root.ts';

type Bench = (ground: Ground, isQuick: boolean, say: Say) => Promise<Figure[]>;

const parts: Readonly<Record<string, { readonly title: string; readonly run: Bench }>> = {
  a: { title: 'messages acknowledged after their commit', run: benchIntake },
  b: { title: 'messages worked to the end', run: benchWork },
  c: { title: 'FHIR read by id', run: benchRead },
  d: { title: 'ten times the cases', run: benchScale },
  e: { title: 'a thousand half-open connections', run: benchSlow },
  f: { title: 'huge messages', run: benchBig },
};

const say: Say = (text) => void process.stderr.write(`${text}\n`);

async function main(args: readonly string[]): Promise<void> {
  const isQuick = args.includes('--quick');
  const only = args[args.indexOf('--only') + 1]?.split(',');
  const chosen = Object.entries(parts).filter(([name]) => !args.includes('--only') || only?.includes(name));
  if (chosen.length === 0) throw new Error(`There are the parts ${Object.keys(parts).join(', ')}.`);
  const ground = await prepareGround(
    args.includes('--profile') ? path.resolve(args[args.indexOf('--profile') + 1] ?? 'profile') : undefined,
  );
  const figures: Figure[] = [];
  try {
    for (const [name, { title, run }] of chosen) {
      say(`(${name}) ${title}`);
      figures.push(...(await run(ground, isQuick, say)));
      await ground.clear();
    }
  } finally {
    await ground.stop();
  }
  const machine = {
    node: process.version,
    cores: os.cpus().length,
    processor: os.cpus()[0]?.model ?? '',
    platform: process.platform,
  };
  process.stdout.write(`\n${formatTable(figures)}\n\n${notesOf(figures).join('\n')}\n`);
  if (chosen.length < Object.keys(parts).length) return;
  writeFileSync(
    path.join(packageRoot(), 'bench', 'latest.json'),
    `${JSON.stringify({ at: new Date().toISOString(), isQuick, machine, figures }, null, 2)}\n`,
  );
}

main(process.argv.slice(2)).catch((thrown: unknown) => {
  process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
  process.exit(1);
});
