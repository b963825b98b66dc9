// A file of messages (HL7 v2.5.1 ch. 2.10.3): each message is kept and answered by the same intake as one that comes
// alone; how far the file was read is noted after each group, so that reading goes on there after a stop. A message
// that is not accepted is named and the rest go on.

import { asFault, Fault, type FaultCode } from '../base/fault.ts';
import type { Instant } from '../base/instant.ts';
import { buildAck } from '../hl7/ack.ts';
import { createBatchAnswer } from '../hl7/batch-answer.ts';
import { createBatchSplitter, type Piece } from '../hl7/batch-stream.ts';
import { noTally, type Tally, tallyEnd, tallyEnvelope, tallyMessage, tellFlag } from '../hl7/batch-tally.ts';
import { unitsOf } from '../hl7/byte-lines.ts';
import { decodeMessage } from '../hl7/charset.ts';
import { type Header, readHeader } from '../hl7/header.ts';
import {
  beginFile,
  type FileMark,
  type FileMessage,
  type FileSource,
  finishFile,
  keepProgress,
} from '../store/intake-files.ts';
import type { Database } from '../store/pool.ts';
import { errorOf, type Received, type Reply, stamp, type Told, us } from './receive-message.ts';

export interface FileReceiving {
  /** The intake of single messages. */
  readonly receive: (message: Received) => Promise<Reply>;
  readonly database: Database;
  readonly now: () => Instant;
  /** A fresh control id, at most 20 characters. */
  readonly newControlId: () => string;
  readonly messageBytesMax: number;
}

export interface FileInput extends FileSource {
  /** From `known.position` on, where reading goes on. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** The first bytes of the file, at least four where there are as many: how characters lie in bytes. */
  readonly start: Uint8Array;
  readonly known?: FileMark<Tally> | undefined;
  /** Whether the answer of HL7 is wanted; it is held in memory, one acknowledgment a message. */
  readonly wantsAnswer?: boolean;
  /** Asked at the end of the file: the digest, and the size where it is not known before. Throws when the file is not whole. */
  readonly whole?: () => { readonly digest?: Buffer; readonly size?: number } | Promise<undefined>;
  /** Asked between chunks; true leaves the file to be read on later. */
  readonly isStopping?: () => boolean;
  /** Awaited between chunks: who reads as fast as a disk gives must not fill the inbox before everybody else. */
  readonly pause?: () => Promise<void>;
}

export interface FileOutcome {
  readonly id: number;
  readonly state: 'done' | 'stopped';
  readonly messages: number;
  readonly refused: number;
  readonly tally: Tally;
  /** Empty unless it was wanted. */
  readonly answer: Buffer;
}

/** Messages handed to the intake at once, and their bytes. */
const groupMax = 128;
const groupBytesMax = 4_194_304;

/**
 * Throws `store.unavailable` when the database is away: what was kept is noted, and the same file may be given again.
 * Any other fault ends the file as failed.
 */
export async function receiveFile(given: FileReceiving, input: FileInput): Promise<FileOutcome> {
  const id = input.known?.id ?? (await beginFile(given.database, input, noTally, given.now()));
  try {
    return await readOn(given, input, id);
  } catch (thrown) {
    const { code, kind } = asFault(thrown);
    if (kind !== 'unavailable' && kind !== 'busy' && code !== 'store.conflict')
      await finishFile(given.database, id, { state: 'failed', reason: code }, given.now()).catch(() => undefined);
    throw thrown;
  }
}

async function readOn(given: FileReceiving, input: FileInput, id: number): Promise<FileOutcome> {
  const { known, start, wantsAnswer = false } = input;
  const splitter = createBatchSplitter({
    messageBytesMax: given.messageBytesMax,
    units: unitsOf(start),
    ...(known && { from: known }),
  });
  const answer = createBatchAnswer({ now: stamp(given.now()), newControlId: given.newControlId, us });
  let mark: Omit<FileMark<Tally>, 'id' | 'name' | 'state'> = known ?? {
    position: 0,
    line: 1,
    messages: 0,
    refused: 0,
    tally: noTally,
  };
  let group: Piece[] = [];
  let bytes = 0;

  async function keepGroup(): Promise<void> {
    const last = group.at(-1);
    if (last === undefined) return;
    const pieces = group;
    group = [];
    bytes = 0;
    const answered = await Promise.all(pieces.map((piece) => answerPiece(given, input.partner, piece)));
    let { messages, refused, tally } = mark;
    const told: FileMessage[] = [];
    for (const [index, piece] of pieces.entries()) {
      const one = answered[index];
      if (one === undefined) {
        if (piece.kind === 'message' || piece.kind === 'oversize') continue;
        const text = decodeMessage(piece.bytes).text;
        const isLeftOpen = piece.kind === 'BHS' || piece.kind === 'FTS';
        tally = tallyEnvelope(tally, piece.kind, text.trimEnd());
        if (!wantsAnswer) continue;
        if (isLeftOpen || piece.kind === 'BTS') answer.trailer(tally);
        if (piece.kind === 'FHS' || piece.kind === 'BHS') answer.header(piece.kind, text);
        continue;
      }
      messages += 1;
      tally = tallyMessage(tally);
      const [problem] = one.problems;
      if (problem) refused += 1;
      told.push({
        number: messages,
        position: piece.from.position,
        line: piece.from.line,
        controlId: one.controlId?.slice(0, 200) ?? null,
        answer: problem?.reply ?? 'AA',
        reason: problem?.code ?? null,
        place: problem?.location ?? null,
      });
      if (!wantsAnswer) continue;
      if (problem) answer.refused(messages, one.controlId, problem.reply);
      answer.acknowledgments(one.acknowledgments);
    }
    const before = mark.position;
    mark = { ...last.to, messages, refused, tally };
    if (!(await keepProgress(given.database, id, before, mark, told, given.now()))) throw new Fault('store.conflict');
  }

  async function take(pieces: readonly Piece[]): Promise<void> {
    for (const piece of pieces) {
      group.push(piece);
      bytes += piece.bytes.length;
      if (group.length >= groupMax || bytes >= groupBytesMax) await keepGroup();
    }
  }

  for await (const chunk of input.chunks) {
    await take(splitter.push(chunk));
    await input.pause?.();
    if (input.isStopping?.() === true) {
      await keepGroup();
      return { id, state: 'stopped', ...mark, answer: Buffer.alloc(0) };
    }
  }
  await take(splitter.end());
  await keepGroup();
  const whole = await input.whole?.();
  const tally = tallyEnd(mark.tally, splitter.strayLines);
  // An envelope may be empty. A file of no bytes is an export that failed; as done, the next one would be its duplicate.
  if (tally.messages === 0 && tally.batches === 0 && tally.file === undefined) throw new Fault('hl7.not-a-message');
  await finishFile(given.database, id, { state: 'done', ...whole, tally }, given.now());
  return { id, state: 'done', ...mark, tally, answer: wantsAnswer ? answer.end(tally) : Buffer.alloc(0) };
}

interface Answered extends Told {
  readonly acknowledgments: readonly Uint8Array[];
}

/** Nothing for a piece of the envelope. Throws when a message could not be kept. */
async function answerPiece(given: FileReceiving, partner: string, piece: Piece): Promise<Answered | undefined> {
  if (piece.kind === 'oversize') return refuseOversize(given, piece);
  if (piece.kind !== 'message') return undefined;
  let told: Told = { controlId: undefined, problems: [] };
  const reply = await given.receive({
    bytes: piece.bytes,
    partner,
    isVouchedFor: true,
    told: (what) => (told = what),
  });
  if (reply === 'close') throw new Fault('store.unavailable');
  return { ...told, acknowledgments: reply };
}

/** It is named in the answer and in the file's outcome, and not kept. */
function refuseOversize(given: FileReceiving, piece: Piece): Answered {
  let header: Header | undefined;
  try {
    header = readHeader(decodeMessage(piece.bytes).text);
  } catch {
    // Without a readable header it is named by its place alone.
  }
  const code: FaultCode = 'hl7.message-too-large';
  const problem = { code, location: 'MSH^1', errorCode: '207', reply: 'AR' } as const;
  const text = buildAck({
    header,
    code: problem.reply,
    controlId: given.newControlId(),
    now: stamp(given.now()),
    us,
    errors: [errorOf(problem)],
  });
  return { controlId: header?.controlId, problems: [problem], acknowledgments: [Buffer.from(text, 'utf8')] };
}

export interface FlagTold {
  readonly code: string;
  readonly place: string;
  readonly says: string;
}

/** What a kept tally says, for people. */
export function tellFlags(kept: unknown): { readonly batches: number; readonly flags: readonly FlagTold[] } {
  const { batches, flags } = kept as Tally;
  return { batches, flags: flags.map((flag) => ({ code: flag.code, place: flag.place, says: tellFlag(flag) })) };
}
