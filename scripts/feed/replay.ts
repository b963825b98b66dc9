// `npm run feed -- replay`: messages set back to be read again, one, some or a selection, in the order they came.

import { createInterface } from 'node:readline/promises';
import type { ReplayAnswer } from '../../src/api/ops/message-types.ts';
import { tokenUsage } from '../service-token.ts';
import { readArguments, selectionUsage } from './message-arguments.ts';
import { operatorClient } from './operator-client.ts';

const usage = `npm run feed -- replay ID… [--json]
npm run feed -- replay conditions [--dry-run] [--yes] [--json]

Sets messages back to be read again, after a mapping was corrected for example; they are worked in the order they came.
What is already as it should be does not change. A selection by conditions is counted first; --yes goes on without
asking, --dry-run counts only. Exits 1 when nothing was set back.
${selectionUsage}
${tokenUsage}`;

export async function run(args: readonly string[]): Promise<number> {
  const { ids, filter, own } = readArguments(args, { 'dry-run': 'boolean', yes: 'boolean' });
  if (own.help) {
    console.log(usage);
    return 0;
  }
  if (ids.length === 0 && Object.keys(filter).length === 0)
    throw new Error('Say which: ids, or at least one condition. npm run feed -- replay --help tells more.');
  const selection = { ...filter, ...(ids.length > 0 && { ids }) };
  const client = await operatorClient();
  const tell = (answer: ReplayAnswer): void =>
    console.log(own.json ? JSON.stringify(answer, null, 2) : wordsOf(answer));
  if (own['dry-run'] || ids.length === 0) {
    const counted = await client.post<ReplayAnswer>('/messages/replay', { ...selection, 'dry-run': true });
    if (own['dry-run'] || counted.setBack === 0) {
      tell(counted);
      return own['dry-run'] ? 0 : 1;
    }
    if (!own.yes && !(await isWanted(counted))) return 1;
  }
  const answer = await client.post<ReplayAnswer>('/messages/replay', selection);
  tell(answer);
  return answer.setBack > 0 ? 0 : 1;
}

async function isWanted(counted: ReplayAnswer): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Error(`${wordsOf(counted)}\nAdd --yes to do it.`);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await lines.question(`${wordsOf(counted)}\nDo it? [y/N] `);
  lines.close();
  return /^y(es)?$/i.test(answer.trim());
}

function wordsOf({ matched, setBack, stillUndecided, rawExpired, dryRun }: ReplayAnswer): string {
  const rest = [
    ...(stillUndecided > 0 ? [`${stillUndecided} still to be worked anyway`] : []),
    ...(rawExpired > 0 ? [`${rawExpired} whose bytes have expired`] : []),
  ];
  return `${matched} selected, ${setBack} ${dryRun ? 'would be' : 'were'} set back${rest.length > 0 ? `; not ${rest.join(', nor ')}` : ''}.`;
}
