// Search of DocumentReference, Appointment and AllergyIntolerance by each parameter (US Core 6.1.0 DocumentReference
// and AllergyIntolerance; FHIR R4 appointment.html#search), on resources as they are published.

import type { FhirResource } from 'fhir/r4.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { searchParams } from '../../../src/fhir/search-params.ts';
import { express } from '../../../src/translate/to-fhir/express.ts';
import { aContext } from '../../support/charts.ts';
import { evidenceCharts } from '../../support/fhir-examples.ts';
import { aPatient } from '../../support/fhir-resources.ts';
import { aFhirServer, type FhirServer } from '../../support/fhir-server.ts';

let server: FhirServer;
const published = Object.values(evidenceCharts)
  .flatMap((chart) => express(chart, aContext).map(({ body }) => body as FhirResource & { id: string }))
  .filter(({ resourceType }) => ['DocumentReference', 'Appointment', 'AllergyIntolerance'].includes(resourceType));
beforeAll(async () => {
  server = await aFhirServer();
  const [patients, others] = [[aPatient('p-1'), aPatient('p-2')], published];
  await server.keep('here', ...patients, ...others);
});
afterAll(() => server.close());

const count = async (query: string) => {
  const { status, ids } = await server.search(query);
  return [status, ids.length];
};
const isBooked = (one: FhirResource) => one.resourceType === 'Appointment' && one.status === 'booked';

describe('what is found', () => {
  const documents = published.filter(({ resourceType }) => resourceType === 'DocumentReference');
  const bookings = published.filter(({ resourceType }) => resourceType === 'Appointment');
  test.each([
    ['DocumentReference?patient=p-1', documents.length],
    ['DocumentReference?patient=p-2', 0],
    ['DocumentReference?subject=Patient/p-1', documents.length],
    ['DocumentReference?encounter=e-1', documents.length],
    ['DocumentReference?type=http://loinc.org|18842-5', 1],
    ['DocumentReference?type=18842-5', 1],
    ['DocumentReference?category=clinical-note', documents.length],
    ['DocumentReference?status=superseded', 1],
    ['DocumentReference?status=current,entered-in-error', documents.length - 1],
    ['DocumentReference?date=ge2026-11-20&patient=p-1', documents.length],
    ['DocumentReference?date=gt2026-11-21', 0],
    ['DocumentReference?identifier=D-77', 1],
    ['DocumentReference?identifier=urn:throughline:authority:general-hospital:document|D-77', 1],
    ['Appointment?patient=p-1', bookings.length],
    ['Appointment?patient=Patient/p-2', 0],
    ['Appointment?status=booked', bookings.filter(isBooked).length],
    ['Appointment?date=2026-11-27&status=booked', bookings.filter(isBooked).length],
    ['Appointment?date=lt2026-11-27', 0],
    ['Appointment?identifier=A-5', 1],
    ['AllergyIntolerance?patient=p-1', 2],
    ['AllergyIntolerance?patient=p-1&clinical-status=active', 1],
    [
      'AllergyIntolerance?clinical-status=http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical|inactive',
      1,
    ],
    ['AllergyIntolerance?code=7980', 1],
    ['Patient?_id=p-1&_revinclude=DocumentReference:patient&_revinclude=Appointment:patient', 1],
  ])('%s', async (query, expected) => {
    expect(await count(query)).toEqual([200, expected]);
  });

  test('each by its id, and with its patient along', async () => {
    for (const { resourceType, id } of published) {
      const { ids, bundle } = await server.search(`${resourceType}?_id=${id}&_include=${resourceType}:patient`);
      expect(ids).toEqual([id]);
      expect(bundle.entry?.map(({ resource }) => resource.resourceType)).toEqual([resourceType, 'Patient']);
    }
  });

  test('every parameter of the three is tried above', () => {
    expect(searchParams.DocumentReference.map(({ name }) => name)).toEqual([
      ...['_id', '_lastUpdated', 'identifier', 'patient', 'subject', 'encounter', 'status', 'type', 'category', 'date'],
    ]);
    expect(searchParams.Appointment.map(({ name }) => name)).toEqual([
      ...['_id', '_lastUpdated', 'identifier', 'patient', 'status', 'date'],
    ]);
    expect(searchParams.AllergyIntolerance.map(({ name }) => name)).toEqual([
      ...['_id', '_lastUpdated', 'patient', 'clinical-status', 'code'],
    ]);
  });
});
