// Which character set a message is read in (HL7 v2.5.1 ch. 2.15.9.18, table 0211), by table.

import { expect, test } from 'vitest';
import { decodeMessage } from '../../../src/hl7/charset.ts';

const header = (charset: string) => `MSH|^~\\&|A|B|C|D|2026||ADT^A01|1|P|2.5||||||${charset}|\rPID|1||`;

/** A message whose MSH-18 is `charset` and whose PID-3 holds these bytes. */
const message = (charset: string, ...bytes: number[]) =>
  Buffer.concat([Buffer.from(header(charset), 'latin1'), Buffer.from(bytes)]);

const utf8Umlaut = [0xc3, 0xbc];

test.each([
  ['nothing declared, ASCII', '', [0x61], undefined, 'a', 'utf-8', []],
  ['nothing declared, UTF-8', '', utf8Umlaut, undefined, 'ü', 'utf-8', []],
  ['nothing declared, not UTF-8', '', [0xfc, 0x80], undefined, 'ü€', 'windows-1252', ['charset-guessed']],
  ['nothing declared, the partner has a default', '', [0xfc, 0xa4], '8859/15', 'ü€', 'iso-8859-15', []],
  ['an explicit null declares nothing', '""', utf8Umlaut, undefined, 'ü', 'utf-8', []],
  ['UTF-8', 'UNICODE UTF-8', utf8Umlaut, '8859/1', 'ü', 'utf-8', []],
  ['UTF-8 by its other name', 'utf-8', utf8Umlaut, undefined, 'ü', 'utf-8', []],
  ['UTF-8 with bytes that are none', 'UNICODE UTF-8', [0xfc, 0x61], undefined, '\uFFFDa', 'utf-8', ['invalid-bytes']],
  ['Latin-1 as Windows-1252', '8859/1', [0xfc, 0x93], undefined, 'ü“', 'windows-1252', []],
  ['Latin-2', '8859/2', [0xb3], undefined, 'ł', 'iso-8859-2', []],
  ['Cyrillic', '8859/5', [0xd6], undefined, 'ж', 'iso-8859-5', []],
  ['Latin-9', '8859/15', [0xa4], undefined, '€', 'iso-8859-15', []],
  ['Latin-1 by its other name', 'ISO-8859-1', [0xfc], undefined, 'ü', 'windows-1252', []],
  ['Chinese', 'GB 18030-2000', [0xd6, 0xd0], undefined, '中', 'gb18030', []],
  ['Korean', 'KS X 1001', [0xb1, 0xe8], undefined, '김', 'euc-kr', []],
  ['Taiwanese', 'BIG-5', [0xa4, 0xa4], undefined, '中', 'big5', []],
  ['Japanese', 'ISO IR87', [0x1b, 0x24, 0x42, 0x3b, 0x33, 0x1b, 0x28, 0x42], undefined, '山', 'iso-2022-jp', []],
  ['Japanese as alternative', '~ISO IR87', [0x1b, 0x24, 0x42, 0x3b, 0x33], undefined, '山', 'iso-2022-jp', []],
  ['the first repetition counts', '8859/2~8859/5', [0xb3], undefined, 'ł', 'iso-8859-2', []],
  ['ASCII', 'ASCII', [0x61], undefined, 'a', 'us-ascii', []],
  ['ASCII that is UTF-8', 'ASCII', utf8Umlaut, undefined, 'ü', 'utf-8', ['charset-mismatch']],
  ['ASCII that is Latin-1', 'ASCII', [0xfc], undefined, 'ü', 'windows-1252', ['charset-mismatch']],
  ['UTF-16 that is not', 'UNICODE UTF-16', utf8Umlaut, undefined, 'ü', 'utf-8', ['charset-mismatch']],
  ['an unknown name', 'ISO IR 999', utf8Umlaut, undefined, 'ü', 'utf-8', ['charset-unknown']],
  ['an unknown name with a default', 'UNICODE UTF-32', [0xb3], '8859/2', 'ł', 'iso-8859-2', ['charset-unknown']],
  ['an unknown default is no default', '', utf8Umlaut, 'nonsense', 'ü', 'utf-8', []],
  ['NUL', '', [0x61, 0, 0x62], undefined, 'a\uFFFDb', 'utf-8', ['nul-characters']],
])('%s', (_what, charset, bytes, partnerDefault, value, expected, warnings) => {
  const decoded = decodeMessage(message(charset, ...bytes), partnerDefault);
  expect(decoded.text.slice(header(charset).length)).toBe(value);
  expect({ charset: decoded.charset, warnings: decoded.warnings }).toEqual({ charset: expected, warnings });
});

const wide = `${header('UNICODE UTF-16')}ü山`;
const littleEndian = Buffer.from(wide, 'utf16le');

test.each([
  ['UTF-8 with a mark', Buffer.from(`\uFEFF${wide}`), 'utf-8', ['byte-order-mark']],
  ['UTF-16LE with a mark', Buffer.from(`\uFEFF${wide}`, 'utf16le'), 'utf-16le', ['byte-order-mark']],
  ['UTF-16LE without', littleEndian, 'utf-16le', []],
  ['UTF-16BE with a mark', Buffer.from(`\uFEFF${wide}`, 'utf16le').swap16(), 'utf-16be', ['byte-order-mark']],
  ['UTF-16BE without', Buffer.from(littleEndian).swap16(), 'utf-16be', []],
])('%s is recognised by its bytes', (_what, bytes, charset, warnings) => {
  expect(decodeMessage(bytes)).toEqual({ text: wide, charset, warnings });
});

test('a mark after blank lines is one too; within the message it is a character', () => {
  expect(decodeMessage(Buffer.from(`\r\n\uFEFF${header('')}`)).warnings).toEqual(['byte-order-mark']);
  expect(decodeMessage(Buffer.from(`${header('')}\uFEFF`)).warnings).toEqual([]);
});

test('MSH-18 is found whatever the delimiters, and only in MSH', () => {
  const custom = Buffer.from('MSH$%*!?$A$B$C$D$2026$$ADT$1$P$2.5$$$$$$8859/2*8859/5$\rPID$1$$\xb3', 'latin1');
  expect(decodeMessage(custom).text).toContain('$ł');
  const short = Buffer.from(`MSH|^~\\&|A|B\rPID|${'|'.repeat(30)}8859/2|\xb3`, 'latin1');
  expect(decodeMessage(short).charset).toBe('windows-1252');
  expect(decodeMessage(new Uint8Array())).toEqual({ text: '', charset: 'utf-8', warnings: [] });
});
