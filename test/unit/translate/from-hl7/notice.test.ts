// What kind of notice a message becomes (HL7 v2.9 ch. 3.3; mappings/hl7v2/adt.yaml).

import { describe, expect, test } from 'vitest';
import { understand, understandAs } from '../../../support/feed-language.ts';
import {
  aDischarge,
  aMerge,
  anAdmission,
  anAdt,
  anUpdate,
  aPersonUpdate,
  aRegistration,
} from '../../../support/hl7.ts';

describe('a trigger event decides', () => {
  test.each([
    ['A01', 'admitted'],
    ['A02', 'transferred'],
    ['A03', 'discharged'],
    ['A04', 'registered'],
    ['A05', 'pre-admitted'],
    ['A06', 'class-changed'],
    ['A07', 'class-changed'],
    ['A08', 'updated'],
    ['A11', 'admission-cancelled'],
    ['A12', 'transfer-cancelled'],
    ['A13', 'discharge-cancelled'],
    ['A14', 'pre-admitted'],
    ['A21', 'leave-began'],
    ['A22', 'leave-ended'],
    ['A23', 'deleted'],
    ['A27', 'pre-admission-cancelled'],
    ['A38', 'pre-admission-cancelled'],
    ['A52', 'leave-ended'],
    ['A53', 'leave-began'],
    ['A54', 'doctors-changed'],
    ['A55', 'doctors-changed'],
    ['A61', 'doctors-changed'],
    ['A62', 'doctors-changed'],
  ])('%s is an encounter event: %s', (event, kind) => {
    const notice = understandAs('encounter', anAdt({ event }));
    expect(notice.event).toMatchObject({
      kind,
      trigger: event,
      id: 'digest',
      partner: 'general-hospital',
      facility: 'GH',
    });
    expect(notice.warnings).toEqual([]);
  });

  test.each(['A28', 'A31'])('%s concerns the person alone, even with a visit', (event) => {
    expect(understand(anAdt({ event })).kind).toBe('person');
  });

  test('A29 says of the person that the record is deleted, and no more', () => {
    const notice = understandAs('person', anAdt({ event: 'A29', without: ['PV1'] }));
    expect(notice.subject.identifiers).toHaveLength(1);
    expect(notice.subject.demographics).toEqual({ deleted: true });
  });

  test('A40 is a merge', () => {
    expect(understand(aMerge()).kind).toBe('merge');
  });

  test.each(['A18', 'A30', 'A34', 'A36', 'A39'])('%s, withdrawn by HL7, is a merge too, with a warning', (event) => {
    const notice = understandAs('merge', aMerge({ event }));
    expect(notice.pairs).toHaveLength(1);
    expect(notice.warnings).toEqual([{ code: 'event-withdrawn', field: 'MSH-9' }]);
  });

  test.each(['A54', 'A55', 'A61', 'A62'])('%s says nothing of a discharge', (event) => {
    const text = anAdt({ event, attending: '7001^Frost^Ida', disposition: '01', dischargedAt: '20261120140000' });
    const { facts } = understandAs('encounter', text).event;
    expect(facts).toMatchObject({ attending: [{ name: { family: 'Frost' } }], class: { code: 'IMP' } });
    expect(facts).not.toHaveProperty('disposition');
    expect(facts).not.toHaveProperty('dischargedAt');
  });

  test('an event without effect is ignored with its reason, whatever else it lacks', () => {
    const notice = understand(anAdt({ event: 'A20', mrn: '', at: '', without: ['PID'] }));
    expect(notice).toEqual({ kind: 'ignored', trigger: 'A20', reason: 'bed status is not tracked' });
  });

  test.each(['A99', 'Z01', '__PROTO__', 'CONSTRUCTOR'])('an event that nobody decided, %s, is ignored', (event) => {
    expect(understand(anAdt({ event }))).toMatchObject({
      kind: 'ignored',
      reason: expect.stringMatching(/^event .* has no meaning here$/),
    });
  });

  test('a reason never repeats what a message put in place of a code', () => {
    const notice = understandAs('ignored', anAdt({ event: 'winter, ada 1955-01-02' }));
    expect(notice.trigger).toBe('WINTERADA1');
  });
});

describe('the header decides', () => {
  test('a type other than ADT is ignored', () => {
    const text = anAdmission().replace('ADT^A01', 'ORU^R01');
    expect(understand(text)).toEqual({ kind: 'ignored', trigger: 'R01', reason: 'message type ORU is not used here' });
  });

  test('without an event in MSH-9, EVN-1 tells it (v2.1 and v2.2 senders)', () => {
    const notice = understandAs('encounter', anAdmission().replace('ADT^A01', 'ADT'));
    expect(notice.event.kind).toBe('admitted');
    expect(notice.warnings).toEqual([{ code: 'event-from-evn', field: 'MSH-9' }]);
  });

  test('with neither, the message is ignored', () => {
    const text = anAdmission({ without: ['EVN'] }).replace('ADT^A01', 'ADT');
    expect(understand(text)).toEqual({ kind: 'ignored', trigger: '', reason: 'the message names no event' });
  });

  test('where MSH-9 and EVN-1 differ, MSH-9 counts, with a warning', () => {
    const notice = understandAs('encounter', aDischarge().replace('EVN|A03', 'EVN|A01'));
    expect(notice.event.kind).toBe('discharged');
    expect(notice.warnings).toEqual([{ code: 'event-contradicted', field: 'EVN-1' }]);
  });

  test('lower case is taken for what it means', () => {
    expect(understandAs('encounter', anAdmission().replace('ADT^A01', 'adt^a01')).event.trigger).toBe('A01');
  });

  test('without a type: hl7.type-missing', () => {
    expect(() => understand(anAdmission().replace('ADT^A01', ''))).toThrow(
      expect.objectContaining({ code: 'hl7.type-missing' }),
    );
  });
});

describe('an update without a stay concerns the person', () => {
  test('without PV1', () => {
    expect(understand(anUpdate({ without: ['PV1'] })).kind).toBe('person');
  });

  test('without PV1, an account number alone makes no stay', () => {
    expect(understand(anUpdate({ without: ['PV1'], account: 'ACC1' })).kind).toBe('person');
  });

  test('with a PV1 that says nothing', () => {
    expect(understand(anUpdate({ visit: '', class: '', location: '' })).kind).toBe('person');
  });

  test('with the class N, not applicable, and nothing else', () => {
    expect(understand(anUpdate({ visit: '', class: 'N', location: '' })).kind).toBe('person');
  });

  test('but a class, a place or a number is a stay', () => {
    expect(understand(anUpdate({ visit: '', class: 'I', location: '' })).kind).toBe('encounter');
    expect(understand(anUpdate({ visit: '', class: '', location: '4W' })).kind).toBe('encounter');
    expect(understand(anUpdate({ visit: 'V1', class: 'N', location: '' })).kind).toBe('encounter');
  });

  test('a diagnosis that belongs to no stay is noted', () => {
    const notice = understandAs('person', anUpdate({ without: ['PV1'], diagnoses: ['I50.9^Heart failure^I10'] }));
    expect(notice.warnings).toEqual([{ code: 'diagnosis-without-stay', field: 'DG1-3' }]);
  });
});

describe('other events happen even without PV1', () => {
  test.each(['A01', 'A03', 'A11', 'A13'])('%s without PV1 is an event without visit and facts', (event) => {
    const notice = understandAs('encounter', anAdt({ event, without: ['PV1'] }));
    expect(notice.event.facts).toEqual({});
    expect(notice.event).not.toHaveProperty('visit');
  });
});

describe('the patient must be there', () => {
  test('without PID: hl7.segment-missing', () => {
    for (const text of [anAdmission({ without: ['PID'] }), aPersonUpdate({ without: ['PID', 'PV1'] })]) {
      expect(() => understand(text)).toThrow(expect.objectContaining({ code: 'hl7.segment-missing' }));
    }
  });

  test('without an identifier: hl7.patient-unidentified', () => {
    expect(() => understand(aRegistration({ mrn: '' }))).toThrow(
      expect.objectContaining({ code: 'hl7.patient-unidentified' }),
    );
  });

  test('of several PID segments the first counts, with a warning', () => {
    const notice = understandAs('encounter', anAdmission({ segments: ['PID|2||2002^^^GH^MR'] }));
    expect(notice.subject.identifiers.map((identifier) => identifier.value)).toEqual(['1001']);
    expect(notice.warnings).toEqual([{ code: 'segment-repeated', field: 'PID' }]);
  });
});

test('the same message gives the same notice, and leaves nothing of one in the other', () => {
  const text = aDischarge({ disposition: 'ZZ' });
  expect(understand(text)).toEqual(understand(text));
});
