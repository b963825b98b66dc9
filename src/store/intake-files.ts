// Files of messages: how far each was read, what its envelope said, and how each of its messages was answered.

import { textArray } from './arrays.ts';
import type { Transaction } from './pool.ts';

export interface FileMark<Tally> {
  readonly id: number;
  readonly name: string;
  readonly state: 'reading' | 'done' | 'failed';
  readonly position: number;
  readonly line: number;
  readonly messages: number;
  readonly refused: number;
  readonly tally: Tally;
}

export interface FileSource {
  readonly partner: string;
  readonly source: 'folder' | 'http';
  readonly name: string;
  readonly size?: number | undefined;
  readonly digest?: Buffer | undefined;
}

export async function beginFile(tx: Transaction, file: FileSource, tally: unknown, now: number): Promise<number> {
  const [row] = await tx.query<{ id: number }>(
    'intake-files.begin',
    `insert into intake_file (organisation, partner, source, name, size, digest, tally, started_at, seen_at)
     values ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8::float8 / 1000), to_timestamp($8::float8 / 1000))
     returning id`,
    [
      tx.organisation,
      file.partner,
      file.source,
      file.name,
      file.size ?? null,
      file.digest ?? null,
      JSON.stringify(tally),
      now,
    ],
  );
  return row?.id ?? 0;
}

/** The last file of these bytes from this partner's folder that was, or is being, read. */
export async function findFile<Tally>(
  tx: Transaction,
  partner: string,
  digest: Buffer,
): Promise<FileMark<Tally> | undefined> {
  const rows = await tx.query<FileMark<Tally>>(
    'intake-files.find',
    `select id, name, state, position, line, messages, refused, tally from intake_file
      where organisation = $1 and partner = $2 and digest = $3 and source = 'folder' and state <> 'failed'
      order by id desc limit 1`,
    [tx.organisation, partner, digest],
  );
  return rows[0];
}

export interface FileMessage {
  /** Its place among the messages of the file, from 1. */
  readonly number: number;
  readonly position: number;
  readonly line: number;
  readonly controlId: string | null;
  readonly answer: 'AA' | 'AE' | 'AR';
  readonly reason: string | null;
  /** Segment and field: `MSH^1^11`. */
  readonly place: string | null;
}

/** Notes what was read since `before`. False when somebody else has read on from there: then nothing is noted. */
export async function keepProgress(
  tx: Transaction,
  file: number,
  before: number,
  mark: Omit<FileMark<unknown>, 'id' | 'name' | 'state'>,
  messages: readonly FileMessage[],
  now: number,
): Promise<boolean> {
  const rows = await tx.query(
    'intake-files.progress',
    `with noted as (
       update intake_file set position = $4, line = $5, messages = $6, refused = $7, tally = $8, seen_at = to_timestamp($9::float8 / 1000)
        where organisation = $1 and id = $2 and position = $3 and state = 'reading'
       returning id
     ), kept as (
       insert into intake_file_message (organisation, file, number, position, line, control_id, answer, reason, place)
       select $1, noted.id, m.number, m.position, m.line, m.control_id, m.answer, m.reason, m.place
         from noted, unnest($10::int[], $11::bigint[], $12::bigint[], $13::text[], $14::text[], $15::text[], $16::text[])
           as m (number, position, line, control_id, answer, reason, place)
     )
     select id from noted`,
    [
      tx.organisation,
      file,
      before,
      mark.position,
      mark.line,
      mark.messages,
      mark.refused,
      JSON.stringify(mark.tally),
      now,
      messages.map((message) => message.number),
      messages.map((message) => message.position),
      messages.map((message) => message.line),
      textArray(messages.map((message) => message.controlId)),
      textArray(messages.map((message) => message.answer)),
      textArray(messages.map((message) => message.reason)),
      textArray(messages.map((message) => message.place)),
    ],
  );
  return rows.length > 0;
}

export async function finishFile(
  tx: Transaction,
  file: number,
  end: {
    readonly state: 'done' | 'failed';
    readonly reason?: string;
    readonly digest?: Buffer | undefined;
    readonly size?: number | undefined;
    /** Absent: as it was. */
    readonly tally?: unknown;
  },
  now: number,
): Promise<void> {
  await tx.query(
    'intake-files.finish',
    `update intake_file set state = $3, reason = $4, digest = coalesce($5, digest), size = coalesce($6, size),
            tally = coalesce($7::json, tally), seen_at = to_timestamp($8::float8 / 1000), finished_at = to_timestamp($8::float8 / 1000)
      where organisation = $1 and id = $2`,
    [
      tx.organisation,
      file,
      end.state,
      end.reason ?? null,
      end.digest ?? null,
      end.size ?? null,
      end.tally === undefined ? null : JSON.stringify(end.tally),
      now,
    ],
  );
}

export interface IntakeFile extends FileMark<unknown> {
  readonly partner: string;
  readonly source: 'folder' | 'http';
  readonly size: number | null;
  readonly digest: string | null;
  readonly reason: string | null;
  readonly startedAt: Date;
  readonly seenAt: Date;
  readonly finishedAt: Date | null;
}

const columns = `id, partner, source, name, size, encode(digest, 'hex') as digest, state, reason, position, line, messages, refused, tally,
  started_at as "startedAt", seen_at as "seenAt", finished_at as "finishedAt"`;

/** Newest first. */
export function listFiles(
  tx: Transaction,
  filter: {
    readonly partner?: string | undefined;
    readonly state?: string | undefined;
    readonly before?: number | undefined;
    readonly limit: number;
  },
): Promise<IntakeFile[]> {
  return tx.query(
    'intake-files.list',
    `select ${columns} from intake_file
      where organisation = $1 and ($2::text is null or partner = $2) and ($3::text is null or state = $3) and ($4::bigint is null or id < $4)
      order by id desc limit $5`,
    [tx.organisation, filter.partner ?? null, filter.state ?? null, filter.before ?? null, filter.limit],
  );
}

export async function readFile(tx: Transaction, id: number): Promise<IntakeFile | undefined> {
  const rows = await tx.query<IntakeFile>(
    'intake-files.read',
    `select ${columns} from intake_file where organisation = $1 and id = $2`,
    [tx.organisation, id],
  );
  return rows[0];
}

/** Messages after a number, in their order. */
export function fileMessages(
  tx: Transaction,
  file: number,
  after: number,
  limit: number,
  isRefusedOnly: boolean,
): Promise<FileMessage[]> {
  return tx.query(
    'intake-files.messages',
    `select number, position, line, control_id as "controlId", answer, reason, place from intake_file_message
      where organisation = $1 and file = $2 and number > $3 and (not $5::boolean or answer <> 'AA')
      order by number limit $4`,
    [tx.organisation, file, after, limit, isRefusedOnly],
  );
}
