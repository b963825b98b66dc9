// A swap of beds: two patients in one message (A17, HL7 v2.9 ch. 3.3.17).

import { describe, expect, test } from 'vitest';
import type { Told } from '../../../../src/domain/notice.ts';
import { understand, understandAs } from '../../../support/feed-language.ts';
import { anAdt, segment } from '../../../support/hl7.ts';

const pid = (mrn: string) => segment('PID', { 3: `${mrn}^^^GH^MR`, 5: `Name${mrn}^A` });
const pv1 = (visit: string, bed: string) => segment('PV1', { 2: 'I', 3: `4W^401^${bed}^GH`, 19: visit });
const swap = (...segments: string[]) => anAdt({ event: 'A17', without: ['PID', 'PV1'], segments });

const told = (text: string) => {
  const notice = understandAs('several', text);
  return { ...notice, notices: notice.notices as readonly Told[] };
};

describe('a swap', () => {
  const notice = told(swap(pid('1'), pv1('V1', '2'), pid('2'), pv1('V2', '1')));

  test('is a transfer of each, with their own place and visit', () => {
    expect(
      notice.notices.map(({ subject, event }) => [
        subject.identifiers[0]?.value,
        event.kind,
        event.trigger,
        event.visit?.value,
        event.facts.place?.bed,
      ]),
    ).toEqual([
      ['1', 'transferred', 'A17', 'V1', '2'],
      ['2', 'transferred', 'A17', 'V2', '1'],
    ]);
  });

  test('is two events: each has an id and a place in the order of its own', () => {
    const ids = notice.notices.map(({ event }) => event.id);
    expect(ids).toEqual(['digest', 'digest.2']);
    const orders = notice.notices.map(({ order }) => order);
    expect(orders).toEqual([...orders].sort());
    expect(new Set(orders).size).toBe(2);
    for (const { order, event } of notice.notices) expect(event.order).toBe(order);
  });

  test('notes nothing about there being two', () => {
    expect(notice.warnings).toEqual([]);
  });

  test('may hold PD1 and OBX in each group', () => {
    const practitioner = segment('PD1', { 4: '88^Frost^Ida' });
    const text = swap(pid('1'), pv1('V1', '2'), segment('OBX', { 1: '1' }), pid('2'), practitioner, pv1('V2', '1'));
    const [one, two] = told(text).notices;
    expect(one?.subject.demographics).not.toHaveProperty('generalPractitioners');
    expect(two?.subject.demographics.generalPractitioners).toHaveLength(1);
  });

  test('of one patient alone is the transfer of that one', () => {
    expect(understandAs('several', swap(pid('1'), pv1('V1', '2'))).notices).toHaveLength(1);
  });

  test.each([
    ['PID', [pv1('V1', '1')]],
    ['PV1', [pid('1'), pid('2'), pv1('V2', '1')]],
    ['PV1', [pid('1'), pv1('V1', '1'), pid('2')]],
  ])('without %s somewhere says so', (detail, segments) => {
    expect(() => understand(swap(...segments))).toThrow(
      expect.objectContaining({ code: 'hl7.segment-missing', detail }),
    );
  });

  test('with someone unidentified says so', () => {
    expect(() => understand(swap(pid('1'), pv1('V1', '2'), segment('PID', { 5: 'A^B' }), pv1('V2', '1')))).toThrow(
      expect.objectContaining({ code: 'hl7.patient-unidentified' }),
    );
  });
});
