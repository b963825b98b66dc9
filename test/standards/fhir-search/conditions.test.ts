// Search conditions: tokens, references, dates, modifiers, alternatives (FHIR R4 search.html).

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aCarePlan, anEncounter, aPatient, aProvenance, aTask } from '../../support/fhir-resources.ts';
import { aFhirServer, canonicalBase, type FhirServer } from '../../support/fhir-server.ts';

const codeSystem = `${canonicalBase}/CodeSystem/task`;
let server: FhirServer;
beforeAll(async () => {
  server = await aFhirServer();
  const visit = { coding: [{ system: codeSystem, code: 'follow-up-visit' }] };
  const plain = { coding: [{ code: 'no-system' }] };
  const due = (end: string) => ({ period: { end } });
  await server.keep(
    'here',
    aPatient('p1', {
      identifier: [
        { system: 'urn:a', value: '12,3|4' },
        { system: 'urn:a', value: 'X1' },
      ],
    }),
    aPatient('p2', {
      identifier: [{ system: 'urn:b', value: 'X1' }, { value: 'bare' }],
      active: false,
      birthDate: '1950-02',
    }),
    anEncounter('e1', 'p1'),
    anEncounter('e2', 'p2', { class: { code: 'EMER' }, period: { start: '2026-11-19T10:00:00Z' } }),
    aCarePlan('c1', 'p1'),
    aTask('t1', 'p1', { encounter: { reference: 'Encounter/e1' }, basedOn: [{ reference: 'CarePlan/c1' }] }),
    aTask('t2', 'p1', { status: 'completed', code: visit, restriction: due('2026-12-04T23:59:59-05:00') }),
    aTask('t3', 'p2', { status: 'on-hold', code: plain, owner: { reference: 'Practitioner/nurse' } }),
    aTask('t4', 'p2', {
      status: 'in-progress',
      code: visit,
      restriction: {},
      basedOn: [{ reference: 'ServiceRequest/c1' }],
    }),
    aProvenance('v1', 'Patient/p1', 'Task/t1', 'Task/t2'),
  );
  await server.keep('there', aPatient('p1'), aTask('t1', 'p1'), aTask('other', 'p1'));
});
afterAll(() => server.close());

describe('tokens (search.html#token)', () => {
  test.each([
    ['Patient?identifier=X1', ['p1', 'p2']],
    ['Patient?identifier=urn:a|X1', ['p1']],
    ['Patient?identifier=urn:c|X1', []],
    ['Patient?identifier=|bare', ['p2']],
    ['Patient?identifier=|X1', []],
    ['Patient?identifier=12\\,3\\|4', ['p1']],
    ['Patient?identifier=urn:a|12\\,3\\|4', ['p1']],
    ['Patient?identifier=urn:a|X1,|bare', ['p1', 'p2']],
    ['Patient?identifier=x1', []],
    ['Patient?active=false', ['p2']],
    ['Patient?gender=female', ['p1', 'p2']],
    ['Patient?gender=http://hl7.org/fhir/administrative-gender|female', []],
    ['Task?status=ready', ['t1']],
    ['Task?status=ready,completed', ['t1', 't2']],
    ['Task?status=http://hl7.org/fhir/task-status|ready', ['t1']],
    ['Task?status=urn:x|ready', []],
    ['Task?status=ready&status=completed', []],
    ['Task?status:not=ready,completed', ['t3', 't4']],
    ['Task?status:not=ready&status:not=on-hold', ['t2', 't4']],
    ['Task?code=follow-up-visit', ['t2', 't4']],
    [`Task?code=${codeSystem}|follow-up-visit`, ['t2', 't4']],
    [`Task?code=${codeSystem}|`, ['t1', 't2', 't4']],
    ['Task?code=|no-system', ['t3']],
    ['Task?code=|follow-up-visit', []],
    ['Task?code:not=follow-up-visit', ['t1', 't3']],
    ['Encounter?class=EMER', ['e2']],
    ['CarePlan?category=assess-plan', ['c1']],
    [`CarePlan?instantiates-canonical=${canonicalBase}/PlanDefinition/transitional-care|1.0.0`, ['c1']],
    [`CarePlan?instantiates-canonical=${canonicalBase}/PlanDefinition/transitional-care`, ['c1']],
    [`CarePlan?instantiates-canonical=${canonicalBase}/PlanDefinition/transitional-care|2.0.0`, []],
    ['Task?_id=t1,t3', ['t1', 't3']],
  ])('%s', async (path, ids) => {
    const found = await server.search(path.replaceAll('|', '%7C').replaceAll('\\', '%5C'));
    expect([found.status, [...found.ids].sort()]).toEqual([200, ids]);
    expect(found.bundle.total).toBe(ids.length);
  });
});

describe('references (search.html#reference)', () => {
  const cases: [string, string[]][] = [
    ['Task?patient=p1', ['t1', 't2']],
    ['Task?patient=Patient/p1', ['t1', 't2']],
    ['Task?patient=BASE/Patient/p1', ['t1', 't2']],
    ['Task?patient=https://elsewhere.example/fhir/Patient/p1', []],
    ['Task?patient=BASE.evil.example/Patient/p1', []],
    ['Task?patient=urn:uuid:00000000-0000-0000-0000-000000000000', []],
    ['Task?subject=Patient/p1', ['t1', 't2']],
    ['Task?subject:Patient=p1', ['t1', 't2']],
    ['Task?subject=Group/p1', []],
    ['Task?patient=p1,p2', ['t1', 't2', 't3', 't4']],
    ['Task?patient=p1&patient=p2', []],
    ['Task?encounter=e1', ['t1']],
    ['Task?encounter:missing=false', ['t1']],
    ['Task?encounter:missing=true', ['t2', 't3', 't4']],
    ['Task?based-on=CarePlan/c1', ['t1']],
    ['Task?based-on=c1', ['t1', 't4']],
    ['Task?based-on:ServiceRequest=c1', ['t4']],
    ['Task?owner=Practitioner/nurse', ['t3']],
    ['Task?owner=coordinator&patient=p2', ['t4']],
    ['Patient?_id=p1&identifier=X1', ['p1']],
    ['Provenance?target=Task/t2', ['v1']],
    ['Provenance?patient=p1', ['v1']],
    ['Provenance?target=Task/t3', []],
  ];
  test.each(cases)('%s', async (path, ids) => {
    const found = await server.search(path.replace('BASE', server.base));
    expect([found.status, [...found.ids].sort()]).toEqual([200, ids]);
  });
});

describe('dates (search.html#date, #prefix)', () => {
  test.each([
    // Due at the end of 24 November in New York: without an offset a date is the practice's own day.
    ['Task?due-date=2026-11-24', ['t1', 't3']],
    ['Task?due-date=2026-11-25', []],
    ['Task?due-date=2026-11-24T23:59:59-05:00', ['t1', 't3']],
    ['Task?due-date=2026-11-25T04:59:59Z', ['t1', 't3']],
    ['Task?due-date=2026-11-25T04:59Z', ['t1', 't3']],
    ['Task?due-date=2026-11-24T23:59:59%2B05:00', []],
    ['Task?due-date=2026-11', ['t1', 't3']],
    ['Task?due-date=2026', ['t1', 't2', 't3']],
    ['Task?due-date=gt2026-11-24', ['t2']],
    ['Task?due-date=ge2026-11-24', ['t1', 't2', 't3']],
    ['Task?due-date=lt2026-11-24', []],
    ['Task?due-date=le2026-11-24', ['t1', 't3']],
    ['Task?due-date=ne2026-11-24', ['t2']],
    ['Task?due-date=sa2026-11-24', ['t2']],
    ['Task?due-date=eb2026-12', ['t1', 't3']],
    ['Task?due-date=ap2026-11-23', ['t1', 't3']],
    ['Task?due-date=ge2026-11-24&due-date=lt2026-12-01', ['t1', 't3']],
    ['Task?due-date=2026-11-24,2026-12-04', ['t1', 't2', 't3']],
    ['Task?due-date:missing=true', ['t4']],
    // e1 runs from the 16th to the 20th, 23:50 in New York; e2 from the 19th, 10:00 UTC, and has no end.
    ['Encounter?date=2026-11', ['e1']],
    ['Encounter?date=2026-11-18', []],
    ['Encounter?date=ge2026-11-20', ['e1', 'e2']],
    ['Encounter?date=gt2026-11-20', ['e2']],
    ['Encounter?date=lt2026-11-17', ['e1']],
    ['Encounter?date=le2026-11-18', ['e1']],
    ['Encounter?date=le2026-11-19', ['e1', 'e2']],
    ['Encounter?date=ge2026-11-21', ['e2']],
    ['Encounter?date=sa2026-11-17', ['e2']],
    ['Encounter?date=eb2026-11-21', ['e1']],
    ['Encounter?date=ne2026-11', ['e2']],
    ['Patient?birthdate=1950-02-03', ['p1']],
    ['Patient?birthdate=1950-02', ['p1', 'p2']],
    ['CarePlan?date=ge2026-11-20', ['c1']],
    ['CarePlan?date=sa2026-11-19', ['c1']],
    ['CarePlan?date=lt2026-11-20', []],
    ['Patient?_lastUpdated=gt2026-11-22T14:59:59Z', ['p1', 'p2']],
    ['Patient?_lastUpdated=gt2026-11-22T15:00:00Z', []],
    ['Patient?_lastUpdated=2026-11-22', ['p1', 'p2']],
  ])('%s', async (path, ids) => {
    const found = await server.search(path);
    expect([found.status, [...found.ids].sort()]).toEqual([200, ids]);
  });
});
