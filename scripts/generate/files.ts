// The files that are made from others: which they are, what they should hold, and which are out of date.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultsPage } from './faults-page.ts';
import { schemaFile } from './schema-file.ts';
import { settingsTable } from './settings-table.ts';

interface Generator {
  readonly file: string;
  /** The whole text of the file; `current` is what it holds now, empty when there is none. */
  make(current: string, root: string): Promise<string> | string;
}

export const generators: readonly Generator[] = [
  { file: 'README.md', make: settingsTable },
  { file: 'docs/faults.md', make: faultsPage },
  { file: 'src/store/schema.sql', make: (_current, root) => schemaFile(root) },
];

export async function staleFiles(root: string): Promise<{ readonly checked: string[]; readonly stale: string[] }> {
  const stale: string[] = [];
  for (const { file, make } of generators) {
    const current = read(root, file);
    if ((await make(current, root)) !== current) stale.push(file);
  }
  return { checked: generators.map(({ file }) => file), stale };
}

/** Returns the files that were not current. */
export async function writeFiles(root: string): Promise<string[]> {
  const written: string[] = [];
  for (const { file, make } of generators) {
    const current = read(root, file);
    const text = await make(current, root);
    if (text === current) continue;
    writeFileSync(join(root, file), text);
    written.push(file);
  }
  return written;
}

const read = (root: string, file: string): string =>
  existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '';
