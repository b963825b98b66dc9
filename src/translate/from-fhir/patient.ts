// The patient as a Patient resource describes them (FHIR R4 patient.html, US Core Patient). What it leaves out says
// nothing.

import type { Code, ContactPoint, PostalAddress } from '../../domain/code.ts';
import type { Demographics, RelatedContact } from '../../domain/patient/record.ts';
import { codingsOf, type Part, partOf, partsOf, textOf, textsOf } from '../../fhir/part.ts';
import { sent } from '../from-hl7/sent.ts';
import { nameFrom, practitionerFrom } from './practitioner.ts';
import { codeFrom, conceptFrom, dateOf, type FhirReading, momentOf } from './reading.ts';

const genders = ['female', 'male', 'other', 'unknown'] as const;
const addressUses = ['home', 'work', 'temp', 'old', 'billing'] as const;
const telecomUses = ['home', 'work', 'temp', 'old', 'mobile'] as const;
const telecomSystems = ['phone', 'fax', 'email', 'pager', 'url', 'sms', 'other'] as const;
const usCore = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-';

export function demographicsFrom(reading: FhirReading, patient: Part): Demographics {
  const spoken = partsOf(patient.communication);
  const practitioners = partsOf(patient.generalPractitioner).flatMap(
    (reference) => practitionerFrom(reading, reference, patient) ?? [],
  );
  const multiple = patient.multipleBirthInteger ?? patient.multipleBirthBoolean;
  return sent({
    names: filled(partsOf(patient.name).flatMap((name) => nameFrom(name) ?? [])),
    birthDate: dateOf(patient.birthDate),
    gender: genders.find((gender) => gender === patient.gender),
    addresses: filled(partsOf(patient.address).flatMap((address) => addressFrom(address) ?? [])),
    telecoms: filled(partsOf(patient.telecom).flatMap((telecom) => telecomFrom(telecom) ?? [])),
    language: conceptFrom((spoken.find((each) => each.preferred === true) ?? spoken[0])?.language),
    maritalStatus: conceptFrom(patient.maritalStatus),
    race: filled(categories(patient, 'race')),
    ethnicity: categories(patient, 'ethnicity')[0],
    ...deathFrom(reading, patient),
    multipleBirth: typeof multiple === 'number' || typeof multiple === 'boolean' ? multiple : undefined,
    generalPractitioners: filled(practitioners),
    contacts: filled(partsOf(patient.contact).flatMap((contact) => contactFrom(contact) ?? [])),
  });
}

/** A time of death says that somebody died; `deceased` without one does too. */
function deathFrom(reading: FhirReading, patient: Part): Pick<Demographics, 'deceased' | 'deceasedAt'> {
  const deceasedAt = momentOf(reading, patient.deceasedDateTime, 'Patient.deceasedDateTime');
  if (deceasedAt) return { deceased: true, deceasedAt };
  if (patient.deceasedDateTime !== undefined) return { deceased: true };
  const said = patient.deceasedBoolean;
  return typeof said === 'boolean' ? sent({ deceased: said, deceasedAt: said ? undefined : null }) : {};
}

function addressFrom(address: Part): PostalAddress | undefined {
  const lines = textsOf(address.line);
  const parts = sent({
    city: textOf(address.city),
    state: textOf(address.state),
    postalCode: textOf(address.postalCode),
    country: textOf(address.country),
    district: textOf(address.district),
  });
  if (lines.length === 0 && Object.keys(parts).length === 0) return undefined;
  return { lines, ...sent({ use: addressUses.find((use) => use === address.use) }), ...parts };
}

function telecomFrom(telecom: Part): ContactPoint | undefined {
  const value = textOf(telecom.value);
  if (value === undefined) return undefined;
  const system = telecomSystems.find((each) => each === telecom.system) ?? 'other';
  return { system, value, ...sent({ use: telecomUses.find((use) => use === telecom.use) }) };
}

function contactFrom(contact: Part): RelatedContact | undefined {
  const own = partOf(contact.name);
  const name = own && nameFrom(own);
  const telecoms = partsOf(contact.telecom).flatMap((telecom) => telecomFrom(telecom) ?? []);
  const at = partOf(contact.address);
  const address = at && addressFrom(at);
  if (!name && telecoms.length === 0 && !address) return undefined;
  return { telecoms, ...sent({ name, address, relationship: conceptFrom(partsOf(contact.relationship)[0]) }) };
}

/** US Core race and ethnicity: the categories of the federal list. */
function categories(patient: Part, name: 'race' | 'ethnicity'): Code[] {
  const all = partsOf(patient.extension).filter((extension) => extension.url === `${usCore}${name}`);
  return all
    .flatMap((extension) => partsOf(extension.extension))
    .filter((extension) => extension.url === 'ombCategory')
    .flatMap((extension) => codeFrom(partOf(extension.valueCoding)) ?? []);
}

const filled = <Type>(values: readonly Type[]): readonly Type[] | undefined =>
  values.length === 0 ? undefined : values;

/** Whether a concept holds a code of a system. */
export const codeOf = (concept: unknown, system: string): string | undefined =>
  codingsOf(concept)
    .filter((coding) => coding.system === system)
    .map((coding) => textOf(coding.code))
    .find((code) => code !== undefined);
