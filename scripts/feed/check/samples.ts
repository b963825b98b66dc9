// Sample messages from files: one or many in each, with or without a batch envelope or MLLP frames, as bytes.

import { readFileSync } from 'node:fs';
import { splitMessages } from '../../../src/hl7/batch.ts';

export interface Sample {
  readonly file: string;
  /** From 1 on. */
  readonly number: number;
  readonly of: number;
  readonly bytes: Uint8Array;
}

export interface SampleFile {
  readonly samples: readonly Sample[];
  /** What the file holds beside its messages. */
  readonly notes: readonly string[];
}

/** Throws with a sentence for people. Bytes are kept as they are; UTF-16 alone is turned into UTF-8 to be split. */
export function readSamples(file: string): SampleFile {
  const bytes = open(file);
  if (bytes.length === 0) throw new Error(`${file}: the file is empty; it must hold at least one HL7 message`);
  const order =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : undefined;
  const text = (order === undefined ? bytes : Buffer.from(new TextDecoder(order).decode(bytes))).toString('latin1');
  const { messages, envelope, strayLines } = splitMessages(text.replace(/^\xef\xbb\xbf/, ''));
  if (messages.length === 0)
    throw new Error(`${file}: no HL7 message; a message begins with a line that starts with MSH`);
  const notes = [
    ...(envelope.length > 0
      ? [`a batch: ${envelope.map((line) => line.slice(0, 3)).join(', ')} around its messages`]
      : []),
    ...(strayLines > 0 ? [`${strayLines} lines before the first MSH are left out`] : []),
    ...(order === undefined ? [] : ['UTF-16, read as UTF-8']),
  ];
  return {
    notes,
    samples: messages.map((message, index) => ({
      file,
      number: index + 1,
      of: messages.length,
      bytes: Buffer.from(withCarriageReturns(message), 'latin1'),
    })),
  };
}

function open(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'this is a folder' : 'it cannot be read';
    throw new Error(`${file}: ${why}; name a file of HL7 v2 messages`);
  }
}

/** A file saved with LF or CRLF by an editor is no fault of the feed. */
function withCarriageReturns(message: string): string {
  const text = message.replaceAll('\r\n', '\r');
  const ended = text.includes('\r') ? text : text.replaceAll('\n', '\r');
  return `${ended.replace(/[\r\n]{1,100}$/, '')}\r`;
}
