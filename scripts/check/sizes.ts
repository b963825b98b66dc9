// A file that fits on two screens is read; a longer one is searched. No source file is over the limit, and half of
// them are short.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const linesMax = 400;
const medianMax = 100;

export interface SizeReport {
  readonly files: number;
  readonly median: number;
  readonly problems: readonly string[];
}

export function checkSizes(root: string): SizeReport {
  const folder = join(root, 'src');
  if (!existsSync(folder)) return { files: 0, median: 0, problems: ['There is no folder src.'] };
  const sizes = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => ({ file, lines: readFileSync(join(folder, file), 'utf8').split('\n').length - 1 }))
    .sort((one, other) => one.lines - other.lines);
  const median = sizes[Math.floor((sizes.length - 1) / 2)]?.lines ?? 0;
  const problems = sizes
    .filter(({ lines }) => lines > linesMax)
    .map(({ file, lines }) => `src/${file} has ${lines} lines; ${linesMax} is the most.`);
  if (sizes.length === 0) problems.push('There is no TypeScript file in src.');
  if (median > medianMax) problems.push(`Half of the files in src are over ${median} lines; ${medianMax} is the most.`);
  return { files: sizes.length, median, problems };
}
