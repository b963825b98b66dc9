// Identifiers and their authorities (CX and HD, HL7 v2.5.1 ch. 2.A.14 and 2.A.33), of patients and of visits.

import { describe, expect, test } from 'vitest';
import {
  aFeedLanguage,
  mrnAuthority,
  understand,
  understandAs,
  visitAuthority,
} from '../../../support/feed-language.ts';
import { type AdtOptions, anAdmission, anAdt, aPersonUpdate } from '../../../support/hl7.ts';

const identifiersOf = (options: AdtOptions, language = aFeedLanguage()) =>
  understandAs('encounter', anAdmission(options), language).subject.identifiers;
const authorityOf = (cx4: string): string | undefined =>
  identifiersOf({ identifiers: `1001^^^${cx4}^MR` })[0]?.authority;

describe('the authority of an identifier', () => {
  test('is the registered one, by its namespace', () => {
    expect(identifiersOf({ identifiers: '1001^^^GH^MR' })).toEqual([
      { authority: mrnAuthority, value: '1001', type: 'MR', assigner: 'General Hospital' },
    ]);
  });

  test('or by its universal id', () => {
    const authority = { uri: 'https://other.example/mrn', name: 'Other' };
    const language = aFeedLanguage({ authorities: { '1.2.3.4': authority } });
    expect(identifiersOf({ identifiers: '1001^^^X&1.2.3.4&ISO^MR' }, language)[0]).toMatchObject({
      authority: authority.uri,
      assigner: 'Other',
    });
  });

  test('is the default one where none is named', () => {
    expect(authorityOf('')).toBe(mrnAuthority);
    expect(authorityOf('""')).toBe(mrnAuthority);
  });

  test.each([
    ['HOSP', 'urn:throughline:authority:general-hospital:hosp'],
    ['Good Health  Hospital', 'urn:throughline:authority:general-hospital:good-health-hospital'],
    ['A.B', 'urn:throughline:authority:general-hospital:a.b'],
    ['A/B', 'urn:throughline:authority:general-hospital:a_2fb'],
    ['constructor', 'urn:throughline:authority:general-hospital:constructor'],
    ['HOSP&2.16.840.1.113883.19.1&ISO', 'urn:oid:2.16.840.1.113883.19.1'],
    ['&2.16.840.1.113883.19.1', 'urn:oid:2.16.840.1.113883.19.1'],
    ['HOSP&not an oid&ISO', 'urn:throughline:authority:general-hospital:hosp'],
    ['HOSP&2.16.1&HCD', 'urn:throughline:authority:general-hospital:hosp'],
    ['&0A1B2C3D-0000-4000-8000-0123456789AB&UUID', 'urn:uuid:0a1b2c3d-0000-4000-8000-0123456789ab'],
    ['HOSP&https://hosp.example/mrn&URI', 'https://hosp.example/mrn'],
    ['&hosp.example&DNS', 'urn:throughline:authority:general-hospital:hosp.example'],
  ])('%s is %s', (cx4, uri) => {
    expect(authorityOf(cx4)).toBe(uri);
  });
});

describe('the identifiers of a patient', () => {
  test('are all of PID-3, each once', () => {
    const identifiers = identifiersOf({ identifiers: '1001^^^GH^MR~77^^^MPI^PI~1001^^^GH^MR~ 78 ^^^MPI^PI' });
    expect(identifiers.map(({ value, type }) => [value, type])).toEqual([
      ['1001', 'MR'],
      ['77', 'PI'],
      ['78', 'PI'],
    ]);
  });

  test.each(['SS', 'AN', 'VN', 'DL', 'PPN', 'MC', 'MA', 'MB', 'ss'])('do not include type %s', (type) => {
    const identifiers = identifiersOf({ identifiers: `1001^^^GH^MR~999^^^GH^${type}` });
    expect(identifiers.map((identifier) => identifier.value)).toEqual(['1001']);
  });

  test.each(['NI', 'PI', 'PT', 'EPI', 'MRN', ''])('do include type %s', (type) => {
    expect(identifiersOf({ identifiers: `999^^^GH^${type}` }).map((identifier) => identifier.value)).toEqual(['999']);
  });

  test('do not include a social security number that comes without a type', () => {
    const identifiers = identifiersOf({ identifiers: '1001^^^GH^MR~123456789^^^USSSA~123456789^^^^^USSSA' });
    expect(identifiers.map((identifier) => identifier.value)).toEqual(['1001']);
  });

  test('do not include the social security number of PID-19', () => {
    const notice = understand(anAdmission().replace('|F\r', '|F|||||||||||123-45-6789\r'));
    expect(JSON.stringify(notice)).not.toContain('123-45-6789');
  });

  test('leave out "" and blanks', () => {
    expect(identifiersOf({ identifiers: '""^^^GH^MR~ ^^^GH^MR~1001^^^GH^MR' }).map((each) => each.value)).toEqual([
      '1001',
    ]);
  });

  test('leave out what is longer than any identifier is, and note it', () => {
    const most = 'x'.repeat(256);
    const notice = understandAs('encounter', anAdmission({ identifiers: `${most}^^^GH~${most}y^^^GH` }));
    expect(notice.subject.identifiers.map((identifier) => identifier.value)).toEqual([most]);
    expect(notice.warnings).toEqual([{ code: 'identifier-too-long', field: 'PID-3' }]);
  });

  test('are at most a hundred', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `${index}^^^GH`).join('~');
    const all = understandAs('encounter', anAdmission({ identifiers: many(100) }));
    expect([all.subject.identifiers.length, all.warnings]).toEqual([100, []]);
    const cut = understandAs('encounter', anAdmission({ identifiers: many(101) }));
    expect(cut.subject.identifiers).toHaveLength(100);
    expect(cut.warnings).toEqual([{ code: 'list-too-long', field: 'PID-3' }]);
  });

  test('come from PID-2 and then PID-4 only where PID-3 gives none (senders before v2.3)', () => {
    const person = (fields: string) => aPersonUpdate({ without: ['PID', 'PV1'], segments: [`PID|1|${fields}`] });
    const values = (text: string) => understandAs('person', text).subject.identifiers.map((each) => each.value);
    expect(values(person('EXT2|MRN3|ALT4'))).toEqual(['MRN3']);
    expect(values(person('EXT2||ALT4'))).toEqual(['EXT2']);
    expect(values(person('EXT2|123456789^^^USSSA^SS|ALT4'))).toEqual(['EXT2']);
    expect(values(person('""||ALT4'))).toEqual(['ALT4']);
  });

  test('of other types alone identify nobody', () => {
    expect(() => understand(anAdmission({ identifiers: '123456789^^^USSSA^SS' }))).toThrow(
      expect.objectContaining({ code: 'hl7.patient-unidentified' }),
    );
  });
});

describe('the visit', () => {
  const visitOf = (options: AdtOptions) => understandAs('encounter', anAdmission(options)).event.visit;

  test('is PV1-19 with the visit authority', () => {
    expect(visitOf({ visit: 'V1' })).toEqual({ authority: visitAuthority, value: 'V1', assigner: 'General Hospital' });
  });

  test('or with an authority of its own', () => {
    expect(visitOf({ visit: 'V1^^^VISITS^VN' })).toMatchObject({
      authority: 'urn:throughline:authority:general-hospital:visits',
      type: 'VN',
    });
  });

  test('by the authority of the patient numbers is no patient number', () => {
    expect(visitOf({ visit: 'V1', visitAuthority: 'GH' })?.authority).toBe(visitAuthority);
  });

  test('is PID-18 where PV1-19 is empty', () => {
    expect(visitOf({ visit: '', account: 'ACC1^^^ACCOUNTS' })).toMatchObject({
      value: 'ACC1',
      authority: 'urn:throughline:authority:general-hospital:accounts',
    });
    expect(visitOf({ visit: 'V1', account: 'ACC1' })?.value).toBe('V1');
  });

  test('is none where neither is sent, or PV1-19 is ""', () => {
    expect(visitOf({ visit: '' })).toBeUndefined();
    expect(visitOf({ visit: '""', account: 'ACC1' })).toBeUndefined();
  });

  test.each(['A06', 'A07'])('had another key before %s where MRG-5 names it', (event) => {
    const { visit, formerVisit } = understandAs('encounter', anAdt({ event, segments: ['MRG|1001^^^GH||||V0'] })).event;
    expect([visit?.value, formerVisit?.value, formerVisit?.authority]).toEqual(['V1', 'V0', visitAuthority]);
  });

  test('has no former key on other events', () => {
    const { event } = understandAs('encounter', anAdt({ event: 'A02', segments: ['MRG|1001^^^GH||||V0'] }));
    expect(event).not.toHaveProperty('formerVisit');
  });
});
