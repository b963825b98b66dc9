// The message header alone (MSH, HL7 v2.5.1 ch. 2.15.9), read without parsing the message: enough to keep it,
// to acknowledge it and to refuse it.

import { contentStart, type Delimiters, readDelimiters } from './delimiters.ts';
import { lineEnd } from './lines.ts';

export interface HeaderParty {
  /** The field as it was sent, to be echoed. */
  readonly raw: string;
  readonly namespace: string | undefined;
}

export interface Header {
  readonly delimiters: Delimiters;
  /** Raw fields by their number: `fields[9]` is MSH-9. */
  readonly fields: readonly string[];
  readonly sendingApplication: HeaderParty;
  readonly sendingFacility: HeaderParty;
  readonly receivingApplication: HeaderParty;
  readonly receivingFacility: HeaderParty;
  /** MSH-7 as it was sent. */
  readonly sentAt: string | undefined;
  readonly messageCode: string | undefined;
  readonly triggerEvent: string | undefined;
  readonly structure: string | undefined;
  /** MSH-10 as it was sent, to be echoed in MSA-2. */
  readonly controlId: string | undefined;
  readonly processingId: string | undefined;
  readonly version: string | undefined;
  readonly sequence: string | undefined;
  /** MSH-15 and MSH-16, in capitals (table 0155). */
  readonly acceptCondition: string | undefined;
  readonly applicationCondition: string | undefined;
  readonly charset: string | undefined;
}

/** Throws `hl7.not-a-message` or `hl7.bad-delimiters`. */
export function readHeader(text: string): Header {
  const start = contentStart(text);
  const delimiters = readDelimiters(text, start);
  const line = text.slice(start, lineEnd(text, start, delimiters.field));
  const fields = line.split(delimiters.field);
  fields.splice(1, 0, delimiters.field);
  const raw = (number: number): string => fields[number] ?? '';
  const part = (number: number, component = 1): string | undefined =>
    valued(componentOf(raw(number), component, delimiters));
  const party = (number: number): HeaderParty => ({ raw: raw(number), namespace: part(number) });
  return {
    delimiters,
    fields,
    sendingApplication: party(3),
    sendingFacility: party(4),
    receivingApplication: party(5),
    receivingFacility: party(6),
    sentAt: valued(raw(7)),
    messageCode: part(9),
    triggerEvent: part(9, 2),
    structure: part(9, 3),
    controlId: valued(raw(10)),
    processingId: part(11),
    version: part(12),
    sequence: part(13),
    acceptCondition: part(15)?.toUpperCase(),
    applicationCondition: part(16)?.toUpperCase(),
    charset: part(18),
  };
}

/** How many MSH segments a text holds; more than one makes it no single message. */
export function countMessages(text: string): number {
  const start = contentStart(text);
  const field = text.charAt(start + 3);
  let count = 0;
  for (let at = text.indexOf('MSH', start); at >= 0; at = text.indexOf('MSH', at + 3)) {
    if (text.charAt(at + 3) === field && (at === start || isLineEnd(text[at - 1]))) count += 1;
  }
  return count;
}

/** A batch or file envelope (v2.5.1 ch. 2.10.3) rather than a message. */
export function isBatch(text: string): boolean {
  const start = contentStart(text);
  return text.startsWith('FHS', start) || text.startsWith('BHS', start);
}

const isLineEnd = (character: string | undefined): boolean => character === '\r' || character === '\n';

const valued = (text: string): string | undefined => {
  const trimmed = text.trim();
  return trimmed === '' || trimmed === '""' ? undefined : trimmed;
};

/** The first repetition's component, its first sub-component. */
function componentOf(text: string, component: number, delimiters: Delimiters): string {
  const repetition = firstPart(text, delimiters.repetition);
  const part =
    component === 1
      ? firstPart(repetition, delimiters.component)
      : repetition.split(delimiters.component)[component - 1];
  return firstPart(part ?? '', delimiters.subcomponent);
}

function firstPart(text: string, mark: string): string {
  const at = mark === '' ? -1 : text.indexOf(mark);
  return at < 0 ? text : text.slice(0, at);
}
