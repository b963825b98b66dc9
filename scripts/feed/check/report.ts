// The report of a check: message by message, then the sum, with unmapped codes ready to paste into a code table.

import type { CodeSeen, Examined, FactSeen } from './examine.ts';

export interface Checked extends Examined {
  readonly file: string;
  readonly number: number;
  readonly of: number;
}

export interface Summary {
  readonly messages: number;
  readonly applied: number;
  readonly ignored: number;
  readonly parked: number;
  readonly refused: number;
  readonly unmapped: readonly Unmapped[];
}

interface Unmapped {
  readonly table: string;
  readonly code: string;
  readonly times: number;
  readonly at: readonly string[];
}

export function tellMessage(checked: Checked): string {
  const { file, number, of, type, controlId, sender } = checked;
  const lines = [`${file}, message ${number} of ${of}: ${type}, MSH-10 ${controlId || 'empty'}, from ${sender}`];
  const say = (label: string, ...values: readonly string[]): void => {
    for (const [index, value] of values.entries()) lines.push(`  ${(index === 0 ? label : '').padEnd(10)} ${value}`);
  };
  say('answer', checked.answers.length === 0 ? 'none, as MSH-15 and MSH-16 ask' : checked.answers.join(', then '));
  say('refused', ...checked.problems.map(({ at, reason, says }) => `${at}: ${says} (${reason})`));
  say('fate', `${checked.fate}${checked.reason === undefined ? '' : `: ${checked.reason}`}`);
  if (checked.fate === 'applied') say('effect', checked.effect);
  say('flags', ...checked.flags);
  say('facts', ...table(checked.facts));
  say('unmapped', ...checked.unmapped.map(tellUnmapped));
  if (checked.zSegments.length > 0) say('Z unread', checked.zSegments.join(', '));
  if (checked.unread.length > 0) say('unread', checked.unread.join(', '));
  return lines.join('\n');
}

function table(facts: readonly FactSeen[]): string[] {
  const widths = [facts.map(({ fact }) => fact), facts.map(({ from }) => from), facts.map(({ raw }) => clipped(raw))];
  const [one = 0, two = 0, three = 0] = widths.map((column) => Math.max(0, ...column.map(({ length }) => length)));
  return facts.map((seen) => {
    const cells = [seen.fact.padEnd(one), seen.from.padEnd(two), clipped(seen.raw).padEnd(three), '→', seen.words];
    const zone = seen.zoneFrom === undefined ? [] : [`[zone: ${seen.zoneFrom}]`];
    return [...cells, ...zone, ...new Set(seen.codes.filter(({ row }) => row === 'found').map(tellRow))]
      .join(' ')
      .trimEnd();
  });
}

const tellRow = ({ table, code, to, isPartners }: CodeSeen): string =>
  `[${isPartners ? 'partner file, codes' : 'codes'}/${table}: ${code} = ${to ?? 'nothing'}]`;

const tellUnmapped = ({ table, code, at, row, to }: CodeSeen): string =>
  `${code} at ${at}: no row in codes/${table}${row === 'default' ? `; by its default ${to ?? 'nothing'}` : ''}`;

export function summarise(checked: readonly Checked[]): Summary {
  const counted = new Map<string, { table: string; code: string; times: number; at: Set<string> }>();
  for (const { table, code, at } of checked.flatMap(({ unmapped }) => unmapped)) {
    const key = `${table}|${code}`;
    const seen = counted.get(key) ?? { table, code, times: 0, at: new Set<string>() };
    seen.times += 1;
    seen.at.add(at);
    counted.set(key, seen);
  }
  const count = (fate: Examined['fate']): number => checked.filter((one) => one.fate === fate).length;
  const refused = checked.filter(({ problems }) => problems.length > 0).length;
  return {
    messages: checked.length,
    applied: count('applied'),
    ignored: count('ignored'),
    parked: count('parked') - refused,
    refused,
    unmapped: [...counted.values()]
      .map((seen) => ({ ...seen, at: [...seen.at] }))
      .sort((a, b) => (a.table === b.table ? (a.code < b.code ? -1 : 1) : a.table < b.table ? -1 : 1)),
  };
}

export function tellSummary(
  { messages, applied, ignored, parked, refused, unmapped }: Summary,
  partner: string,
): string {
  const sum = `${messages} ${messages === 1 ? 'message' : 'messages'}: ${applied} would be applied, ${ignored} ignored, ${parked} parked after the answer, ${refused} refused by the header. Nothing was stored.`;
  if (unmapped.length === 0) return `${sum}\nEvery code has a row.`;
  const tables = [...new Set(unmapped.map(({ table }) => table))];
  const rows = tables.map((name) => {
    const lines = unmapped
      .filter(({ table }) => table === name)
      .map(({ code, times, at }) =>
        [code, '', `seen ${times} ${times === 1 ? 'time' : 'times'} at ${at.join(' and ')}`].map(cell).join(','),
      );
    return `\nmappings/codes/${name}.csv\n${lines.join('\n')}`;
  });
  const yours = `\nFill in the middle cell, for all feeds; or for this feed alone, under codes: in profiles/partners/${partner}.yaml.`;
  return `${sum}\n\nCodes without a row:\n${rows.join('\n')}\n${yours}`;
}

const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const clipped = (raw: string): string => {
  const plain = raw.replace(/[\x00-\x1f\x7f]/g, ' ');
  return plain.length <= 44 ? plain : `${plain.slice(0, 43)}…`;
};
