// Numbers of documents and appointments (EI, HL7 v2.5.1 ch. 2.A.28): the value, and who gave it. One without an
// authority is the partner's own.

import type { Identifier } from '../../domain/code.ts';
import { authorityOf } from './identifier.ts';
import type { Found } from './path.ts';
import { type Reading, warn } from './reading.ts';
import { sent, text } from './sent.ts';

/** Longer ones are slips of an interface, and would not fit an index. */
const lengthMax = 256;

/** Undefined when it has no value, and when it is longer than any number is. */
export function entityIdentifier(
  reading: Reading,
  { segment, path }: Found,
  thing: 'document' | 'appointment',
): Identifier | undefined {
  const value = text(segment.get(path.field, 1));
  if (value === undefined) return undefined;
  const { dialect } = reading.language;
  const giver = {
    namespace: segment.get(path.field, 2),
    universalId: segment.get(path.field, 3),
    universalIdType: segment.get(path.field, 4),
  };
  const authority = authorityOf(dialect, giver) ?? {
    uri: `urn:throughline:authority:${dialect.partner}:${thing}`,
    name: undefined,
  };
  if (value.length > lengthMax || authority.uri.length > lengthMax) {
    warn(reading, 'identifier-too-long', path.name);
    return undefined;
  }
  return { authority: authority.uri, value, ...sent({ assigner: authority.name }) };
}
