// `npm run feed -- show`: messages and what became of them; with an id, everything about one.

import type { MessageDetail, MessageList, MessageSummary } from '../../src/api/ops/message-types.ts';
import { tokenUsage } from '../service-token.ts';
import { readArguments, selectionUsage } from './message-arguments.ts';
import { faultOf, type OperatorClient, operatorClient } from './operator-client.ts';
import { limitOf, withHint } from './pages.ts';
import { pairs, plain, table } from './table.ts';

const usage = `npm run feed -- show [conditions] [--limit N] [--json]
npm run feed -- show ID… [--json]
npm run feed -- show ID… --raw

Lists messages, newest first (50 by default), or shows everything about one: its fields by name, what it changed, why
it was parked or ignored, and earlier decisions. --raw writes the bytes as they were sent and nothing else, so lines end
with CR; it exits 1 where they have expired.
${selectionUsage}
${tokenUsage}`;

export async function run(args: readonly string[]): Promise<number> {
  const { ids, filter, own } = readArguments(args, { limit: 'string', raw: 'boolean' });
  if (own.help) {
    console.log(usage);
    return 0;
  }
  if (own.raw && (ids.length === 0 || own.json)) throw new Error('--raw goes with ids, and without --json');
  const limit = limitOf(own.limit, 50);
  const client = await operatorClient();
  if (own.raw) return writeRaw(client, ids);
  if (ids.length > 0) {
    for (const id of ids) {
      const detail = await client.get<MessageDetail>(`/messages/${id}`);
      console.log(own.json ? JSON.stringify(detail, null, 2) : describe(detail));
    }
    return 0;
  }
  const messages: MessageSummary[] = [];
  let cursor: string | undefined;
  do {
    const page = { 'page-size': Math.min(200, limit - messages.length), ...(cursor !== undefined && { cursor }) };
    const list = await client.post<MessageList>('/messages/search', { ...filter, ...page });
    messages.push(...list.messages);
    cursor = list.cursor;
  } while (cursor !== undefined && messages.length < limit);
  const more = cursor === undefined ? {} : ({ more: true } as const);
  if (own.json) console.log(JSON.stringify({ messages, ...more }, null, 2));
  else if (messages.length === 0) console.log('No message meets these conditions.');
  else console.log(withHint(listOf(messages), { rows: messages, more }));
  return 0;
}

/** Bytes that have expired are told on the other stream, and the rest are written all the same. */
async function writeRaw(client: OperatorClient, ids: readonly number[]): Promise<number> {
  let code = 0;
  for (const id of ids)
    try {
      const bytes = await client.getBytes(`/messages/${id}/raw`);
      await new Promise<void>((resolve, reject) =>
        process.stdout.write(bytes, (error) => (error ? reject(error) : resolve())),
      );
    } catch (thrown) {
      if (faultOf(thrown) !== 'ops.raw-expired') throw thrown;
      console.error(`Message ${id}: its bytes have expired. Without --raw, show tells its fate and what it changed.`);
      code = 1;
    }
  return code;
}

const head = ['id', 'received', 'partner', 'control id', 'event', 'identifier', 'visit', 'state', 'reason and flags'];

const listOf = (messages: readonly MessageSummary[]): string =>
  table(
    head,
    messages.map((each) => [
      each.id,
      shortTime(each.receivedAt),
      each.partner,
      each.controlId,
      each.trigger,
      each.identifier,
      each.visit,
      each.replays > 0 ? `${each.state} (replayed ${each.replays} ×)` : each.state,
      [each.reason, ...each.flags].filter((text) => text !== undefined).join(', '),
    ]),
  );

const shortTime = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;

function describe(detail: MessageDetail): string {
  const parts = [
    pairs([
      ['message', detail.id],
      ['partner', detail.partner],
      ['control id', detail.controlId],
      ['event', detail.trigger],
      ['received', detail.receivedAt],
      ['state', detail.state],
      ['reason', detail.reason],
      ['', detail.reasonExplained === detail.reason ? undefined : detail.reasonExplained],
      ['note', detail.note],
      ['decided', detail.decidedAt],
      ['patient', detail.patient && `Patient/${detail.patient}`],
      ['identifier', detail.identifier],
      ['visit', detail.visit],
      ['waits for', detail.review && `match review ${detail.review}`],
      ['tries', detail.attempts > 0 ? detail.attempts : undefined],
      ['replays', detail.replays > 0 ? detail.replays : undefined],
      ['bytes expire', detail.rawExpiresOn],
      ['bytes', detail.rawExpired === true ? 'expired' : detail.rawExpired && `expired on ${detail.rawExpired}`],
    ]),
  ];
  if (detail.flagsExplained.length > 0)
    parts.push(
      section(
        'Flags',
        table(
          ['flag', 'field', 'meaning'],
          detail.flagsExplained.map((each) => [each.code, each.field, each.text]),
        ),
      ),
    );
  for (const change of detail.changes)
    if (change.resources.length > 0)
      parts.push(
        section(
          `Changed at ${change.at}`,
          table(
            ['resource', 'id', 'version'],
            change.resources.map((each) => [each.type, each.id, each.version]),
          ),
        ),
      );
  if (detail.work.length > 0)
    parts.push(
      section(
        'Cases and tasks among these, as they stand now',
        table(
          ['reference', 'status', 'codes'],
          detail.work.map((each) => [each.reference, each.status, each.codes.join(' ')]),
        ),
      ),
    );
  if (detail.earlier.length > 0)
    parts.push(
      section(
        'Earlier decisions',
        table(
          ['state', 'reason', 'decided', 'set back', 'by'],
          detail.earlier.map((each) => [
            each.state,
            each.note ?? each.reason,
            each.decidedAt,
            each.setBackAt,
            each.setBackBy,
          ]),
        ),
      ),
    );
  parts.push(section('Content', contentOf(detail)));
  return parts.join('\n\n');
}

const section = (title: string, text: string): string => `${title}\n${text}`;

function contentOf({ content }: MessageDetail): string {
  if (content === undefined) return 'The bytes have expired.';
  if (content.unreadable !== undefined) return `${content.unreadable}\n${plain(content.text.slice(0, 2_000))}`;
  const lines = content.segments.map(({ segment, fields }) => [
    segment,
    ...fields.map(({ number, name, sent, values }) => {
      const shown = values.map((repetition) => repetition.map((part) => part.join(' & ')).join(' | ')).join('  ~  ');
      return `  ${`${segment}-${number}`.padEnd(7)} ${(name ?? '').padEnd(28)} ${plain(number < 3 && segment === 'MSH' ? sent : shown)}`;
    }),
  ]);
  const more = content.moreSegments > 0 ? [`… and ${content.moreSegments} segments more`] : [];
  return [`${content.bytes} bytes, ${content.charset}`, ...lines.flat(), ...more].join('\n');
}
