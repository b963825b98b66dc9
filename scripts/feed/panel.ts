// `npm run feed -- panel …`: lists of members are compared, shown and applied; who is on the panel; opt-outs.

import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { tokenUsage } from '../service-token.ts';
import { type OperatorClient, operatorClient } from './operator-client.ts';
import { gather, limitOf, withHint } from './pages.ts';
import {
  type Load,
  loadsTable,
  type MembersFound,
  membersTable,
  type PanelStats,
  showLoad,
  showStats,
} from './panel/show.ts';

const usage = `npm run feed -- panel load FILE [--source NAME] [--replace | --add] [--as-of DATE] [--accept CODE…] [--yes]
npm run feed -- panel apply LOAD [--accept CODE…]
npm run feed -- panel loads [--limit N]
npm run feed -- panel show IDENTIFIER [--authority NAME]
npm run feed -- panel stats
npm run feed -- panel opt-out IDENTIFIER [--authority NAME] [--from DATE] [--until DATE] [--note TEXT]
npm run feed -- panel opt-out IDENTIFIER --withdraw [--authority NAME] [--from DATE]

load     compares a CSV list or a FHIR Group (.json) with the panel, shows the difference and asks before it is applied;
         --yes does not ask. --replace, the default: who is not in the list leaves on its day. --add: nobody leaves.
apply    applies a difference that was shown before, if the panel has not changed since.
loads    lists what was loaded, the newest first (20 by default).
--accept names a guard that stands in the way and is to be passed: half-size, or as the refusal says.
Every command takes --json: one document on the standard output, sentences on the other.
${tokenUsage}`;

const options = {
  source: { type: 'string' },
  replace: { type: 'boolean' },
  add: { type: 'boolean' },
  'as-of': { type: 'string' },
  accept: { type: 'string', multiple: true },
  yes: { type: 'boolean' },
  authority: { type: 'string' },
  from: { type: 'string' },
  until: { type: 'string' },
  note: { type: 'string' },
  withdraw: { type: 'boolean' },
  limit: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [command, name, ...more] = positionals;
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const wantsName = command !== 'loads' && command !== 'stats';
  if (more.length > 0 || wantsName !== (name !== undefined) || (values.replace && values.add)) throw new Error(usage);
  switch (command) {
    case 'load':
      return load(await operatorClient(), name ?? '', values);
    case 'apply':
      return apply(await operatorClient(), name ?? '', values);
    case 'loads': {
      const limit = limitOf(values.limit, 20);
      const client = await operatorClient();
      const found = await gather<Load>(limit, async (size, last) => {
        const query = new URLSearchParams({ limit: String(size), ...(last && { before: String(last.id) }) });
        const { loads, more = false } = await client.get<{ loads: Load[]; more?: true }>(`/panel/loads?${query}`);
        return { rows: loads, more };
      });
      return tell(values, { loads: found.rows, ...found.more }, withHint(loadsTable(found.rows), found));
    }
    case 'show': {
      const asked = { identifier: name, ...given({ authority: values.authority }) };
      const found = await (await operatorClient()).post<MembersFound>('/panel/members/search', asked);
      tell(values, found, membersTable(found));
      return found.members.length > 0 || found.optOuts.length > 0 ? 0 : 1;
    }
    case 'stats': {
      const stats = await (await operatorClient()).get<PanelStats>('/panel/stats');
      return tell(values, stats, showStats(stats));
    }
    case 'opt-out': {
      const { authority, from, until, note } = values;
      const address = values.withdraw ? '/panel/opt-outs/withdraw' : '/panel/opt-outs';
      const said = given(values.withdraw ? { authority, from } : { authority, from, until, note });
      const done = await (await operatorClient()).post<{ optOuts: unknown[] }>(address, { identifier: name, ...said });
      return tell(
        values,
        done,
        values.withdraw ? 'The opt-out is withdrawn.' : 'The opt-out is recorded; it holds from the next message on.',
      );
    }
    default:
      throw new Error(usage);
  }
}

interface LoadValues {
  readonly source?: string;
  readonly add?: boolean;
  readonly 'as-of'?: string;
  readonly accept?: string[];
  readonly yes?: boolean;
  readonly json?: boolean;
}

async function load(client: OperatorClient, file: string, values: LoadValues): Promise<number> {
  const bytes = await readFile(file).catch(() => {
    throw new Error(`${file} cannot be read`);
  });
  const query = new URLSearchParams({
    mode: values.add ? 'add' : 'replace',
    ...given({ source: values.source, 'as-of': values['as-of'] }),
  });
  const type = file.endsWith('.json') ? 'application/fhir+json' : 'text/csv';
  const preview = await client.postFile<Load>(`/panel/loads?${query}`, bytes, type);
  const { json } = values;
  const refused = preview.guards.filter(({ code }) => !values.accept?.includes(code));
  if (!json) console.log(showLoad(preview));
  if (refused.length > 0) {
    if (json) console.log(JSON.stringify(preview, null, 2));
    if (json) console.error(`Refused: ${refused.map(({ code, says }) => `${says} (${code})`).join(' ')}`);
    return 1;
  }
  const say = json ? console.error : console.log;
  if (!values.yes) {
    // With --json the standard output holds one document: what was applied, or else the difference.
    if (json && process.stdin.isTTY) say(showLoad(preview));
    if (!(await agrees(`Apply load ${preview.id}?`))) {
      if (json) console.log(JSON.stringify(preview, null, 2));
      say(`Nothing is changed. To apply it later: npm run feed -- panel apply ${preview.id}`);
      return 0;
    }
  }
  return apply(client, String(preview.id), values);
}

async function apply(client: OperatorClient, id: string, values: LoadValues): Promise<number> {
  if (!/^\d{1,15}$/.test(id)) throw new Error(`A load is named by its number, as panel loads shows it.\n\n${usage}`);
  const applied = await client.post<Load & { replayed: number }>(`/panel/loads/${id}/apply`, {
    accept: values.accept ?? [],
  });
  const back = applied.replayed === 0 ? '' : ` ${applied.replayed} messages that were kept are read again.`;
  return tell(values, applied, `Load ${applied.id} is applied.${back}`);
}

/** Without a terminal nobody can be asked, and nobody has agreed. */
async function agrees(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

function tell({ json }: { readonly json?: boolean }, body: unknown, text: string): number {
  console.log(json ? JSON.stringify(body, null, 2) : text);
  return 0;
}

const given = (values: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined));
