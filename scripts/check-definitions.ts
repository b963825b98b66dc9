// Checks every file of profiles/ and mappings/, and runs the examples of every protocol: the same that the service does
// at its start, for an analyst's desk and for CI. Lists every problem with file and place, and then exits with 1.

import { join } from 'node:path';
import { asFault } from '../src/base/fault.ts';
import { type Catalog, readCatalog } from '../src/catalog/catalog.ts';
import { checkExamples, examplePractice, readExamples } from '../src/catalog/examples.ts';
import { readProtocols } from '../src/catalog/protocols.ts';
import { tellProblem } from '../src/catalog/reading.ts';

const profilesDir = process.env.PROFILES_DIR ?? 'profiles';
const mappingsDir = process.env.MAPPINGS_DIR ?? 'mappings';

/** The catalogue, or what is wrong with it. */
function read(): { readonly catalog?: Catalog; readonly problems: readonly string[] } {
  try {
    return { catalog: readCatalog({ profilesDir, mappingsDir }), problems: [] };
  } catch (thrown) {
    const fault = asFault(thrown);
    if (fault.code !== 'catalog.invalid') throw thrown;
    return { problems: [fault.detail ?? fault.message] };
  }
}

/** Also where another file is at fault: a protocol that could be read has examples that can be run. */
function runExamples(): { readonly count: number; readonly problems: readonly string[] } {
  const folder = join(profilesDir, 'protocols');
  const runs = readProtocols(folder).protocols.map((protocol) => {
    const { examples, problems } = readExamples(folder, protocol);
    return { count: examples.length, problems: [...problems, ...checkExamples(protocol, examples, examplePractice)] };
  });
  return {
    count: runs.reduce((sum, run) => sum + run.count, 0),
    problems: runs.flatMap((run) => run.problems.map(tellProblem)),
  };
}

const { catalog, problems } = read();
const examples = runExamples();
const told = [...problems, ...examples.problems];
if (catalog === undefined || told.length > 0) {
  process.stderr.write(`${told.join('\n')}\n`);
  process.exitCode = 1;
} else {
  const counts = [
    `protocols ${catalog.protocols.length}`,
    `examples ${examples.count}`,
    `organisations ${catalog.organisations.size}`,
    `feeds ${catalog.feeds.length}`,
    `clients ${catalog.clients.length}`,
    `trigger events ${Object.keys(catalog.adt.events).length}`,
    `code tables ${Object.keys(catalog.tables).length}`,
  ];
  process.stdout.write(`definitions: ${counts.join(', ')}\n`);
}
