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
    [
      { entity: { identifier: { system: mrn, value: '1' } }, period: { start: '0000-01-01' } },
      'period must hold days like 2026-11-20',
    ],
    [
      { entity: { identifier: { system: mrn, value: '1' } }, period: { end: '0001-01-01' } },
      'period must hold days like 2026-11-20',
    ],
    [{}, 'a member must have an identifier'],
  ])('that cannot be read says what would be right', (member, reason) => {
    expect(read(group([member])).unreadable).toEqual([{ line: 1, reason: expect.stringContaining(reason) }]);
  });

  const [nul, half] = ['1\u0000', '1\ud800'];
  test.each([
    ['a value', { identifier: [{ system: mrn, value: nul }] }],
    [
      'a value beside a good one',
      {
        identifier: [
          { system: mrn, value: '1' },
          { system: mrn, value: half },
        ],
      },
    ],
    ['a system', { identifier: [{ system: `urn:${half}`, value: '1' }] }],
    ['a family name', { name: [{ family: half }] }],
    ['a given name', { name: [{ given: ['Ada', nul] }] }],
    ['a practitioner', { generalPractitioner: [{ display: nul }] }],
  ])('whom no database takes is unreadable: %s', (_what, changes) => {
    const contained = [{ ...patient('a', '1'), ...changes }];
    expect(read(group([{ entity: { reference: '#a' } }], { contained }))).toMatchObject({
      entries: [],
      unreadable: [{ line: 1, reason: 'names and identifiers must hold no NUL and no half of a character' }],
    });
  });

  test.each([
    ['1955-01-02', '1955-01-02', []],
    ['1955', undefined, []],
    ['1955-01', undefined, []],
    ['0000-01-02', undefined, ['birthDate must be a date like 1955-01-02']],
    ['1955-02-30', undefined, ['birthDate must be a date like 1955-01-02']],
  ])('born on %s: less than a day says nothing, and what is no day is unreadable', (birthDate, expected, reasons) => {
    const contained = [{ ...patient('a', '1'), birthDate }];
    const list = read(group([{ entity: { reference: '#a' } }], { contained }));
    expect([list.entries[0]?.birthDate, list.unreadable.map(({ reason }) => reason)]).toEqual([expected, reasons]);
  });
});

test.each([['nothing'], [{}], [{ resourceType: 'Group', type: 'device' }], [{ resourceType: 'Bundle', entry: [] }]])(
  'what is no Group of persons is refused: %j',
  (body) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ code: 'ops.request-invalid' }));
  },
);
