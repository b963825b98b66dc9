// Writes every example of what we publish as NDJSON: tsx test/interop/hapi/write-examples.ts FOLDER, then run.sh FOLDER.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { examples } from '../../support/fhir-examples.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: write-examples.ts FOLDER');
mkdirSync(folder, { recursive: true });
const all = examples();
writeFileSync(join(folder, 'examples.ndjson'), `${all.map(([, resource]) => JSON.stringify(resource)).join('\n')}\n`);
console.log(`${all.length} resources in ${folder}`);
