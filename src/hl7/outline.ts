// A message laid out for people: every segment with its valued fields, each with its name and its parts in plain text
// (HL7 v2.5.1 ch. 2.5 to 2.7). It is cut where nobody reads on; the bytes themselves are kept elsewhere.

import { fieldName } from './field-names.ts';
import type { Message, Segment } from './parse.ts';

export interface OutlineField {
  /** As the standard counts: in MSH the separator is field 1. */
  readonly number: number;
  readonly name: string | undefined;
  /** As it was sent, escapes and all. */
  readonly sent: string;
  /** Repetitions, in each the components, in each the sub-components, with escapes resolved; `""` stays as sent. */
  readonly values: readonly (readonly (readonly string[])[])[];
}

export interface OutlineSegment {
  readonly segment: string;
  readonly fields: readonly OutlineField[];
}

export interface Outline {
  readonly segments: readonly OutlineSegment[];
  /** Segments there are beyond those shown. */
  readonly more: number;
}

export const outlineLimits = { segments: 500, fields: 120, repetitions: 50, parts: 30, characters: 4_000 };

export function outline(message: Message): Outline {
  const shown = message.segments.slice(0, outlineLimits.segments);
  return {
    segments: shown.map((segment) => ({ segment: segment.name, fields: fieldsOf(segment) })),
    more: message.segments.length - shown.length,
  };
}

function fieldsOf(segment: Segment): OutlineField[] {
  const fields: OutlineField[] = [];
  for (let number = 1; number <= outlineLimits.fields; number += 1) {
    const sent = segment.field(number);
    if (sent === undefined) break;
    if (sent === '') continue;
    fields.push({ number, name: fieldName(segment.name, number), sent: cut(sent), values: valuesOf(segment, number) });
  }
  return fields;
}

function valuesOf(segment: Segment, number: number): string[][][] {
  const values: string[][][] = [];
  const isDelimiters = number < 3 && (segment.name === 'MSH' || segment.name === 'FHS' || segment.name === 'BHS');
  const { repetition, component, subcomponent } = segment.delimiters;
  const texts = isDelimiters ? [segment.field(number) ?? ''] : parts(segment.field(number) ?? '', repetition);
  for (const [at, text] of texts.slice(0, outlineLimits.repetitions).entries()) {
    if (isDelimiters) return [[[text]]];
    if (text === '') values.push([['']]);
    else
      values.push(
        parts(text, component).map((part, index) =>
          parts(part, subcomponent).map((_, inner) => shown(segment.get(number, index + 1, inner + 1, at))),
        ),
      );
  }
  return values;
}

const parts = (text: string, mark: string): string[] =>
  (mark === '' ? [text] : text.split(mark)).slice(0, outlineLimits.parts);
const shown = (value: string | null | undefined): string => (value === null ? '""' : cut(value ?? ''));
const cut = (text: string): string =>
  text.length <= outlineLimits.characters
    ? text
    : `${text.slice(0, outlineLimits.characters)}… (${text.length} characters)`;
