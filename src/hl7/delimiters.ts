// The delimiters a message declares in MSH-1 and MSH-2, and where its content starts
// (HL7 v2.5.1 ch. 2.5.4 "Message delimiters"; the truncation character is v2.7 ch. 2.5.5.2).

import { Fault } from '../base/fault.ts';

/** One character each; an empty text where MSH-2 names none. */
export interface Delimiters {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  readonly subcomponent: string;
  readonly truncation: string;
}

export const standardDelimiters: Delimiters = {
  field: '|',
  component: '^',
  repetition: '~',
  escape: '\\',
  subcomponent: '&',
  truncation: '',
};

const leadingNoise = new Set([0xfeff, 0x0a, 0x0b, 0x0d, 0x20, 0x09]);

/** Index of the first character that is no byte order mark, line end, blank or MLLP start block. */
export function contentStart(text: string): number {
  let index = 0;
  while (leadingNoise.has(text.charCodeAt(index))) index += 1;
  return index;
}

/** Reads MSH-1 and MSH-2. A letter, digit, blank or control character, or one used twice, cannot delimit. */
export function readDelimiters(text: string, start = contentStart(text)): Delimiters {
  if (!text.startsWith('MSH', start) || start + 3 >= text.length)
    throw new Fault('hl7.not-a-message', { detail: 'MSH' });
  const field = text.charAt(start + 3);
  let end = start + 4;
  while (end < text.length && end < start + 9 && ![field, '\r', '\n'].includes(text.charAt(end))) end += 1;
  const encoding = text.slice(start + 4, end);
  const [component = '', repetition = '', mark = '', subcomponent = '', fifth = ''] = encoding;
  const used = [field, component, repetition, mark, subcomponent].filter((delimiter) => delimiter !== '');
  if (component === '' || new Set(used).size !== used.length || !used.every(canDelimit)) {
    throw new Fault('hl7.bad-delimiters', { detail: 'MSH-2' });
  }
  const truncation = canDelimit(fifth) && !used.includes(fifth) ? fifth : '';
  return { field, component, repetition, escape: mark, subcomponent, truncation };
}

function canDelimit(character: string): boolean {
  return character !== '' && !/[\p{L}\p{N}\s\p{C}]/u.test(character);
}
