// What the envelope of a file of messages says (HL7 v2.5.1 ch. 2.10.3 and 2.15.1 to 2.15.13: FHS, BHS, BTS, FTS) held
// against what stands in it. Plain data from step to step, so that counting can go on after a stop.

import type { EnvelopeName } from './batch-stream.ts';

export interface Tally {
  /** The first FHS, as sent; absent in a file without one. */
  readonly file?: string;
  /** The batch header in hand, as sent; absent between batches. */
  readonly batch?: string;
  readonly batches: number;
  readonly messages: number;
  /** Since the last batch header or trailer. */
  readonly inBatch: number;
  readonly isFileClosed: boolean;
  readonly flags: readonly BatchFlag[];
}

/** What does not fit. The messages are kept all the same. */
export interface BatchFlag {
  readonly code:
    | 'batch-count' // BTS-1 is not the number of messages
    | 'file-count' // FTS-1 is not the number of batches
    | 'batch-not-closed' // a BHS without its BTS: the file may be cut off
    | 'file-not-closed' // an FHS without its FTS: the file may be cut off
    | 'trailer-alone' // a BTS or FTS without its header
    | 'header-repeated' // a second FHS
    | 'after-file' // something follows FTS
    | 'stray-lines' // lines that belong to no message
    | 'flags-left-out'; // more than are kept
  /** Segment, its sequence and the field: `BTS^2^1`. */
  readonly place: string;
  readonly said?: number;
  readonly found?: number;
}

export const noTally: Tally = { batches: 0, messages: 0, inBatch: 0, isFileClosed: false, flags: [] };

const flagsMax = 100;
const headerLengthMax = 1_000;

export function tallyMessage(tally: Tally): Tally {
  return { ...tally, messages: tally.messages + 1, inBatch: tally.inBatch + 1 };
}

export function tallyEnvelope(tally: Tally, name: EnvelopeName, text: string): Tally {
  const before = tally.isFileClosed ? withFlag(tally, { code: 'after-file', place: `${name}^1` }) : tally;
  switch (name) {
    case 'FHS':
      return before.file === undefined
        ? { ...before, file: text.slice(0, headerLengthMax) }
        : withFlag(before, { code: 'header-repeated', place: 'FHS^2' });
    case 'BHS': {
      const closed = closeBatch(before);
      return { ...closed, batch: text.slice(0, headerLengthMax), batches: closed.batches + 1, inBatch: 0 };
    }
    case 'BTS': {
      const open = before.batch === undefined ? withFlag(before, { code: 'trailer-alone', place: 'BTS^1' }) : before;
      const place = `BTS^${Math.max(1, open.batches)}^1`;
      const counted = compare(open, 'batch-count', place, countOf(text, fieldOf(before.batch)), open.inBatch);
      const { batch: _closed, ...rest } = counted;
      return { ...rest, inBatch: 0 };
    }
    case 'FTS': {
      const closed = closeBatch(before);
      const open = closed.file === undefined ? withFlag(closed, { code: 'trailer-alone', place: 'FTS^1' }) : closed;
      const said = countOf(text, fieldOf(closed.file));
      return { ...compare(open, 'file-count', 'FTS^1^1', said, open.batches), isFileClosed: true };
    }
  }
}

/** The file is at its end. */
export function tallyEnd(tally: Tally, strayLines: number): Tally {
  const closed = closeBatch(tally);
  const ended =
    closed.file !== undefined && !closed.isFileClosed
      ? withFlag(closed, { code: 'file-not-closed', place: 'FHS^1' })
      : closed;
  return strayLines === 0 ? ended : withFlag(ended, { code: 'stray-lines', place: '', found: strayLines });
}

const sentences: Readonly<Record<BatchFlag['code'], string>> = {
  'batch-count': 'BTS-1 is not the number of messages in the batch',
  'file-count': 'FTS-1 is not the number of batches in the file',
  'batch-not-closed': 'the batch has no BTS; the file may be cut off',
  'file-not-closed': 'the file has no FTS; it may be cut off',
  'trailer-alone': 'the trailer has no header',
  'header-repeated': 'there is a second FHS; send one file at a time',
  'after-file': 'something follows FTS',
  'stray-lines': 'lines that belong to no message were not read',
  'flags-left-out': 'there are more faults of this kind',
};

/** One sentence for the people at the sender. */
export function tellFlag({ code, place, said, found }: BatchFlag): string {
  const numbers = [
    ...(said === undefined ? [] : [`said ${said}`]),
    ...(found === undefined ? [] : [`found ${found}`]),
  ].join(', ');
  return `${place === '' ? '' : `${place}: `}${sentences[code]}${numbers === '' ? '' : ` (${numbers})`}`;
}

function closeBatch(tally: Tally): Tally {
  if (tally.batch === undefined) return tally;
  const { batch: _open, ...rest } = withFlag(tally, { code: 'batch-not-closed', place: `BHS^${tally.batches}` });
  return { ...rest, inBatch: 0 };
}

/** A count that is not given is not held against anything; one that is no number does not fit. */
function compare(tally: Tally, code: BatchFlag['code'], place: string, said: number | undefined, found: number): Tally {
  if (said === undefined || said === found) return tally;
  return withFlag(tally, { code, place, ...(!Number.isNaN(said) && { said }), found });
}

function countOf(text: string, field: string | undefined): number | undefined {
  const mark = field ?? text.charAt(3);
  const value = (mark === '' ? '' : (text.split(mark)[1] ?? '')).trim();
  if (value === '' || value === '""') return undefined;
  return /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
}

const fieldOf = (header: string | undefined): string | undefined => header?.charAt(3);

function withFlag(tally: Tally, flag: BatchFlag): Tally {
  if (tally.flags.length > flagsMax) return tally;
  const kept: BatchFlag = tally.flags.length === flagsMax ? { code: 'flags-left-out', place: '' } : flag;
  return { ...tally, flags: [...tally.flags, kept] };
}
