// A second reader of HL7 v2 for comparison: hl7-standard, used for reading only. Its `get` and `build` misread
// sub-components, so this walks what its `transform` made; it resolves no escapes, so that is done with ours.

import { createRequire } from 'node:module';
import { standardDelimiters } from '../../src/hl7/delimiters.ts';
import { unescapeText } from '../../src/hl7/escape.ts';
import type { Value } from '../../src/hl7/parse.ts';

/** What `transform` leaves: a value, the sub-components of one component, components by name, or repetitions. */
type Component = string | readonly string[];
type Repetition = Readonly<Record<string, Component>>;
type Field = string | Repetition | readonly string[] | readonly Repetition[];

interface TransformedSegment {
  readonly index: number;
  readonly data: Readonly<Record<string, Field>>;
}

interface Hl7Standard {
  transform(): void;
  readonly transformed: Readonly<Record<string, readonly TransformedSegment[]>>;
}

const Hl7 = createRequire(import.meta.url)('hl7-standard') as new (text: string, options?: object) => Hl7Standard;

export interface FlatSegment {
  readonly name: string;
  /** Every value that was sent, by its place: `3[0].4.2` is PID-3, first repetition, component 4, sub-component 2. */
  readonly values: ReadonlyMap<string, Value>;
}

/** Throws what hl7-standard throws. */
export function readWithHl7Standard(text: string): FlatSegment[] {
  const message = new Hl7(text);
  message.transform();
  return Object.entries(message.transformed)
    .flatMap(([name, segments]) => segments.map((segment) => ({ name, segment })))
    .sort((one, other) => one.segment.index - other.segment.index)
    .map(({ name, segment }) => ({ name, values: valuesOf(name, segment) }));
}

function valuesOf(name: string, { data }: TransformedSegment): Map<string, Value> {
  const values = new Map<string, Value>();
  for (const [key, field] of Object.entries(data)) {
    const number = Number(key.split('.')[1]);
    for (const [repetition, components] of repetitionsOf(key, field).entries()) {
      for (const [place, component] of Object.entries(components)) {
        const parts = typeof component === 'string' ? [component] : component;
        for (const [index, part] of parts.entries()) {
          if (part === '') continue;
          const isLiteral = name === 'MSH' && number < 3;
          const value = part === '""' ? null : isLiteral ? part : unescapeText(part, standardDelimiters);
          values.set(`${number}[${repetition}].${place.split('.')[2]}.${index + 1}`, value);
        }
      }
    }
  }
  return values;
}

/** An array of texts is the sub-components of a field with one component, an array of objects its repetitions. */
function repetitionsOf(key: string, field: Field): readonly Repetition[] {
  if (typeof field === 'string') return [{ [`${key}.1`]: field }];
  if (!Array.isArray(field)) return [field as Repetition];
  return typeof field[0] === 'string'
    ? [{ [`${key}.1`]: field as readonly string[] }]
    : (field as readonly Repetition[]);
}
