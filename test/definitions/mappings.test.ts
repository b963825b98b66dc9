// The mappings as they are shipped: every trigger event is decided, every fact has its fields, and every row of every
// table does what it says when a message uses it.

import { describe, expect, test } from 'vitest';
import { readMappings } from '../../src/catalog/mappings.ts';
import type { Code } from '../../src/domain/code.ts';
import { destinations } from '../../src/domain/encounter/event.ts';
import { type FactName, factNames } from '../../src/translate/from-hl7/fact.ts';
import { type TableName, tableNames } from '../../src/translate/from-hl7/table.ts';
import { understandAs } from '../support/feed-language.ts';
import { anAdmission, segment } from '../support/hl7.ts';

const { adt, tables, problems } = readMappings('mappings');

test('they hold no problems', () => {
  expect(problems).toEqual([]);
});

describe('trigger events', () => {
  const all = Array.from({ length: 62 }, (_, index) => `A${String(index + 1).padStart(2, '0')}`);
  const decided = {
    A01: { effect: 'encounter', kind: 'admitted' },
    A02: { effect: 'encounter', kind: 'transferred' },
    A03: { effect: 'encounter', kind: 'discharged' },
    A04: { effect: 'encounter', kind: 'registered' },
    A05: { effect: 'encounter', kind: 'pre-admitted' },
    A06: { effect: 'encounter', kind: 'class-changed' },
    A07: { effect: 'encounter', kind: 'class-changed' },
    A08: { effect: 'encounter', kind: 'updated' },
    A11: { effect: 'encounter', kind: 'admission-cancelled' },
    A12: { effect: 'encounter', kind: 'transfer-cancelled' },
    A13: { effect: 'encounter', kind: 'discharge-cancelled' },
    A14: { effect: 'encounter', kind: 'pre-admitted' },
    A17: { effect: 'swap' },
    A18: { effect: 'merge' },
    A21: { effect: 'encounter', kind: 'leave-began' },
    A22: { effect: 'encounter', kind: 'leave-ended' },
    A23: { effect: 'encounter', kind: 'deleted' },
    A24: { effect: 'link' },
    A27: { effect: 'encounter', kind: 'pre-admission-cancelled' },
    A28: { effect: 'person' },
    A29: { effect: 'person-deleted' },
    A30: { effect: 'merge' },
    A31: { effect: 'person' },
    A34: { effect: 'merge' },
    A35: { effect: 'merge-account' },
    A36: { effect: 'merge' },
    A37: { effect: 'unlink' },
    A38: { effect: 'encounter', kind: 'pre-admission-cancelled' },
    A39: { effect: 'merge' },
    A40: { effect: 'merge' },
    A41: { effect: 'merge-account' },
    A42: { effect: 'merge-visit' },
    A43: { effect: 'move-identifiers' },
    A44: { effect: 'move-account' },
    A45: { effect: 'move-visit' },
    A46: { effect: 'rename-identifiers' },
    A47: { effect: 'rename-identifiers' },
    A48: { effect: 'rename-identifiers' },
    A49: { effect: 'rename-account' },
    A50: { effect: 'rename-visit' },
    A51: { effect: 'rename-visit' },
    A52: { effect: 'encounter', kind: 'leave-ended' },
    A53: { effect: 'encounter', kind: 'leave-began' },
    A54: { effect: 'encounter', kind: 'doctors-changed' },
    A55: { effect: 'encounter', kind: 'doctors-changed' },
    A60: { effect: 'person' },
    A61: { effect: 'encounter', kind: 'doctors-changed' },
    A62: { effect: 'encounter', kind: 'doctors-changed' },
  };

  test('A01 to A62 are all decided, and no other', () => {
    expect(Object.keys(adt.events).sort()).toEqual(all);
  });

  test.each(Object.entries(decided))('%s', (event, effect) => {
    expect(adt.events[event]).toEqual(effect);
  });

  test('every other is ignored, with a reason in words', () => {
    for (const event of all.filter((each) => !Object.hasOwn(decided, each))) {
      expect(adt.events[event]).toEqual({
        effect: 'ignored',
        reason: expect.stringMatching(/^(?!.*\byet\b)[\w ,;().-]{20,}$/),
      });
    }
  });
});

describe('facts', () => {
  test('have all their fields', () => {
    expect(Object.keys(adt.fields).sort()).toEqual([...factNames].sort());
    for (const fact of factNames) expect(adt.fields[fact]).not.toEqual([]);
  });

  /** A value for the field of each fact that is said of the stay, and where it is to be found then. */
  const ofStay: Partial<Record<FactName, readonly [string, string]>> = {
    class: ['I', 'class'],
    place: ['4W', 'place'],
    'admission-type': ['E', 'admissionType'],
    'pre-admission-number': ['P1', 'preAdmissionNumber'],
    attending: ['1^A', 'attending'],
    referring: ['1^A', 'referring'],
    consulting: ['1^A', 'consulting'],
    service: ['MED', 'service'],
    're-admission': ['R', 'reAdmission'],
    'admit-source': ['1', 'admitSource'],
    admitting: ['1^A', 'admitting'],
    disposition: ['01', 'disposition'],
    'discharged-to': ['HOME', 'dischargedTo'],
    'admitted-at': ['20261118', 'admittedAt'],
    'discharged-at': ['20261120', 'dischargedAt'],
    reason: ['^Pain', 'reason'],
  };

  test.each(Object.entries(ofStay))('%s is read from its field alone', (fact, [value, key]) => {
    const [name = '', field = '0'] = adt.fields[fact]?.[0]?.split('-') ?? [];
    const text = anAdmission({ without: ['PV1'], segments: [segment(name, { [Number(field)]: value })] });
    expect(Object.keys(understandAs('encounter', text).event.facts)).toEqual([key]);
  });
});

/** Everything that a message with these fields says, besides who and which event. */
function said(fields: Readonly<Record<string, string>>) {
  const all = Object.entries({ 'PID-3': '1001^^^GH', ...fields });
  const segments = ['PID', 'PD1', 'NK1', 'PV1', 'AL1', 'DG1'].flatMap((name) => {
    const own = all.filter(([path]) => path.startsWith(name)).map(([path, value]) => [path.slice(4), value] as const);
    return own.length === 0 ? [] : [segment(name, Object.fromEntries(own))];
  });
  const notice = understandAs('encounter', anAdmission({ without: ['PID', 'PV1'], segments }));
  return {
    ...notice.subject.demographics,
    ...notice.event.facts,
    allergies: notice.subject.allergies,
    unmapped: notice.unmapped,
  };
}

describe('code tables', () => {
  type Said = ReturnType<typeof said>;
  const hl7 = 'http://terminology.hl7.org/CodeSystem/';
  const cdc = 'urn:oid:2.16.840.1.113883.6.238';

  /** A code as tables write it: bare when it is of the table's own system. */
  const written = (code: Code | null | undefined, own = ''): string | undefined =>
    code?.system === own || code?.code === undefined ? code?.code : `${code.system?.split('/').at(-1)}#${code.code}`;

  /** The fields in which a message uses a code of each table, and what that comes to. */
  const uses: Partial<Record<TableName, readonly [(code: string) => Record<string, string>, (said: Said) => unknown]>> =
    {
      'address-use': [(code) => ({ 'PID-11': `1 Main^^^^^^${code}` }), (is) => is.addresses?.[0]?.use],
      'admission-type': [(code) => ({ 'PV1-4': code }), (is) => written(is.admissionType)],
      'code-system': [(code) => ({ 'DG1-3': `X^^${code}` }), (is) => is.diagnoses?.[0]?.code.system],
      'diagnosis-type': [(code) => ({ 'DG1-3': 'X', 'DG1-6': code }), (is) => is.diagnoses?.[0]?.role],
      'discharge-disposition': [(code) => ({ 'PV1-36': code }), (is) => is.disposition?.destination],
      ethnicity: [(code) => ({ 'PID-22': code }), (is) => written(is.ethnicity, cdc)],
      'allergy-category': [
        (code) => ({ 'AL1-2': code, 'AL1-3': 'X' }),
        (is) => is.allergies?.said[0]?.allergy.category,
      ],
      'allergy-severity': [
        (code) => ({ 'AL1-3': 'X', 'AL1-4': code }),
        (is) => is.allergies?.said[0]?.allergy.criticality,
      ],
      gender: [(code) => ({ 'PID-8': code }), (is) => is.gender],
      language: [(code) => ({ 'PID-15': code }), (is) => is.language?.code],
      'marital-status': [(code) => ({ 'PID-16': code }), (is) => written(is.maritalStatus, `${hl7}v3-MaritalStatus`)],
      'name-use': [(code) => ({ 'PID-5': `A^B^^^^^${code}` }), (is) => is.names?.[0]?.use],
      'patient-class': [(code) => ({ 'PV1-2': code }), (is) => written(is.class, `${hl7}v3-ActCode`)],
      race: [(code) => ({ 'PID-10': code }), (is) => written(is.race?.[0], cdc)],
      're-admission': [(code) => ({ 'PV1-13': code }), (is) => is.reAdmission?.toString()],
      relationship: [(code) => ({ 'NK1-2': 'A', 'NK1-3': code }), (is) => written(is.contacts?.[0]?.relationship)],
      'telecom-equipment': [(code) => ({ 'PID-13': `5^^${code}` }), (is) => is.telecoms?.[0]?.system],
      'telecom-use': [(code) => ({ 'PID-14': `5^${code}^PH` }), (is) => is.telecoms?.[0]?.use],
      'yes-no': [(code) => ({ 'PID-30': code }), (is) => is.deceased?.toString()],
    };
  /** Where a row leads to nothing, or to what is no fact, the field still has a meaning of its own. */
  const meaning = (name: TableName, to: string): string | undefined => {
    if (name === 'telecom-use' && to === '') return 'work';
    return to === '' || to === 'still-patient' ? undefined : to;
  };

  /** The others are asked by documents, appointments and FHIR (test/unit/translate). */
  const ofAdt = tableNames.filter((name) => uses[name]);
  const useOf = (name: TableName) => uses[name] as NonNullable<(typeof uses)[TableName]>;

  test.each(ofAdt)('%s: every row does what it says', (name) => {
    const rows = Object.entries(tables[name]?.rows ?? {}).filter(([from]) => from !== '');
    expect(rows.length).toBeGreaterThan(2);
    const [fields, result] = useOf(name);
    const found = rows.map(([from]) => [from, result(said(fields(from)))]);
    expect(found).toEqual(rows.map(([from, { to }]) => [from, meaning(name, to)]));
    expect(rows.flatMap(([from]) => said(fields(from)).unmapped)).toEqual([]);
  });

  test.each(ofAdt)('%s: a code it lacks is counted', (name) => {
    const [fields] = useOf(name);
    expect(said(fields('QQQQ')).unmapped).toEqual([{ table: name, code: 'QQQQ' }]);
  });

  test('every destination but `unknown` has a code, and every other code leads to `unknown`', () => {
    const { '': other, ...rows } = tables['discharge-disposition']?.rows ?? {};
    const reached = new Set(Object.values(rows).map(({ to }) => to));
    expect(destinations.filter((destination) => !reached.has(destination))).toEqual(['unknown']);
    expect(other?.to).toBe('unknown');
  });
});
