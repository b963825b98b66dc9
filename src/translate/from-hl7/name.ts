// Names of persons (XPN, HL7 v2.5.1 ch. 2.A.89; the name parts of an XCN are the same).

import type { PersonName } from '../../domain/code.ts';
import { readAll, readXpn, type Xpn } from '../../hl7/datatypes.ts';
import type { Segment, Value } from '../../hl7/parse.ts';
import { lookUp } from './code.ts';
import { limited, type Reading } from './reading.ts';
import { sent, text } from './sent.ts';

interface NameParts {
  readonly family: Value;
  readonly given: Value;
  readonly middle: Value;
  readonly suffix: Value;
  readonly prefix: Value;
  readonly degree: Value;
}

/** All names of a field. The first without a type is the official one: PID-5 gives the legal name first. */
export function readNames(reading: Reading, segment: Segment, field: number): readonly PersonName[] {
  return limited(reading, readAll(segment, field, readXpn), `${segment.name}-${field}`).flatMap((xpn, index) => {
    const name = nameFrom(xpn);
    if (name === undefined) return [];
    const use = useOf(reading, xpn) ?? (index === 0 && text(xpn.typeCode) === undefined ? 'official' : undefined);
    return [{ ...(use !== undefined && { use }), ...name }];
  });
}

/** Undefined when no part of it says anything. Second names are separated by blanks (XPN-3). */
export function nameFrom(parts: NameParts): PersonName | undefined {
  const family = text(parts.family);
  const given = [text(parts.given), ...(text(parts.middle)?.split(/\s+/) ?? [])].filter((part) => part !== undefined);
  const prefix = text(parts.prefix);
  const suffix = [text(parts.suffix), text(parts.degree)].filter((part) => part !== undefined).join(' ');
  if (family === undefined && given.length === 0) return undefined;
  return { given, ...sent({ family, prefix, suffix: suffix === '' ? undefined : suffix }) };
}

function useOf(reading: Reading, xpn: Xpn): PersonName['use'] {
  const type = text(xpn.typeCode);
  return type === undefined ? undefined : (lookUp(reading, 'name-use', type) as PersonName['use']);
}
