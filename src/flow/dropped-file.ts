// What the drop folders ask of what is kept: whether a file is known, and what is to be told of it in the result beside
// it. The result holds no content of a message: where it stood, its control id, and how it was answered.

import { type FaultCode, faults } from '../base/fault.ts';
import type { Instant } from '../base/instant.ts';
import { noTally, type Tally } from '../hl7/batch-tally.ts';
import { unworked } from '../store/feed-health.ts';
import {
  beginFile,
  type FileMark,
  type FileSource,
  fileMessages,
  findFile,
  finishFile,
  readFile,
} from '../store/intake-files.ts';
import type { Database } from '../store/pool.ts';
import { tellFlags } from './receive-file.ts';

/** The file of these bytes from this partner's folder, if it was, or is being, read. */
export const knownFile = (database: Database, partner: string, digest: Buffer): Promise<FileMark<Tally> | undefined> =>
  findFile<Tally>(database, partner, digest);

/** Keeps that a file could not be read at all. */
export async function keepUnreadable(
  database: Database,
  file: FileSource,
  reason: FaultCode,
  now: Instant,
): Promise<void> {
  const id = await beginFile(database, file, noTally, now);
  await finishFile(database, id, { state: 'failed', reason }, now);
}

/** Messages that wait for the workers. */
export const backlogOf = async (database: Database): Promise<number> => (await unworked(database)).count;

const pageRows = 1_000;

/** The text of the result, piece by piece. */
export async function* tellResult(database: Database, id: number): AsyncGenerator<string> {
  const file = await readFile(database, id);
  if (!file) return;
  const { batches, flags } = tellFlags(file.tally);
  const head = [
    `file: ${plain(file.name)}`,
    `partner: ${file.partner}`,
    `number: ${file.id} (GET /ops/files/${file.id})`,
    ...(file.digest === null ? [] : [`sha-256: ${file.digest}`]),
    `state: ${file.state}${file.reason === null ? '' : `: ${sentenceOf(file.reason)}`}`,
    `read: ${file.startedAt.toISOString()} to ${(file.finishedAt ?? file.seenAt).toISOString()}`,
    `messages: ${file.messages}, accepted ${file.messages - file.refused}, not accepted ${file.refused}`,
    `batches: ${batches}`,
    ...flags.map((flag) => `flag: ${flag.says}`),
    '',
    ['number', 'line', 'byte', 'control id', 'answer', 'place', 'reason'].join('\t'),
  ];
  yield `${head.join('\n')}\n`;
  for (let after = 0; ; ) {
    const rows = await fileMessages(database, id, after, pageRows, false);
    const last = rows.at(-1);
    if (last === undefined) return;
    const lines = rows.map((row) =>
      [
        row.number,
        row.line,
        row.position,
        plain(row.controlId ?? ''),
        row.answer,
        row.place ?? '',
        row.reason === null ? '' : `${row.reason}: ${sentenceOf(row.reason)}`,
      ].join('\t'),
    );
    yield `${lines.join('\n')}\n`;
    after = last.number;
  }
}

const sentenceOf = (code: string): string => (code in faults ? faults[code as FaultCode][1] : code);
const plain = (text: string): string => text.replace(/[\x00-\x1f\x7f]/g, ' ');
