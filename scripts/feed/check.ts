// `npm run feed -- check PARTNER FILE…`: what a feed's sample messages would be understood as, field by field. It needs
// no running service and stores nothing.

import { parseArgs } from 'node:util';
import { asFault } from '../../src/base/fault.ts';
import { parseInstant } from '../../src/base/time.ts';
import { type Catalog, readCatalog } from '../../src/catalog/catalog.ts';
import { feedLanguage } from '../../src/catalog/feed-language.ts';
import { examine } from './check/examine.ts';
import { type Checked, summarise, tellMessage, tellSummary } from './check/report.ts';
import { readSamples } from './check/samples.ts';

const usage = `npm run feed -- check PARTNER FILE… [--json] [--arrived INSTANT]

Shows for the HL7 v2 messages of the files what the feed PARTNER (profiles/partners/PARTNER.yaml) would make of them:
the answer and why, which field gives which fact, the effect, codes without a row, flags, and what nothing reads.
Nothing is stored, and no service need run.

  --json             for machines
  --arrived INSTANT  holds the sender's clock against this arrival, such as 2026-11-20T15:00:00Z`;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean' }, arrived: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  const [partner, ...files] = positionals;
  if (values.help || partner === undefined) {
    (values.help ? console.log : console.error)(usage);
    return values.help ? 0 : 1;
  }
  if (files.length === 0) throw new Error(`name at least one file of HL7 v2 messages after ${partner}\n\n${usage}`);
  const arrived = values.arrived === undefined ? undefined : parseInstant(values.arrived);
  if (values.arrived !== undefined && arrived === undefined)
    throw new Error(`"${values.arrived}" is no instant; write it like 2026-11-20T15:00:00Z`);
  const catalog = open();
  const feed = catalog.feeds.find(({ id }) => id === partner);
  if (feed === undefined) {
    const known = catalog.feeds.map(({ id }) => id).join(', ') || 'none';
    throw new Error(`there is no feed "${partner}" in profiles/partners; known: ${known}`);
  }
  const language = feedLanguage(feed, catalog);
  const problems: string[] = [];
  const read = files.flatMap((file) => {
    try {
      return [{ file, ...readSamples(file) }];
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
      return [];
    }
  });
  const checked = read.flatMap(({ samples }) =>
    samples.map(
      ({ file, number, of, bytes }): Checked => ({ file, number, of, ...examine(bytes, feed, language, arrived) }),
    ),
  );
  const summary = summarise(checked);
  if (values.json) console.log(JSON.stringify({ partner, messages: checked, summary, problems }, undefined, 2));
  else if (read.length > 0) {
    for (const { file, notes } of read) for (const note of notes) console.log(`${file}: ${note}`);
    for (const one of checked) console.log(`${tellMessage(one)}\n`);
    console.log(tellSummary(summary, partner));
  }
  for (const problem of problems) console.error(problem);
  return problems.length === 0 ? 0 : 1;
}

function open(): Catalog {
  try {
    return readCatalog({
      profilesDir: process.env.PROFILES_DIR ?? 'profiles',
      mappingsDir: process.env.MAPPINGS_DIR ?? 'mappings',
    });
  } catch (thrown) {
    const { message, detail } = asFault(thrown);
    throw new Error([message, detail].filter((part) => part !== undefined).join('\n'));
  }
}
