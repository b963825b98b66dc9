// A list of members as a FHIR Group.

import { describe, expect, test } from 'vitest';
import { readPanelGroup } from '../../../../src/translate/from-fhir/panel-group.ts';

const read = (body: unknown) => readPanelGroup(Buffer.from(JSON.stringify(body)));
const mrn = 'https://hospital.example/mrn';
const patient = (id: string, ...values: string[]) => ({
  resourceType: 'Patient',
  id,
  identifier: values.map((value) => ({ system: mrn, value })),
  name: [{ use: 'official', family: 'Winter', given: ['Ada', 'M'] }],
  birthDate: '1955-01-02',
});
const group = (member: unknown[], rest: object = {}) => ({
  resourceType: 'Group',
  type: 'person',
  actual: true,
  member,
  ...rest,
});

describe('a member', () => {
  test('by a contained Patient has all its identifiers, as one person', () => {
    const list = read(
      group([{ entity: { reference: '#a' }, period: { start: '2026-01-01', end: '2026-12-31T00:00:00Z' } }], {
        contained: [patient('a', '1', '2')],
      }),
    );
    const common = {
      authority: mrn,
      person: `${mrn}|1`,
      family: 'Winter',
      given: 'Ada M',
      birthDate: '1955-01-02',
      from: '2026-01-01',
      until: '2026-12-31',
    };
    expect(list.entries).toEqual([
      { ...common, value: '1' },
      { ...common, value: '2' },
    ]);
  });

  test('by a Patient of the same Bundle, by id or by fullUrl', () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        { resource: group([{ entity: { reference: 'Patient/a' } }, { entity: { reference: 'urn:uuid:b' } }]) },
        { fullUrl: 'https://here.example/Patient/a', resource: patient('a', '1') },
        { fullUrl: 'urn:uuid:b', resource: patient('b', '2') },
      ],
    };
    expect(read(bundle).entries.map(({ value }) => value)).toEqual(['1', '2']);
  });

  test('by an identifier alone; with the provider it is attributed to', () => {
    const extension = [
      {
        url: 'http://hl7.org/fhir/us/davinci-atr/StructureDefinition/ext-attributedProvider',
        valueReference: {
          display: 'Dr. Summer',
          identifier: { system: 'http://hl7.org/fhir/sid/us-npi', value: '1234567893' },
        },
      },
    ];
    expect(read(group([{ entity: { identifier: { system: mrn, value: '1' } }, extension }])).entries).toEqual([
      { authority: mrn, value: '1', person: `${mrn}|1`, practitionerNpi: '1234567893', practitionerName: 'Dr. Summer' },
    ]);
  });

  test('who is inactive is none', () => {
    expect(read(group([{ entity: { identifier: { system: mrn, value: '1' } }, inactive: true }]))).toMatchObject({
      entries: [],
      unreadable: [],
    });
  });

  test.each([
    [{ entity: { reference: 'Patient/elsewhere' } }, 'entity.reference must lead to'],
    [{ entity: { identifier: { value: '1' } } }, 'a member must have an identifier with a system and a value'],
    [{ entity: { identifier: { system: mrn, value: '1' } }, period: { start: '2026' } }, 'period must hold days'],
    [{}, 'a member must have an identifier'],
  ])('that cannot be read says what would be right', (member, reason) => {
    expect(read(group([member])).unreadable).toEqual([{ line: 1, reason: expect.stringContaining(reason) }]);
  });
});

test.each([['nothing'], [{}], [{ resourceType: 'Group', type: 'device' }], [{ resourceType: 'Bundle', entry: [] }]])(
  'what is no Group of persons is refused: %j',
  (body) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ code: 'ops.request-invalid' }));
  },
);
