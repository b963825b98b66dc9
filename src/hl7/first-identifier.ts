// The first patient identifier of a message (PID-3, else PID-2; HL7 v2.5.1 ch. 3.4.2), found without parsing it:
// messages about one patient must be taken in order, and that is decided before anything is understood.

import { contentStart, readDelimiters } from './delimiters.ts';
import { lineEnd } from './lines.ts';
import { parseSegment, type Segment } from './parse.ts';

export interface FirstIdentifier {
  readonly id: string;
  readonly namespace: string | undefined;
  readonly universalId: string | undefined;
}

/** Undefined when there is no PID or it identifies nobody. Throws what `readDelimiters` throws. */
export function firstIdentifier(text: string): FirstIdentifier | undefined {
  const start = contentStart(text);
  const delimiters = readDelimiters(text, start);
  const name = `PID${delimiters.field}`;
  for (let at = text.indexOf(name, start); at >= 0; at = text.indexOf(name, at + 4)) {
    const before = text[at - 1];
    if (before !== '\r' && before !== '\n') continue;
    const line = text.slice(at, lineEnd(text, at, delimiters.field));
    const segment = parseSegment(line, delimiters);
    return identifierIn(segment, 3) ?? identifierIn(segment, 2);
  }
  return undefined;
}

/** The first repetition that has an id. */
function identifierIn(segment: Segment, field: number): FirstIdentifier | undefined {
  for (let repetition = 0; repetition < segment.repetitions(field); repetition += 1) {
    const id = segment.get(field, 1, 1, repetition)?.trim();
    if (id === undefined || id === '') continue;
    return {
      id,
      namespace: segment.get(field, 4, 1, repetition) ?? undefined,
      universalId: segment.get(field, 4, 2, repetition) ?? undefined,
    };
  }
  return undefined;
}
