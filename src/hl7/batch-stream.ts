// Takes a file of messages apart while it is read (HL7 v2.5.1 ch. 2.10.3, batch protocol): FHS, BHS, BTS, FTS and the
// messages between them, bare messages one after another, or a captured MLLP stream. At most one message is held, and
// where a chunk is cut makes no difference.

import { createLineReader, type Line, type Spot, type Units, unitText } from './byte-lines.ts';

export type EnvelopeName = 'FHS' | 'BHS' | 'BTS' | 'FTS';

export interface Piece {
  /** `oversize`: longer than is taken; its bytes are only how it begins. */
  readonly kind: 'message' | 'oversize' | EnvelopeName;
  /** As sent, from its first character to the end of its last line that is not blank. */
  readonly bytes: Buffer;
  readonly from: Spot;
  /** Where reading may begin again with nothing lost and nothing twice. */
  readonly to: Spot;
}

export interface BatchSplitter {
  push(chunk: Uint8Array): Piece[];
  /** The file ends here: what was open is complete. */
  end(): Piece[];
  /** Lines so far that belong to no message and no envelope. */
  readonly strayLines: number;
}

export interface SplitterOptions {
  /** A longer message becomes `oversize`. */
  readonly messageBytesMax: number;
  readonly units?: Units;
  /** Where the first chunk begins, when reading goes on. */
  readonly from?: Spot;
}

/** Of an envelope segment, or of a message that is too long, so much is kept. */
const headBytesMax = 4_096;

export function createBatchSplitter({ messageBytesMax, units = 'bytes', from }: SplitterOptions): BatchSplitter {
  const lines = createLineReader({ lineBytesMax: messageBytesMax, units, ...(from && { from }) });
  const name = (bytes: Buffer): string => unitText(bytes, units, 4);
  let isStart = (from?.position ?? 0) === 0;
  let strayLines = 0;
  let pieces: Piece[] = [];
  let open: { readonly from: Spot; readonly parts: Buffer[] } | undefined;
  let length = 0;
  /** Length up to the end of the last line that is not blank. */
  let filled = 0;

  function take(line: Line): void {
    let { bytes, from } = line;
    if (isStart) {
      const content = contentStart(bytes, units);
      if (content === bytes.length) return;
      from = { ...from, position: from.position + content };
      bytes = bytes.subarray(content);
      isStart = false;
    }
    const head = name(bytes);
    const kind = head.slice(0, 3);
    if (isEnvelope(kind) && !isNameCharacter(head.charAt(3))) {
      finish(from);
      pieces.push({ kind, bytes: bytes.subarray(0, headBytesMax), from, to: line.to });
    } else if (kind === 'MSH' && head.length > 3 && !isNameCharacter(head.charAt(3))) {
      finish(from);
      open = { from, parts: [] };
      add(bytes, line);
    } else if (open !== undefined) {
      add(bytes, line);
    } else if (!line.isBlank) {
      strayLines += 1;
    }
    if (line.endsFrame) finish(line.to);
  }

  /** Blank lines at the end do not make a message too long. */
  function add(bytes: Buffer, line: Line): void {
    length += line.length;
    if (length <= messageBytesMax) open?.parts.push(bytes);
    if (line.isBlank) return;
    filled = length;
    if (length > messageBytesMax && open !== undefined) {
      const head = Buffer.concat([...open.parts, bytes]).subarray(0, headBytesMax);
      open.parts.splice(0, open.parts.length, Buffer.from(head));
    }
  }

  function finish(to: Spot): void {
    if (open === undefined) return;
    const isWhole = filled <= messageBytesMax;
    const all = Buffer.concat(open.parts);
    pieces.push({
      kind: isWhole ? 'message' : 'oversize',
      bytes: isWhole ? all.subarray(0, filled) : all.subarray(0, headBytesMax),
      from: open.from,
      to,
    });
    open = undefined;
    length = 0;
    filled = 0;
  }

  function taken(found: readonly Line[]): Piece[] {
    pieces = [];
    for (const line of found) take(line);
    return pieces;
  }

  return {
    push: (chunk) => taken(lines.push(chunk)),
    end() {
      const last = taken(lines.end());
      finish(lines.at());
      return last;
    },
    get strayLines() {
      return strayLines;
    },
  };
}

const isEnvelope = (name: string): name is EnvelopeName =>
  name === 'FHS' || name === 'BHS' || name === 'BTS' || name === 'FTS';
const isNameCharacter = (character: string): boolean => /[A-Za-z0-9]/.test(character);

/** Index of the first byte that is no byte order mark and no blank. */
function contentStart(bytes: Buffer, units: Units): number {
  if (units === 'bytes') {
    let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    while (at < bytes.length && (bytes[at] as number) <= 0x20) at += 1;
    return at;
  }
  const low = units === 'utf-16be' ? 1 : 0;
  let at = 0;
  for (; at + 1 < bytes.length; at += 2) {
    const value = (bytes[at + low] as number) | ((bytes[at + 1 - low] as number) << 8);
    if (value > 0x20 && value !== 0xfeff) break;
  }
  return at;
}
