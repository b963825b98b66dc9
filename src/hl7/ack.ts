// Builds an acknowledgment (HL7 v2.5.1 ch. 2.14.1 ACK, 2.15.8 MSA, 2.15.5 ERR) in the sender's own delimiters.
// It says which field is wrong and why, never what stood there: no patient data leaves with it.

import { type Delimiters, standardDelimiters } from './delimiters.ts';
import { escapeText } from './escape.ts';
import type { Header } from './header.ts';

/** Table 0008. */
export type AckCode = 'AA' | 'AE' | 'AR' | 'CA' | 'CE' | 'CR';

export interface AckError {
  /** Segment, its sequence and the field: `PID^1^3`. */
  readonly location?: string;
  /** Table 0357. */
  readonly errorCode: string;
  readonly severity: 'E' | 'W' | 'I' | 'F';
  /** One static sentence for the people at the sender. */
  readonly text: string;
}

export interface AckInput {
  /** Undefined when the message had no readable header. */
  readonly header: Header | undefined;
  readonly code: AckCode;
  /** MSH-10 of the acknowledgment itself. */
  readonly controlId: string;
  /** MSH-7, as `YYYYMMDDHHMMSS+ZZZZ`. */
  readonly now: string;
  readonly errors?: readonly AckError[];
  readonly us: { readonly application: string; readonly facility: string };
}

/** Table 0357, message error condition codes. */
const conditions: Readonly<Record<string, string>> = {
  '0': 'Message accepted',
  '100': 'Segment sequence error',
  '101': 'Required field missing',
  '102': 'Data type error',
  '103': 'Table value not found',
  '200': 'Unsupported message type',
  '201': 'Unsupported event code',
  '202': 'Unsupported processing id',
  '203': 'Unsupported version id',
  '204': 'Unknown key identifier',
  '205': 'Duplicate key identifier',
  '206': 'Application record locked',
  '207': 'Application internal error',
};

/** The text of the acknowledgment; every segment ends with CR. */
export function buildAck(input: AckInput): string {
  const delimiters = input.header?.delimiters ?? standardDelimiters;
  const controlId = echo(input.header?.fields[10]);
  const segments = [
    headerOf(input, delimiters),
    join(delimiters.field, ['MSA', input.code, controlId]),
    ...(input.errors ?? []).map((error) => errorOf(error, input.header, delimiters)),
  ];
  return segments.map((segment) => `${segment}\r`).join('');
}

function headerOf({ header, code, controlId, now, us }: AckInput, delimiters: Delimiters): string {
  const { field, component, repetition, escape: mark, subcomponent, truncation } = delimiters;
  const trigger = echo(header?.triggerEvent);
  const fields = [
    `MSH${field}${component}${repetition}${mark}${subcomponent}${truncation}`,
    echo(header?.fields[5]?.trim()) || escapeText(us.application, delimiters),
    echo(header?.fields[6]?.trim()) || escapeText(us.facility, delimiters),
    echo(header?.sendingApplication.raw),
    echo(header?.sendingFacility.raw),
    now,
    '',
    trigger === '' ? 'ACK' : join(component, ['ACK', trigger, 'ACK']),
    escapeText(controlId, delimiters),
    echo(header?.fields[11]?.trim()) || 'P',
    echo(header?.fields[12]?.trim()) || '2.5.1',
  ];
  // An application acknowledgment in enhanced mode is a message of its own, and wants no answer.
  if (header !== undefined && isEnhanced(header) && code.startsWith('A')) fields.push('', '', 'NE', 'NE');
  return join(field, fields);
}

/** Enhanced mode is asked for by MSH-15 or MSH-16. */
export const isEnhanced = (header: Header): boolean =>
  header.acceptCondition !== undefined || header.applicationCondition !== undefined;

/** ERR as of v2.5 (location, code, severity, text), or ERR-1 for earlier versions. */
function errorOf(error: AckError, header: Header | undefined, delimiters: Delimiters): string {
  const { field, component, subcomponent } = delimiters;
  const location = error.location?.split('^') ?? [];
  const condition = escapeText(conditions[error.errorCode] ?? '', delimiters);
  const code = [error.errorCode, condition, 'HL70357'];
  if (isBefore25(header?.version)) {
    const [segment = '', sequence = '', position = ''] = location;
    return join(field, ['ERR', join(component, [segment, sequence, position, join(subcomponent || component, code)])]);
  }
  return join(field, [
    'ERR',
    '',
    join(component, location),
    join(component, code),
    error.severity,
    '',
    '',
    '',
    escapeText(error.text, delimiters),
  ]);
}

const isBefore25 = (version: string | undefined): boolean => version !== undefined && /^2\.[0-4](\D|$)/.test(version);

/** What the sender wrote, without control characters: an echo must not forge a segment or a frame. */
const echo = (raw: string | undefined): string => (raw ?? '').replace(/[\x00-\x1f\x7f]/g, ' ');

const join = (mark: string, parts: readonly string[]): string => parts.join(mark);
