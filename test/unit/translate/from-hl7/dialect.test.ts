// What a partner file may say otherwise than the standard: fields, events, codes, identifiers, observation, actions.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { feedLanguage } from '../../../../src/catalog/feed-language.ts';
import { readMappings } from '../../../../src/catalog/mappings.ts';
import { readPartners } from '../../../../src/catalog/partners.ts';
import { applyDiagnosisActions } from '../../../../src/domain/encounter/diagnosis-actions.ts';
import { foldStays } from '../../../../src/domain/encounter/timeline.ts';
import type { FeedLanguage } from '../../../../src/translate/from-hl7/dialect.ts';
import { holding, tell } from '../../../support/definition-files.ts';
import { understand, understandAs } from '../../../support/feed-language.ts';
import { aDischarge, anAdmission, anAdt, anUpdate, segment } from '../../../support/hl7.ts';

const mappings = readMappings('mappings');

/** A feed whose file has these lines beside what every file must have. */
function speaking(...lines: readonly string[]): FeedLanguage {
  const needed = [
    'kind: feed',
    'id: a-feed',
    'name: A Feed',
    'organisation: a-practice',
    'processing-ids: [P]',
    'zone: America/New_York',
    'authority: { uri: "https://feed.example/mrn", name: A Feed }',
    'panel: all',
  ];
  const { feeds, problems } = readPartners(holding('a-feed.yaml', [...needed, ...lines].join('\n')));
  expect(tell(problems)).toEqual([]);
  return feedLanguage(feeds[0]!, mappings);
}

const eventOf = (text: string, language: FeedLanguage) => understandAs('encounter', text, language).event;

describe('fields', () => {
  const language = speaking('fields: { visit-number: [PV1-50, PV1-19], disposition: [ZPV-3.1, PV1-36] }');

  test('a fact comes from the first of the partner’s fields that is filled', () => {
    const both = anAdmission({ visit: 'V1' }).replace(/(PV1.*)\r/, `$1${'|'.repeat(31)}V50\r`);
    expect(eventOf(both, language).visit?.value).toBe('V50');
    expect(eventOf(anAdmission({ visit: 'V1' }), language).visit?.value).toBe('V1');
  });

  test('one that the partner leaves out of its list is not looked at', () => {
    expect(eventOf(anAdmission({ visit: '', account: 'A1' }), language).visit).toBeUndefined();
  });

  test('a Z segment gives a fact, by component', () => {
    const zpv = segment('ZPV', { 3: '20^Expired' });
    const told = eventOf(aDischarge({ disposition: '01', segments: [zpv] }), language);
    expect(told.facts.disposition).toEqual({ code: '20', destination: 'expired' });
  });

  test('facts that the partner does not name keep the site’s fields', () => {
    expect(language.mapping.fields.class).toEqual(['PV1-2']);
  });
});

describe('events', () => {
  const language = speaking('events: { Z01: admitted, A08: { ignored: "repeated as Z08" }, Z08: updated }');

  test('a Z event has the effect that the partner gives it', () => {
    expect(eventOf(anAdt({ event: 'Z01' }), language)).toMatchObject({ kind: 'admitted', trigger: 'Z01' });
  });

  test('a trigger of the standard too', () => {
    expect(understand(anUpdate(), language)).toEqual({ kind: 'ignored', trigger: 'A08', reason: 'repeated as Z08' });
    expect(eventOf(aDischarge(), language).kind).toBe('discharged');
  });

  test('for another partner it still means nothing', () => {
    expect(understand(anAdt({ event: 'Z01' }), speaking())).toMatchObject({
      kind: 'ignored',
      reason: 'event Z01 has no meaning here',
    });
  });
});

describe('codes', () => {
  test('a row of the partner stands for those of the site, whatever their case', () => {
    const language = speaking('codes: { patient-class: { e: OBSENC, sds: AMB } }');
    for (const sent of ['E', 'e'])
      expect(eventOf(anAdmission({ class: sent }), language).facts.class?.code).toBe('OBSENC');
    const notice = understandAs('encounter', anAdmission({ class: 'SDS' }), language);
    expect(notice.event.facts.class?.code).toBe('AMB');
    expect(notice.unmapped).toEqual([]);
    expect(eventOf(anAdmission({ class: 'I' }), language).facts.class?.code).toBe('IMP');
  });
});

describe('identifiers', () => {
  const identifiers = 'M1^^^GH^MR~P1^^^GH^PI~C1^^^GH^MC~S1^^^USSSA^SS';
  const values = (language: FeedLanguage) =>
    understandAs('encounter', anAdmission({ identifiers }), language).subject.identifiers.map((each) => each.value);

  test('types stand for a person as in table 0203, unless the partner uses them otherwise', () => {
    expect(values(speaking())).toEqual(['M1', 'P1']);
    expect(values(speaking('identifier-types: { person: [mc], left-out: [PI] }'))).toEqual(['M1', 'C1']);
  });
});

describe('observation', () => {
  const language = speaking('observation: [{ field: PV1-18, in: [OBS] }, { field: PV1-10, in: [obsv] }]');
  const withPatientType = (type: string) => anAdmission({ class: 'O' }).replace(/\|V1\r/, `${type}|V1\r`);

  test('is told by any of the fields agreed on, whatever the class', () => {
    expect(eventOf(withPatientType('OBS'), language).facts.class?.code).toBe('OBSENC');
    expect(eventOf(anAdmission({ class: 'I', service: 'OBSV' }), language).facts.class?.code).toBe('OBSENC');
  });

  test('else the class holds', () => {
    expect(eventOf(withPatientType('SUR'), language).facts.class?.code).toBe('AMB');
    expect(eventOf(withPatientType('OBS'), speaking()).facts.class?.code).toBe('AMB');
  });
});

describe('action mode', () => {
  const language = speaking('mode: action');
  const dg1 = (action: string | undefined, code: string, key?: string, text?: string) =>
    segment('DG1', { 1: '1', 3: `${code}^${text ?? ''}^ICD-10-CM`, 20: key, 21: action });
  const at = (minute: number) => `2026112015${String(minute).padStart(2, '0')}00-0500`;
  const told = (minute: number, ...segments: string[]) =>
    understandAs('encounter', anUpdate({ at: at(minute), segments }), language, `d${minute}`);
  const known = (...notices: ReturnType<typeof told>[]) =>
    (foldStays(notices.map((notice) => notice.event))[0]?.facts.diagnoses ?? []).map(
      ({ code }) => `${code.code}${code.text ?? ''}`,
    );

  test('A adds, U updates, D deletes, X leaves; by DG1-20, else by the code', () => {
    const admitted = told(0, dg1('A', 'I50.9', 'k1'), dg1('A', 'E11.9'));
    expect(known(admitted)).toEqual(['I50.9', 'E11.9']);
    expect(known(admitted, told(1, dg1('U', 'I50.21', 'k1')))).toEqual(['I50.21', 'E11.9']);
    expect(known(admitted, told(1, dg1('D', 'E11.9')))).toEqual(['I50.9']);
    expect(known(admitted, told(1, dg1('X', 'E11.9')))).toEqual(['I50.9', 'E11.9']);
    expect(known(admitted, told(1, segment('DG1', { 20: 'k1', 21: 'D' })))).toEqual(['E11.9']);
  });

  test('no DG1 says nothing, and a DG1 without a code for its action is put, with a flag', () => {
    expect(known(told(0, dg1('A', 'I50.9')), told(1))).toEqual(['I50.9']);
    const notice = told(0, dg1(undefined, 'I50.9'));
    expect(known(notice)).toEqual(['I50.9']);
    expect(notice.warnings).toContainEqual({ code: 'action-missing', field: 'DG1-21' });
  });

  test('in snapshot mode the group replaces the group', () => {
    const plain = (minute: number, ...segments: string[]) =>
      understandAs('encounter', anUpdate({ at: at(minute), segments }), speaking(), `d${minute}`);
    expect(known(plain(0, dg1('A', 'I50.9'), dg1('A', 'E11.9')), plain(1, dg1('U', 'E11.9')))).toEqual(['E11.9']);
  });

  test('any order of arrival, and any repetition, gives the same diagnoses', () => {
    const step = fc.record({
      action: fc.constantFrom('A', 'U', 'D', 'X'),
      code: fc.constantFrom('I50.9', 'E11.9', 'N18.3'),
      key: fc.constantFrom(undefined, 'k1', 'k2'),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), fc.infiniteStream(fc.nat()), (steps, order) => {
        const notices = steps.map(({ action, code, key }, index) => told(index, dg1(action, code, key)));
        const shuffled = [...notices, notices[0]!]
          .map((notice) => ({ notice, rank: order.next().value as number }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ notice }) => notice);
        expect(known(...shuffled)).toEqual(known(...notices));
      }),
      { numRuns: 200 },
    );
  });

  test('deleting what is not known changes nothing', () => {
    const diagnoses = [{ code: { code: 'I50.9' } }];
    expect(applyDiagnosisActions(diagnoses, [{ action: 'delete', key: 'k9' }])).toEqual(diagnoses);
  });
});
