// Lines of a file of messages as bytes, while it is read: they end with CR, LF or CRLF (HL7 v2.5.1 ch. 2.5.1 and what
// senders make of it), and at the start and end blocks of an MLLP frame. One line is held at most.

/** A byte of a file, from 0, and its line, from 1. */
export interface Spot {
  readonly position: number;
  readonly line: number;
}

/** How characters lie in bytes. In every other character set that HL7 names, line ends and `MSH` are single bytes. */
export type Units = 'bytes' | 'utf-16le' | 'utf-16be';

export interface Line {
  /** With its line end, without the blocks of a frame; of a line that is too long, how it begins. */
  readonly bytes: Buffer;
  /** Of the whole line. */
  readonly length: number;
  readonly isBlank: boolean;
  /** The end block of a frame follows. */
  readonly endsFrame: boolean;
  readonly from: Spot;
  readonly to: Spot;
}

export interface LineReader {
  push(chunk: Uint8Array): Line[];
  end(): Line[];
  /** Where the next line begins. */
  at(): Spot;
}

const LF = 0x0a;
const VT = 0x0b;
const CR = 0x0d;
const FS = 0x1c;

/** Of a line that is too long, so much is kept. */
const headBytesMax = 4_096;

/** How the first four bytes of a file say its characters lie: a byte order mark, or the zeros of UTF-16. */
export function unitsOf(start: Uint8Array): Units {
  const [first = 0, second = 0, third = 0, fourth = 0] = start;
  if ((first === 0xff && second === 0xfe) || (isLetter(first) && second === 0 && isLetter(third) && fourth === 0))
    return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && isLetter(second) && third === 0 && isLetter(fourth)))
    return 'utf-16be';
  return 'bytes';
}

/** The first characters as text; bytes above 127 as whatever they are in Latin-1. */
export function unitText(bytes: Buffer, units: Units, count: number): string {
  if (units === 'bytes') return bytes.toString('latin1', 0, count);
  const head = Buffer.from(bytes.subarray(0, 2 * Math.min(count, Math.floor(bytes.length / 2))));
  return (units === 'utf-16le' ? head : head.swap16()).toString('utf16le');
}

export function createLineReader(options: {
  readonly lineBytesMax: number;
  readonly units: Units;
  readonly from?: Spot;
}): LineReader {
  const width = options.units === 'bytes' ? 1 : 2;
  const low = options.units === 'utf-16be' ? 1 : 0;
  const lineBytesMax = Math.max(options.lineBytesMax, headBytesMax);
  /** Bytes from the beginning of the line in hand, or of its end where it is too long. */
  let held: Buffer = Buffer.alloc(0);
  /** How much of `held` was looked at. */
  let seen = 0;
  let spot: Spot = options.from ?? { position: 0, line: 1 };
  /** How a line that is too long begins, and how much of it is no longer held. */
  let cut: { readonly head: Buffer; dropped: number } | undefined;
  let isBlank = true;

  const unit = (at: number): number =>
    width === 1 ? (held[at] as number) : (held[at + low] as number) | ((held[at + 1 - low] as number) << 8);

  function read(chunk: Uint8Array, isLast: boolean): Line[] {
    held = seen === 0 && held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk]);
    const usable = held.length - (held.length % width);
    const found: Line[] = [];
    let start = 0;
    let at = seen;
    /** A line that ends before `end`; the next begins at `next`. */
    const close = (end: number, next: number, breaks: number, endsFrame: boolean): void => {
      const dropped = cut?.dropped ?? 0;
      const to = { position: spot.position + dropped + next - start, line: spot.line + breaks };
      const bytes = cut?.head ?? held.subarray(start, end);
      found.push({ bytes, length: dropped + end - start, isBlank, endsFrame, from: spot, to });
      spot = to;
      cut = undefined;
      isBlank = true;
      start = next;
      at = next;
    };
    while (at < usable) {
      const value = unit(at);
      if (value > FS || (value !== CR && value !== LF && value !== VT && value !== FS)) {
        if (value > 0x20) isBlank = false;
        at += width;
        continue;
      }
      if (value === LF) close(at + width, at + width, 1, false);
      else if (value === VT) close(at, at + width, 0, false);
      else {
        const isKnown = at + width < usable;
        if (!isKnown && !isLast) break;
        const next = isKnown ? unit(at + width) : undefined;
        if (value === CR) close(at + (next === LF ? 2 : 1) * width, at + (next === LF ? 2 : 1) * width, 1, false);
        else if (next === CR || next === LF) close(at, at + 2 * width, 1, true);
        else if (next === VT || next === undefined) close(at, at + width, 0, true);
        // Anywhere else it is data.
        else at += width;
      }
    }
    if (isLast && held.length > start) close(held.length, held.length, 0, false);
    held = held.subarray(start);
    seen = Math.max(0, at - start);
    if (held.length > lineBytesMax) {
      cut ??= { head: Buffer.from(held.subarray(0, headBytesMax)), dropped: 0 };
      cut.dropped += seen;
      held = held.subarray(seen);
      seen = 0;
    }
    held = Buffer.from(held);
    return found;
  }

  return {
    push: (chunk) => read(chunk, false),
    end: () => read(new Uint8Array(0), true),
    at: () => spot,
  };
}

const isLetter = (byte: number): boolean => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
