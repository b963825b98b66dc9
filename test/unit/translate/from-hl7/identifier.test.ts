// Identifiers and their authorities (CX and HD, HL7 v2.5.1 ch. 2.A.14 and 2.A.33), of patients and of visits.

import { describe, expect, test } from 'vitest';
import {
  aFeedLanguage,
  mrnAuthority,
  understand,
  understandAs,
  visitAuthority,
} from '../../../support/feed-language.ts';
import { type AdtOptions, aMerge, anAdmission, anAdt, aPersonUpdate } from '../../../support/hl7.ts';

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

describe('a facility with an authority of its own (facility-authorities)', () => {
  const west = { uri: 'https://west.example/mrn', name: 'West' };
  const language = aFeedLanguage({
    facilityAuthorities: { WEST: west, '1.2.3.9': west },
    authorities: { W: west, GH: { uri: mrnAuthority, name: 'General Hospital' } },
  });
  const silent = { identifiers: '1001^^^^MR', visit: 'V1', account: 'A1' };
  const read = (options: AdtOptions, speaking = language) =>
    understandAs('encounter', anAdmission({ ...silent, ...options }), speaking);
  const authoritiesOf = ({ subject, event }: ReturnType<typeof read>) => [
    subject.identifiers[0]?.authority,
    event.visit?.authority,
    event.account?.authority,
  ];
  const ofWest = [west.uri, `${west.uri}/visit`, `${west.uri}/visit/account`];
  const ofFeed = [mrnAuthority, visitAuthority, `${visitAuthority}/account`];

  test.each([
    ['named by MSH-4', { facility: 'WEST' }, ofWest],
    ['by its universal id', { facility: '^1.2.3.9^ISO' }, ofWest],
    ['by both, its namespace first', { facility: 'WEST^9.9.9^ISO' }, ofWest],
    ['another', { facility: 'GH' }, ofFeed],
    ['none', { facility: '' }, ofFeed],
    ['constructor', { facility: 'constructor' }, ofFeed],
  ])('gives its authority to numbers that name none: %s', (_, options, expected) => {
    expect(authoritiesOf(read(options))).toEqual(expected);
    expect(authoritiesOf(read({ ...options, identifiers: '1001^^^""^MR', visit: 'V1^^^""' }))).toEqual(expected);
  });

  test('is named as the one who gave the number', () => {
    const { subject, event } = read({ facility: 'WEST' });
    expect([subject.identifiers[0]?.assigner, event.visit?.assigner]).toEqual(['West', 'West']);
  });

  test('gives way to what CX-4 says', () => {
    const { subject } = read({ facility: 'WEST', identifiers: '1001^^^GH^MR~1001^^^^MR~7^^^MPI^PI' });
    expect(subject.identifiers.map(({ authority }) => authority)).toEqual([
      mrnAuthority,
      west.uri,
      'urn:throughline:authority:general-hospital:mpi',
    ]);
  });

  test('keeps visits apart from patients, whoever sends them', () => {
    const visitOf = (facility: string, visit: string) => read({ facility, visit }).event.visit?.authority;
    expect(visitOf('GH', 'V1^^^W')).toBe(`${west.uri}/visit`);
    expect(visitOf('WEST', 'V1^^^W')).toBe(`${west.uri}/visit`);
    expect(visitOf('WEST', 'V1^^^GH')).toBe(visitAuthority);
  });

  test('changes nothing where the authority is the feed’s own', () => {
    const same = aFeedLanguage({ facilityAuthorities: { GH: { uri: mrnAuthority, name: 'General Hospital' } } });
    for (const options of [{}, { visit: 'V1^^^GH' }, { visit: 'V1^^^VISITS' }, { identifiers: '7^^^GH' }])
      expect(read(options, same)).toEqual(read(options, aFeedLanguage()));
  });

  test('in PID-2 and PID-4 of old senders too', () => {
    const text = anAdmission({ without: ['PID'], segments: ['PID|1|EXT2||ALT4'], facility: 'WEST' });
    expect(understandAs('encounter', text, language).subject.identifiers).toMatchObject([
      { authority: west.uri, value: 'EXT2' },
    ]);
  });

  test.each(['A06', 'A07'])('on %s in MRG-3 and MRG-5', (event) => {
    const told = understandAs(
      'encounter',
      anAdt({ event, facility: 'WEST', segments: ['MRG|1001||A0||V0'] }),
      language,
    );
    expect(told.event.formerVisit).toMatchObject({ authority: `${west.uri}/visit`, value: 'V0' });
    expect(told.event.formerAccount?.authority).toBe(`${west.uri}/visit/account`);
  });

  test('in MRG-1: a merge is one within the facility', () => {
    const merge = (facility: string) =>
      understandAs('merge', aMerge({ facility, survivor: '1001^^^^MR', retired: '1002^^^^MR' }), language).pairs[0];
    for (const [facility, authority] of [
      ['WEST', west.uri],
      ['GH', mrnAuthority],
    ] as const) {
      expect(merge(facility)?.survivor.identifiers).toMatchObject([{ value: '1001', authority }]);
      expect(merge(facility)?.retired.identifiers).toMatchObject([{ value: '1002', authority }]);
    }
  });

  test('in moves of stays (A45): MRG-1, MRG-5 and PV1-19', () => {
    const text = anAdt({ ...silent, event: 'A45', facility: 'WEST', segments: ['MRG|1002||||V1'] });
    const { moves } = understandAs('move-stays', text, language);
    expect(moves[0]).toMatchObject({
      target: { identifiers: [{ value: '1001', authority: west.uri }] },
      source: { identifiers: [{ value: '1002', authority: west.uri }] },
      visits: [{ value: 'V1', authority: `${west.uri}/visit` }],
    });
  });
});
