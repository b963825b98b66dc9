// Takes a text that may hold several messages apart (HL7 v2.5.1 ch. 2.10.3, batch protocol): the messages, and the
// envelope segments FHS, BHS, BTS and FTS around them.

import { contentStart } from './delimiters.ts';

export interface MessageTexts {
  readonly messages: readonly string[];
  /** Envelope segments in their order. */
  readonly envelope: readonly string[];
  /** Lines outside of messages that are neither: the sender should know they were not read. */
  readonly strayLines: number;
}

/** A message starts at each line that starts with MSH, and keeps its own line ends. */
export function splitMessages(text: string): MessageTexts {
  const messages: string[] = [];
  const envelope: string[] = [];
  let strayLines = 0;
  let current = '';
  for (const line of linesOf(text.slice(contentStart(text)))) {
    const name = line.slice(0, 3);
    if (isEnvelope(name) && !isNameCharacter(line.charAt(3))) {
      if (current !== '') messages.push(current);
      current = '';
      envelope.push(line.trimEnd());
    } else if (name === 'MSH' && line.length > 3 && !isNameCharacter(line.charAt(3))) {
      if (current !== '') messages.push(current);
      current = line;
    } else if (current !== '') {
      current += line;
    } else if (line.trim() !== '') {
      strayLines += 1;
    }
  }
  if (current !== '') messages.push(current);
  return { messages, envelope, strayLines };
}

/** Lines with their ends; an MLLP start block counts as a line end, so that a captured stream can be read. */
function* linesOf(text: string): Generator<string> {
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character !== '\r' && character !== '\n' && character !== '\x0b' && character !== '\x1c') continue;
    const isFrameByte = character === '\x0b' || character === '\x1c';
    if (character === '\r' && text[index + 1] === '\n') index += 1;
    yield text.slice(start, isFrameByte ? index : index + 1);
    start = index + 1;
  }
  if (start < text.length) yield text.slice(start);
}

const isEnvelope = (name: string): boolean => name === 'FHS' || name === 'BHS' || name === 'BTS' || name === 'FTS';
const isNameCharacter = (character: string): boolean => /[A-Za-z0-9]/.test(character);
