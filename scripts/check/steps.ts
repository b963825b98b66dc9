// What `npm run check` does, fastest first. A step returns a line about what it looked at, or throws a Finding.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { staleFiles } from '../generate/files.ts';
import { checkImports } from './imports.ts';
import { checkSizes } from './sizes.ts';

export interface Step {
  readonly name: string;
  run(root: string): Promise<string>;
}

/** Something is wrong with the project; the message says what, for people. */
export class Finding extends Error {}

export const steps: readonly Step[] = [
  { name: 'format and lint', run: (root) => runTool(root, 'node_modules/@biomejs/biome/bin/biome', ['check', '.']) },
  {
    name: 'file sizes',
    async run(root) {
      const { files, median, problems } = checkSizes(root);
      if (problems.length > 0) throw new Finding(problems.join('\n'));
      return `${files} files, half of them up to ${median} lines`;
    },
  },
  {
    name: 'imports',
    async run(root) {
      const { modules, problems } = await checkImports(root);
      if (problems.length > 0) throw new Finding(problems.join('\n'));
      return `${modules} modules`;
    },
  },
  { name: 'types', run: (root) => runTool(root, 'node_modules/typescript/bin/tsc', ['--noEmit', '-p', '.']) },
  {
    name: 'definitions',
    async run(root) {
      const script = 'scripts/check-definitions.ts';
      if (!existsSync(join(root, script))) throw new Finding(`${script} is missing.`);
      return runTool(root, '--import', ['tsx', script]);
    },
  },
  {
    name: 'generated files',
    async run(root) {
      const { checked, stale } = await staleFiles(root);
      if (stale.length > 0) throw new Finding(`Run "npm run generate" and commit: ${stale.join(', ')}`);
      return checked.join(', ');
    },
  },
];

/** Runs a tool of ours; its last line is the report, all of it the finding. */
function runTool(root: string, tool: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [tool, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let told = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (told += data));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(told.trim().split('\n').at(-1) ?? '');
      else reject(new Finding(told.trim() || `It ended with ${code}.`));
    });
  });
}
