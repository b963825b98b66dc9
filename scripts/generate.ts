// `npm run generate` writes the files that are made from others; with `--check` it only says which are out of date.

import { fileURLToPath } from 'node:url';
import { staleFiles, writeFiles } from './generate/files.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

if (process.argv.includes('--check')) {
  const { stale } = await staleFiles(root);
  for (const file of stale) console.error(`${file} is out of date; run "npm run generate".`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  const written = await writeFiles(root);
  console.log(written.length > 0 ? `Written: ${written.join(', ')}` : 'All generated files are current.');
}
