// The content of a document: texts (TX, FT, ST) line by line, encapsulated files (ED), and pointers to where it is
// (RP) in OBX-5 (HL7 v2.5.1 ch. 7.4.2.5, 2.A.24, 2.A.65).

import type { DocumentContent } from '../../domain/document/event.ts';
import { unescapeText } from '../../hl7/escape.ts';
import type { Segment } from '../../hl7/parse.ts';
import { limited, type Reading, warn } from './reading.ts';
import { sent, text } from './sent.ts';

/** What is beyond stays in the message as it arrived, and the document says so. Charts are loaded whole. */
export const contentBytesMax = 1_048_576;

const texts = new Set(['TX', 'FT', 'ST']);

/** The texts together as one; each file and pointer as one of its own. */
export function readContents(reading: Reading, segments: readonly Segment[]): readonly DocumentContent[] {
  const lines: string[] = [];
  const files: DocumentContent[] = [];
  for (const segment of segments) {
    const type = text(segment.get(2));
    if (type !== undefined && texts.has(type)) lines.push(...linesOf(segment));
    else if (type === 'ED') files.push(...fileOf(reading, segment));
    else if (type === 'RP') files.push(...pointerOf(segment));
  }
  while (lines.length > 0 && lines.at(-1)?.trim() === '') lines.pop();
  const whole = lines.length === 0 ? [] : [kept('text/plain; charset=utf-8', Buffer.from(lines.join('\n'), 'utf8'))];
  return within(reading, [...whole, ...limited(reading, files, 'OBX-5')]);
}

/** The field as a whole: what looks like components of a text is text. Each repetition is a line. */
function linesOf(segment: Segment): string[] {
  const raw = segment.field(5) ?? '';
  if (raw === '' || raw === '""') return [''];
  const { repetition } = segment.delimiters;
  return (repetition === '' ? [raw] : raw.split(repetition)).map((line) => unescapeText(line, segment.delimiters));
}

/** ED: application ^ type ^ subtype ^ encoding ^ data. */
function fileOf(reading: Reading, segment: Segment): DocumentContent[] {
  const data = text(segment.get(5, 5));
  if (data === undefined) return [];
  const bytes = decode(data, text(segment.get(5, 4))?.toUpperCase() ?? 'A');
  if (bytes === undefined) {
    warn(reading, 'content-unreadable', 'OBX-5');
    return [];
  }
  return [kept(mediaType(text(segment.get(5, 2)), text(segment.get(5, 3))), bytes)];
}

/** RP: pointer ^ application ^ type ^ subtype. An address of the web is given on, anything else only named. */
function pointerOf(segment: Segment): DocumentContent[] {
  const pointer = text(segment.get(5, 1));
  if (pointer === undefined) return [];
  const contentType = mediaType(text(segment.get(5, 3)), text(segment.get(5, 4)));
  const isAddress = /^https?:\/\/\S{1,2000}$/i.test(pointer);
  return [{ contentType, ...(isAddress ? { url: pointer } : { title: pointer.slice(0, 256) }) }];
}

/** Table 0299: A is none, Hex, Base64. */
function decode(data: string, encoding: string): Buffer | undefined {
  if (encoding === 'A') return Buffer.from(data, 'utf8');
  const packed = data.replace(/\s+/g, '');
  if (encoding === 'HEX') return /^([0-9a-f]{2})*$/i.test(packed) ? Buffer.from(packed, 'hex') : undefined;
  if (encoding !== 'BASE64' || packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) return undefined;
  return Buffer.from(packed, 'base64');
}

/** Tables 0191 and 0291, whose words senders write in every way: a media type that FHIR can hold. */
function mediaType(type = '', subtype = ''): string {
  const kind = type.toLowerCase();
  const sub = subtype.toLowerCase().replace(/[^a-z0-9.+-]/g, '');
  if (/^(text|tx|ft)$/.test(kind))
    return sub === 'html' || sub === 'rtf' || sub === 'xml' ? `text/${sub}` : 'text/plain';
  if (/^(image|im|si)$/.test(kind) && sub !== '') return `image/${sub}`;
  return sub === '' || sub === 'octet-stream' ? 'application/octet-stream' : `application/${sub}`;
}

const kept = (contentType: string, bytes: Buffer): DocumentContent => ({
  contentType,
  data: bytes.toString('base64'),
  size: bytes.length,
});

function within(reading: Reading, contents: readonly DocumentContent[]): readonly DocumentContent[] {
  let left = contentBytesMax;
  return contents.map((content) => {
    left -= content.size ?? 0;
    if (left >= 0) return content;
    warn(reading, 'content-too-large', 'OBX-5');
    const { data: _data, ...rest } = content;
    return {
      ...rest,
      ...sent({ title: rest.title ?? 'Larger than is kept here; it is in the message as it arrived.' }),
    };
  });
}
