// Professionals (XCN, HL7 v2.5.1 ch. 2.A.88): an identifier and a name.

import type { Identifier, PractitionerName } from '../../domain/code.ts';
import { readAll, readXcn, type Xcn } from '../../hl7/datatypes.ts';
import type { Authority } from './dialect.ts';
import { authorityOf } from './identifier.ts';
import { nameFrom } from './name.ts';
import type { Found } from './path.ts';
import { limited, type Reading } from './reading.ts';
import { sent, text } from './sent.ts';

/** The national provider identifier of the US, by its OID, and as FHIR names it. */
const npi: Authority = { uri: 'http://hl7.org/fhir/sid/us-npi', name: 'NPI' };
const npiNames = new Set(['NPI', 'NPPES', '2.16.840.1.113883.4.6']);

/** All professionals of a field; undefined when it names nobody. */
export function readPractitioners(reading: Reading, found: Found): readonly PractitionerName[] | undefined {
  const sentOnes = limited(reading, readAll(found.segment, found.path.field, readXcn), found.path.name);
  const all = sentOnes.flatMap((xcn) => practitionerOf(reading, xcn) ?? []);
  return all.length === 0 ? undefined : all;
}

function practitionerOf(reading: Reading, xcn: Xcn): PractitionerName | undefined {
  const name = nameFrom(xcn);
  const identifier = identifierOf(reading, xcn);
  if (name === undefined && identifier === undefined) return undefined;
  return { name: name ?? { given: [] }, ...(identifier !== undefined && { identifier }) };
}

/** Numbers of professionals without an authority are the partner's own, and never those of its patients. */
function identifierOf(reading: Reading, xcn: Xcn): Identifier | undefined {
  const value = text(xcn.id);
  if (value === undefined || value.length > 256) return undefined;
  const { dialect } = reading.language;
  const type = text(xcn.identifierTypeCode);
  const givers = [type, text(xcn.authority.namespace), text(xcn.authority.universalId)];
  const authority = givers.some((giver) => npiNames.has(giver?.toUpperCase() ?? ''))
    ? npi
    : (authorityOf(dialect, xcn.authority) ?? {
        uri: `urn:throughline:authority:${dialect.partner}:practitioner`,
        name: undefined,
      });
  return { authority: authority.uri, value, ...sent({ type, assigner: authority.name }) };
}
