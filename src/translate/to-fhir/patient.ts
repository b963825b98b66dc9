// Patient: the surviving record of a chart and those merged into it (US Core Patient; FHIR R4 patient.html#merge).

import type { HumanName, Meta, Patient, PatientContact, PatientLink } from 'fhir/r4.js';
import { formatMoment } from '../../base/moment.ts';
import type { Chart } from '../../domain/chart.ts';
import type { PersonName } from '../../domain/code.ts';
import { type Deceased, deceasedOf } from '../../domain/patient/deceased.ts';
import { isDeleted } from '../../domain/patient/deleted.ts';
import { type DemographicValues, demographicsOf, ownDemographics } from '../../domain/patient/demographics.ts';
import { linkedWith } from '../../domain/patient/merge.ts';
import type { PatientRecord, RelatedContact } from '../../domain/patient/record.ts';
import { referenceTo } from '../../fhir/reference.ts';
import { extension, system } from '../../fhir/system.ts';
import { claims, usCore } from '../../fhir/us-core.ts';
import { address, concept, contactPoint, eachOf, humanName, identifier, listed } from './datatype.ts';
import { type ExpressContext, type Expressed, ofPatient } from './expressed.ts';

import { practitionerReference } from './practitioner.ts';
import { raceAndEthnicity } from './race.ts';

export function expressPatients(chart: Chart, context: ExpressContext): Expressed<Patient>[] {
  const values = demographicsOf(chart);
  const family = new Set([chart.patient.id, ...chart.retired.map(({ id }) => id)]);
  const replaces = [...chart.retired.map((record) => link(record.id, 'replaces')), ...seeAlso(chart.patient, family)];
  const survivor = expressRecord(chart, chart.patient, values, deceasedOf(chart, values), replaces, context);
  if (chart.retired.length === 0) return [survivor];
  const retired = chart.retired.map((record) => {
    const own = ownDemographics(record);
    const end: Deceased =
      own.deceasedAt === undefined ? { deceased: own.deceased === true } : { deceased: true, at: own.deceasedAt };
    return expressRecord(
      chart,
      record,
      own,
      end,
      [link(chart.patient.id, 'replaced-by'), ...seeAlso(record, family)],
      context,
    );
  });
  return [survivor, ...retired];
}

/** Records linked without being merged (A24); one and the same person needs no such link. */
const seeAlso = (record: PatientRecord, family: ReadonlySet<string>): PatientLink[] =>
  linkedWith(record).flatMap((other) => (family.has(other) ? [] : [link(other, 'seealso')]));

const link = (patient: string, type: PatientLink['type']): PatientLink => ({
  other: referenceTo('Patient', patient),
  type,
});

function expressRecord(
  chart: Chart,
  record: PatientRecord,
  values: DemographicValues,
  end: Deceased,
  links: PatientLink[],
  context: ExpressContext,
): Expressed<Patient> {
  const active = record === chart.patient && !isDeleted(chart);
  const known = [...record.identifiers, ...(record.contested ?? [])];
  return ofPatient(record.id, {
    resourceType: 'Patient',
    id: record.id,
    meta: metaOf(record, values),
    extension: raceAndEthnicity(values.race, values.ethnicity),
    identifier: listed(known.map((one) => identifier(one))),
    active,
    name: names(values.names),
    telecom: eachOf(values.telecoms, contactPoint),
    // Required by US Core 6.1.0; `unknown` is the honest value where nothing was said.
    gender: values.gender ?? 'unknown',
    ...birth(values),
    ...deceased(end, values),
    address: eachOf(values.addresses, address),
    maritalStatus: concept(values.maritalStatus),
    ...multipleBirth(values.multipleBirth),
    contact: eachOf(values.contacts, contact),
    communication: eachOf(values.language === undefined ? [] : [values.language], (language) => {
      const spoken = concept(language);
      return spoken === undefined ? undefined : { language: spoken };
    }),
    generalPractitioner: eachOf(values.generalPractitioners, (one) => practitionerReference(context, one)),
    link: listed(links),
  });
}

/** US Core demands an identifier; a record that a sender marked confidential is restricted (PD1-12). */
function metaOf(record: PatientRecord, values: DemographicValues): Meta | undefined {
  const claimed = record.identifiers.length === 0 ? undefined : claims(usCore.Patient);
  if (values.confidential !== true) return claimed;
  return { ...claimed, security: [{ system: system.confidentiality, code: 'R', display: 'restricted' }] };
}

/** us-core-6: a name has a family or given name, or says that it is unknown. */
function names(said: readonly PersonName[] | undefined): HumanName[] {
  const usable = eachOf(said, (name) =>
    name.family === undefined && name.given.length === 0 ? undefined : humanName(name),
  );
  return usable ?? [{ extension: [{ url: extension.dataAbsentReason, valueCode: 'unknown' }] }];
}

function birth(values: DemographicValues): Pick<Patient, 'birthDate' | '_birthDate'> {
  if (values.birthDate === undefined) return {};
  if (values.birthTime === undefined) return { birthDate: values.birthDate };
  return {
    birthDate: values.birthDate,
    _birthDate: { extension: [{ url: extension.birthTime, valueDateTime: values.birthTime }] },
  };
}

function deceased(end: Deceased, values: DemographicValues): Pick<Patient, 'deceasedBoolean' | 'deceasedDateTime'> {
  if (end.at !== undefined) return { deceasedDateTime: formatMoment(end.at) };
  if (end.deceased) return { deceasedBoolean: true };
  return values.deceased === undefined ? {} : { deceasedBoolean: false };
}

function multipleBirth(
  said: boolean | number | undefined,
): Pick<Patient, 'multipleBirthBoolean' | 'multipleBirthInteger'> {
  if (said === undefined) return {};
  return typeof said === 'number' ? { multipleBirthInteger: said } : { multipleBirthBoolean: said };
}

/** pat-1: a contact without name, telecom or address tells nothing. */
function contact(from: RelatedContact): PatientContact | undefined {
  const name = from.name === undefined ? undefined : humanName(from.name);
  const at = from.address === undefined ? undefined : address(from.address);
  if (name === undefined && at === undefined && from.telecoms.length === 0) return undefined;
  const relationship = concept(from.relationship);
  return {
    relationship: relationship === undefined ? undefined : [relationship],
    name,
    telecom: eachOf(from.telecoms, contactPoint),
    address: at,
  };
}
