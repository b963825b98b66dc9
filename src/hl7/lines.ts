// Splits a message into its lines. The segment terminator is CR (HL7 v2.5.1 ch. 2.5.1); senders that write CRLF or LF
// are understood, and an LF inside a CR message is data unless it stands before an unmistakable segment start.

/** Segments of the ADT structures. Only these may start after a bare LF in a message that otherwise uses CR. */
const knownSegments = new Set(
  'MSH SFT UAC EVN PID PD1 ARV ROL NK1 PV1 PV2 DB1 OBX AL1 IAM DG1 DRG PR1 GT1 IN1 IN2 IN3 ACC UB1 UB2 PDA MRG NTE'.split(
    ' ',
  ),
);

export interface Lines {
  readonly lines: readonly string[];
  /** A bare LF ended a segment although the message uses CR. */
  readonly isMixed: boolean;
  /** Segments ended by LF alone, or by CR and LF, throughout or in part. */
  readonly hasLineFeeds: boolean;
}

/** Lines that hold only blanks are given as empty; `text` starts where its content starts. */
export function splitLines(text: string, field: string): Lines {
  if (!text.includes('\r')) {
    return { lines: text.split('\n').map(withoutBlanks), isMixed: false, hasLineFeeds: text.includes('\n') };
  }
  const lines: string[] = [];
  let isMixed = false;
  let hasLineFeeds = false;
  for (const part of text.split('\r')) {
    const line = part.startsWith('\n') ? withoutLeadingLineFeeds(part) : part;
    if (line !== part && isSegment(line, field)) hasLineFeeds = true;
    let start = 0;
    for (let at = line.indexOf('\n'); at >= 0; at = line.indexOf('\n', at + 1)) {
      if (!startsKnownSegment(line, at + 1, field)) continue;
      lines.push(line.slice(start, at));
      start = at + 1;
      isMixed = true;
    }
    lines.push(start === 0 ? withoutBlanks(line) : line.slice(start));
  }
  return { lines, isMixed, hasLineFeeds };
}

/** Index just after the last character of the line that starts at `start`, by the same rules. */
export function lineEnd(text: string, start: number, field: string): number {
  const carriageReturn = text.indexOf('\r', start);
  const end = carriageReturn < 0 ? text.length : carriageReturn;
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) {
    if (carriageReturn < 0 || startsKnownSegment(text, at + 1, field)) return at;
  }
  return end;
}

/** Whether a message has more lines than that, counted in its bytes: CR, LF and CRLF each end one, whatever it holds. */
export function hasMoreLines(bytes: Uint8Array, max: number): boolean {
  if (bytes.length <= max) return false;
  let count = 0;
  let before = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if ((byte === 0x0d || (byte === 0x0a && before !== 0x0d)) && (count += 1) > max) return true;
    before = byte;
  }
  return false;
}

/** The beginning of a text with at most so many line ends, and how many come after it. */
export function firstLines(text: string, max: number): { readonly text: string; readonly more: number } {
  let count = 0;
  let end = text.length;
  const lineEnds = /\r\n?|\n/g;
  while (lineEnds.exec(text) !== null) {
    count += 1;
    if (count === max) end = lineEnds.lastIndex;
  }
  return { text: text.slice(0, end), more: Math.max(0, count - max) };
}

/** Three characters, a capital letter first, then the field separator or the end. */
export function isSegment(line: string, field: string): boolean {
  return (
    isCapital(line.charCodeAt(0)) &&
    isCapitalOrDigit(line.charCodeAt(1)) &&
    isCapitalOrDigit(line.charCodeAt(2)) &&
    (line.length === 3 || line[3] === field)
  );
}

const startsKnownSegment = (text: string, at: number, field: string): boolean =>
  text[at + 3] === field && knownSegments.has(text.slice(at, at + 3));

const isCapital = (code: number): boolean => code >= 65 && code <= 90;
const isCapitalOrDigit = (code: number): boolean => isCapital(code) || (code >= 48 && code <= 57);
const withoutBlanks = (line: string): string => (line.charCodeAt(0) > 0x20 || line.trim() !== '' ? line : '');

function withoutLeadingLineFeeds(line: string): string {
  let start = 0;
  while (line[start] === '\n') start += 1;
  return line.slice(start);
}
