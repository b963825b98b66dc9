// Everything we publish is valid FHIR R4 and meets the US Core 6.1.0 profiles it claims (FHIR R4 validation.html).

import { describe, expect, test } from 'vitest';
import { usCore } from '../../../src/fhir/us-core.ts';
import { charts, evidenceCharts, examples } from '../../support/fhir-examples.ts';
import { describeIssues, validate } from '../../support/fhir-validator/validate.ts';

const all = examples();

describe('what we publish is valid FHIR R4 and US Core 6.1.0', () => {
  test.each(all)('%s', (_name, resource) => {
    expect(describeIssues(validate(resource))).toEqual([]);
  });

  test('the examples cover every type we serve', () => {
    const types = new Set(all.map(([, resource]) => resource.resourceType));
    expect([...types].sort()).toEqual([
      ...[
        'AllergyIntolerance',
        'Appointment',
        'CarePlan',
        'CareTeam',
        'Communication',
        'Condition',
        'DocumentReference',
        'Encounter',
      ],
      ...['EpisodeOfCare', 'Location', 'Organization', 'Patient'],
      ...['PlanDefinition', 'Practitioner', 'PractitionerRole', 'Provenance', 'ServiceRequest', 'Task'],
    ]);
    expect(Object.keys(charts).length).toBeGreaterThan(8);
  });

  test('each type that has a US Core profile claims it', () => {
    const claimed = new Set(all.flatMap(([, resource]) => resource.meta?.profile ?? []));
    const { race: _race, ethnicity: _ethnicity, ...profiles } = usCore;
    expect([...claimed].sort()).toEqual(Object.values(profiles).sort());
  });

  test('a practitioner without family name or with a false National Provider Identifier claims no profile', () => {
    const unclaimed = all.filter(([, { resourceType, meta }]) => resourceType === 'Practitioner' && !meta?.profile);
    expect(unclaimed.length).toBe(2);
  });

  test('every relative reference leads to a resource of the same examples', () => {
    const practice = all.filter(([name]) => name.startsWith('the practice'));
    for (const chart of Object.keys({ ...charts, ...evidenceCharts })) {
      const own = all.filter(([name]) => name.startsWith(`${chart}: `));
      const there = new Set([...practice, ...own].map(([, { resourceType, id }]) => `${resourceType}/${id}`));
      const wanted = [...JSON.stringify(own).matchAll(/"reference":"([^"]+)"/g)].map(([, reference]) => reference!);
      expect(wanted.length).toBeGreaterThan(0);
      expect(wanted.filter((reference) => !there.has(reference))).toEqual([]);
    }
  });
});
