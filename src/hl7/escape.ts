// Escape sequences in text (HL7 v2.5.1 ch. 2.7). What is no escape sequence is kept as it stands: text is never lost.

import type { Delimiters } from './delimiters.ts';
import { decodeWindows1252 } from './windows-1252.ts';

/** The meaning of an escaped text. A sequence for U+0000 yields U+FFFD, since no store below us can keep a NUL. */
export function unescapeText(text: string, delimiters: Delimiters): string {
  const mark = delimiters.escape;
  if (mark === '') return text;
  let open = text.indexOf(mark);
  if (open < 0) return text;
  let result = '';
  let from = 0;
  while (open >= 0) {
    const close = text.indexOf(mark, open + 1);
    if (close < 0) break;
    result += text.slice(from, open);
    if (isHex(text, open + 1, close)) {
      from = endOfHexRun(text, open, close, mark);
      result += decodeHex(text.slice(open, from), mark);
    } else {
      const meaning = meaningOf(text.slice(open + 1, Math.min(close, open + 12)), delimiters);
      result += meaning ?? mark;
      from = meaning === undefined ? open + 1 : close + 1;
    }
    open = text.indexOf(mark, from);
  }
  return result + text.slice(from);
}

/** The inverse of `unescapeText`. Control characters are written in hexadecimal, so a value can never forge a segment. */
export function escapeText(text: string, delimiters: Delimiters): string {
  const mark = delimiters.escape;
  let result = '';
  for (const character of text) {
    const name = nameOf(character, delimiters);
    if (name === undefined) result += character;
    else result += mark === '' ? ' ' : mark + name + mark;
  }
  return result;
}

function nameOf(character: string, delimiters: Delimiters): string | undefined {
  if (character === delimiters.field) return 'F';
  if (character === delimiters.component) return 'S';
  if (character === delimiters.subcomponent) return 'T';
  if (character === delimiters.repetition) return 'R';
  if (character === delimiters.escape) return 'E';
  if (character === delimiters.truncation) return 'P';
  if (character === '\n') return '.br';
  const code = character.charCodeAt(0);
  return code < 0x20 ? `X${code.toString(16).toUpperCase().padStart(2, '0')}` : undefined;
}

function meaningOf(name: string, delimiters: Delimiters): string | undefined {
  switch (name) {
    case 'F':
      return delimiters.field;
    case 'S':
      return delimiters.component;
    case 'T':
      return delimiters.subcomponent || undefined;
    case 'R':
      return delimiters.repetition || undefined;
    case 'E':
      return delimiters.escape;
    case 'P':
      return delimiters.truncation || undefined;
    case '.br':
    case '.ce':
      return '\n';
    case '.fi':
    case '.nf':
    case 'H':
    case 'N':
      return '';
    default:
      return layoutOf(name) ?? (isCharacterSetSwitch(name) ? '' : undefined);
  }
}

/** `.sp3` ends lines, `.sk3` skips columns; indents have no meaning in plain text. */
function layoutOf(name: string): string | undefined {
  const match = /^\.(sp|sk|in|ti)\s?[+-]?(\d{0,3})$/.exec(name);
  if (match === null) return undefined;
  const count = Math.min(match[2] === '' ? 1 : Number(match[2]), 100);
  if (match[1] === 'sp') return '\n'.repeat(count);
  return match[1] === 'sk' ? ' '.repeat(count) : '';
}

/** `Cxxyy` and `Mxxyy[zz]` announce another character set; the text is decoded as a whole already. */
const isCharacterSetSwitch = (name: string): boolean =>
  /^C[0-9A-Fa-f]{4}$|^M[0-9A-Fa-f]{4}(?:[0-9A-Fa-f]{2})?$/.test(name);

function isHex(text: string, start: number, end: number): boolean {
  if (text[start] !== 'X' || end - start < 3 || (end - start) % 2 === 0) return false;
  for (let index = start + 1; index < end; index += 1) if (!isHexDigit(text.charCodeAt(index))) return false;
  return true;
}

const isHexDigit = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);

/** Adjacent sequences are one run of bytes: senders split a multi-byte character over two of them. */
function endOfHexRun(text: string, open: number, close: number, mark: string): number {
  let end = close + 1;
  while (text[end] === mark) {
    const next = text.indexOf(mark, end + 1);
    if (next < 0 || !isHex(text, end + 1, next)) break;
    end = next + 1;
  }
  return end > open ? end : open;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeHex(run: string, mark: string): string {
  const bytes = Buffer.from(run.replaceAll(`${mark}X`, '').replaceAll(mark, ''), 'hex');
  return decode(bytes).replaceAll('\0', '\uFFFD');
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return decodeWindows1252(bytes);
  }
}
