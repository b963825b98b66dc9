// What AL1 and IAM say of allergies: HL7 v2.5.1 ch. 3.4.6 and 3.4.7.

import { describe, expect, it } from 'vitest';
import { understandAs } from '../../../support/feed-language.ts';
import { anAdt, segment } from '../../../support/hl7.ts';

const read = (...segments: string[]) =>
  understandAs('person', anAdt({ event: 'A60', without: ['PV1'], segments })).subject.allergies;

describe('AL1', () => {
  it('is the whole list of its sender, with category, severity, reactions and onset', () => {
    const rxnorm = '7980^Penicillin^RXNORM';
    const one = segment('AL1', { 1: '1', 2: 'DA', 3: rxnorm, 4: 'SV', 5: 'Hives~Swelling', 6: '201905' });
    expect(read(one, segment('AL1', { 1: '2', 3: '^Peanut' }))).toMatchObject({
      partner: 'general-hospital',
      mode: 'snapshot',
      said: [
        {
          act: 'holds',
          allergy: {
            code: { code: '7980', text: 'Penicillin' },
            category: 'medication',
            criticality: 'high',
            reactions: ['Hives', 'Swelling'],
            onset: '2019-05',
          },
        },
        { act: 'holds', allergy: { code: { text: 'Peanut' } } },
      ],
    });
  });

  it('with `""` empties the list; without any segment nothing is said', () => {
    expect(read(segment('AL1', { 1: '1', 3: '""' }))).toEqual({
      partner: 'general-hospital',
      mode: 'snapshot',
      said: [],
    });
    expect(read()).toBeUndefined();
    expect(read(segment('AL1', { 1: '1' }))).toBeUndefined();
  });
});

describe('IAM', () => {
  const iam = (action: string) => segment('IAM', { 1: '1', 2: 'FA', 3: '^Egg', 5: 'Rash', 6: action });

  it.each([
    ['A', 'holds'],
    ['U', 'holds'],
    ['', 'holds'],
    ['D', 'removed'],
  ])('action %j: %s', (action, act) => {
    expect(read(iam(action))).toMatchObject({ mode: 'actions', said: [{ act, allergy: { code: { text: 'Egg' } } }] });
  });

  it('beside a list counts alone, and the list is noted', () => {
    const segments = [segment('AL1', { 1: '1', 3: '^Latex' }), iam('A')];
    const notice = understandAs('person', anAdt({ event: 'A60', without: ['PV1'], segments }));
    expect(notice.subject.allergies?.said).toMatchObject([{ allergy: { code: { text: 'Egg' } } }]);
    expect(notice.warnings).toEqual([{ code: 'list-beside-actions', field: 'AL1' }]);
  });

  it('X says nothing, and an unknown action is noted', () => {
    expect(read(iam('X'))?.said).toEqual([]);
    const notice = understandAs('person', anAdt({ event: 'A60', without: ['PV1'], segments: [iam('Q')] }));
    expect(notice.subject.allergies?.said).toEqual([]);
    expect(notice.warnings).toContainEqual({ code: 'action-unknown', field: 'IAM-6' });
  });
});
