// Windows-1252, which most feeds without MSH-18 speak. Written out because Node 20's TextDecoder of that name
// leaves the bytes 80 to 9F as control characters (0x80 must be the euro sign; WHATWG Encoding, index windows-1252).

const high =
  '\u20AC\x81\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\x8D\u017D\x8F' +
  '\x90\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\x9D\u017E\u0178';

export function decodeWindows1252(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return text.replace(/[\x80-\x9f]/g, (character) => high.charAt(character.charCodeAt(0) - 0x80));
}
