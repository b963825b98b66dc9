// Bytes to text by MSH-18 (HL7 v2.5.1 ch. 2.15.9.18, table 0211). What the header says is believed where it can be
// true; otherwise the partner's default, then strict UTF-8, then Windows-1252, and a warning says so.

import { contentStart } from './delimiters.ts';
import { decodeWindows1252 } from './windows-1252.ts';

export type CharsetWarning =
  | 'byte-order-mark' // one stood before MSH: it is believed, and is no part of the text
  | 'charset-unknown' // MSH-18 names nothing we know
  | 'charset-mismatch' // MSH-18 cannot be true of these bytes
  | 'charset-guessed' // nothing was declared, and the bytes are not UTF-8
  | 'invalid-bytes' // some bytes became U+FFFD
  | 'nul-characters'; // some NUL characters became U+FFFD

export interface Decoded {
  readonly text: string;
  /** The name that WHATWG Encoding gives it, or `us-ascii`. */
  readonly charset: string;
  readonly warnings: readonly CharsetWarning[];
}

const names: Readonly<Record<string, string>> = {
  ASCII: 'us-ascii',
  'ISO IR6': 'us-ascii',
  '8859/1': 'windows-1252',
  '8859/2': 'iso-8859-2',
  '8859/3': 'iso-8859-3',
  '8859/4': 'iso-8859-4',
  '8859/5': 'iso-8859-5',
  '8859/6': 'iso-8859-6',
  '8859/7': 'iso-8859-7',
  '8859/8': 'iso-8859-8',
  '8859/9': 'iso-8859-9',
  '8859/15': 'iso-8859-15',
  'ISO IR14': 'iso-2022-jp',
  'ISO IR87': 'iso-2022-jp',
  'GB 18030-2000': 'gb18030',
  'KS X 1001': 'euc-kr',
  'BIG-5': 'big5',
  UNICODE: 'utf-8',
  'UNICODE UTF-8': 'utf-8',
  'UNICODE UTF-16': 'utf-16',
};

/** Decodes a message. `partnerDefault` (a table 0211 or WHATWG name) counts when MSH-18 is empty or unusable. */
export function decodeMessage(bytes: Uint8Array, partnerDefault?: string): Decoded {
  const warnings: CharsetWarning[] = [];
  const decoded = decodeAs(bytes, partnerDefault, warnings);
  const isMarked = hasMark(bytes) || decoded.text.slice(0, contentStart(decoded.text)).includes('\uFEFF');
  if (isMarked) warnings.unshift('byte-order-mark');
  if (!decoded.text.includes('\0')) return { ...decoded, warnings };
  return { ...decoded, text: decoded.text.replaceAll('\0', '\uFFFD'), warnings: [...warnings, 'nul-characters'] };
}

function decodeAs(bytes: Uint8Array, partnerDefault: string | undefined, warnings: CharsetWarning[]) {
  const marked = byteOrderOf(bytes);
  if (marked !== undefined) return decodeLoosely(bytes, marked, warnings);
  const declared = declaredCharset(bytes);
  const known = declared === undefined ? undefined : labelOf(declared);
  if (declared !== undefined && known === undefined) warnings.push('charset-unknown');
  if (known === 'us-ascii' && bytes.some((byte) => byte > 0x7f)) warnings.push('charset-mismatch');
  else if (known === 'utf-16')
    warnings.push('charset-mismatch'); // UTF-16 would have been recognised above
  else if (known !== undefined) return decodeLoosely(bytes, known, warnings);
  const usual = partnerDefault === undefined ? undefined : labelOf(partnerDefault);
  if (usual !== undefined && usual !== 'us-ascii') return decodeLoosely(bytes, usual, warnings);
  const text = decodeStrictly(bytes, 'utf-8');
  if (text !== undefined) return { text, charset: 'utf-8' };
  if (declared === undefined) warnings.push('charset-guessed');
  return { text: decodeWindows1252(bytes), charset: 'windows-1252' };
}

function decodeLoosely(bytes: Uint8Array, charset: string, warnings: CharsetWarning[]) {
  const text = decodeStrictly(bytes, charset);
  if (text !== undefined) return { text, charset };
  warnings.push('invalid-bytes');
  return { text: new TextDecoder(charset).decode(bytes), charset };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decodeStrictly(bytes: Uint8Array, charset: string): string | undefined {
  if (charset === 'windows-1252' || charset === 'us-ascii') return decodeWindows1252(bytes);
  try {
    return (charset === 'utf-8' ? utf8 : new TextDecoder(charset, { fatal: true })).decode(bytes);
  } catch {
    return undefined;
  }
}

/** A table 0211 name, or one that Encoding knows (`utf-8`, `iso-8859-1`), which many feeds write instead. */
function labelOf(name: string): string | undefined {
  const upper = name.trim().toUpperCase();
  const label = names[upper];
  if (label !== undefined) return label;
  if (upper === 'US-ASCII') return 'us-ascii';
  try {
    const { encoding } = new TextDecoder(name.trim());
    return encoding.startsWith('utf-16') ? 'utf-16' : encoding;
  } catch {
    return undefined;
  }
}

const hasMark = ([first, second, third]: Uint8Array): boolean =>
  (first === 0xef && second === 0xbb && third === 0xbf) ||
  (first === 0xff && second === 0xfe) ||
  (first === 0xfe && second === 0xff);

/** Unicode encodings by their byte order mark, UTF-16 also by the `MSH` or `FHS` it starts with. */
function byteOrderOf(bytes: Uint8Array): string | undefined {
  const [first, second, third, fourth] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if ((first === 0xff && second === 0xfe) || (isCapital(first) && second === 0 && isCapital(third) && fourth === 0)) {
    return 'utf-16le';
  }
  if ((first === 0xfe && second === 0xff) || (first === 0 && isCapital(second) && third === 0 && isCapital(fourth))) {
    return 'utf-16be';
  }
  return undefined;
}

const isCapital = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x41 && byte <= 0x5a;

/** MSH-18 read from the bytes: the first repetition, or the Japanese set that a later one switches to. */
function declaredCharset(bytes: Uint8Array): string | undefined {
  let start = 0;
  while (start < bytes.length && bytes[start]! <= 0x20) start += 1;
  if (bytes[start] !== 0x4d || bytes[start + 1] !== 0x53 || bytes[start + 2] !== 0x48) return undefined;
  const separator = bytes[start + 3];
  let separators = 0;
  let fieldStart = -1;
  let end = start + 3;
  for (; end < bytes.length; end += 1) {
    const byte = bytes[end];
    if (byte === 0x0d || byte === 0x0a) break;
    if (byte !== separator) continue;
    if (fieldStart >= 0) break;
    separators += 1;
    if (separators === 17) fieldStart = end + 1;
  }
  if (fieldStart < 0) return undefined;
  const field = Buffer.from(bytes.subarray(fieldStart, Math.min(end, fieldStart + 200))).toString('latin1');
  const repetitions = field.split(String.fromCharCode(bytes[start + 5] ?? 0x7e)).map((name) => name.trim());
  const japanese = repetitions.find((name) => name.toUpperCase() === 'ISO IR87');
  return japanese ?? (repetitions[0] === '' || repetitions[0] === '""' ? undefined : repetitions[0]);
}
