// Identifiers of FHIR, whose system is the authority that gave them (FHIR R4 datatypes.html#Identifier).

import { type Identifier, identifierKey } from '../../domain/code.ts';
import { codingsOf, type Part, partOf, partsOf, textOf } from '../../fhir/part.ts';
import type { Authority } from '../from-hl7/dialect.ts';
import { otherTypes } from '../from-hl7/identifier.ts';
import { sent } from '../from-hl7/sent.ts';
import { visitAuthorityBeside } from '../from-hl7/silent-authority.ts';
import { type FhirReading, note } from './reading.ts';

/** Longer ones are slips of an interface, and would not fit an index. */
const lengthMax = 256;
/** Numbers that are not of one person across hospitals, or that we do not keep; by the systems of FHIR. */
const otherSystems = new Set(['http://hl7.org/fhir/sid/us-ssn', 'urn:oid:2.16.840.1.113883.4.1']);

const typeOf = (identifier: Part): string | undefined =>
  codingsOf(identifier.type)
    .map((coding) => textOf(coding.code))
    .find((code) => code !== undefined);

/** Undefined where it has no value. `otherwise`: whose it is where it names no system. */
export function identifierFrom(
  reading: FhirReading,
  identifier: Part,
  otherwise: Authority,
  place: string,
): Identifier | undefined {
  const value = textOf(identifier.value);
  if (value === undefined) return undefined;
  const system = textOf(identifier.system);
  if (system === undefined) note(reading, 'identifier-without-system', place);
  const authority = system ?? otherwise.uri;
  if (value.length > lengthMax || authority.length > lengthMax) {
    note(reading, 'identifier-too-long', place);
    return undefined;
  }
  const assigner = textOf(partOf(identifier.assigner)?.display) ?? (system === undefined ? otherwise.name : undefined);
  return { authority, value, ...sent({ type: typeOf(identifier), assigner }) };
}

/** Those that stand for the person, each once, in the order sent; what was is no longer. */
export function personIdentifiers(reading: FhirReading, patient: Part): readonly Identifier[] {
  const found = new Map<string, Identifier>();
  for (const each of partsOf(patient.identifier)) {
    if (each.use === 'old' || otherSystems.has(textOf(each.system) ?? '')) continue;
    if (otherTypes.has(typeOf(each)?.toUpperCase() ?? '')) continue;
    const identifier = identifierFrom(reading, each, reading.language.dialect.defaultAuthority, 'Patient.identifier');
    if (identifier && !found.has(identifierKey(identifier))) found.set(identifierKey(identifier), identifier);
  }
  return [...found.values()];
}

/**
 * How the sender names the stay: its visit number, else its first number, else the id of its resource. A number by the
 * authority of the patients' is given that of the visits, which is never the same.
 */
export function visitFrom(reading: FhirReading, encounter: Part): Identifier | undefined {
  const { dialect } = reading.language;
  const all = partsOf(encounter.identifier).filter((each) => each.use !== 'old' && textOf(each.value) !== undefined);
  const chosen = all.find((each) => typeOf(each) === 'VN') ?? all[0];
  if (chosen) {
    const visit = identifierFrom(reading, chosen, dialect.visitAuthority, 'Encounter.identifier');
    const beside = visit && visitAuthorityBeside(dialect, visit.authority);
    return beside ? { ...visit, authority: beside.uri } : visit;
  }
  const id = textOf(encounter.id);
  if (id === undefined || id.length > lengthMax) return undefined;
  return { authority: `urn:throughline:authority:${dialect.partner}:encounter`, value: id };
}
