// Merges (A40, HL7 v2.9 ch. 3.3.40).

import { describe, expect, test } from 'vitest';
import { understand, understandAs } from '../../../support/feed-language.ts';
import { aMerge, type MergeOptions } from '../../../support/hl7.ts';

const valuesOf = (options: MergeOptions) =>
  understandAs('merge', aMerge(options)).pairs.map(({ survivor, retired }) => [
    survivor.identifiers.map((identifier) => identifier.value),
    retired.identifiers.map((identifier) => identifier.value),
  ]);

describe('a merge', () => {
  test('retires the record of MRG-1 in favour of that of PID-3, which it describes', () => {
    const { pairs, trigger } = understandAs('merge', aMerge({ survivor: '1001', retired: '1002' }));
    expect(trigger).toBe('A40');
    expect(pairs).toHaveLength(1);
    expect(pairs[0]?.survivor).toMatchObject({
      identifiers: [{ value: '1001' }],
      demographics: { names: [{ family: 'Winter' }], birthDate: '1955-01-02' },
    });
    expect(pairs[0]?.retired).toMatchObject({ identifiers: [{ value: '1002', type: 'MR' }], demographics: {} });
  });

  test('may hold several pairs, each a merge of its own', () => {
    const pairs = [
      { survivor: 'A', retired: 'B' },
      { survivor: 'C', retired: 'D' },
    ];
    expect(valuesOf({ pairs })).toEqual([
      [['A'], ['B']],
      [['C'], ['D']],
    ]);
  });

  test('takes all repetitions of both fields', () => {
    expect(valuesOf({ survivor: 'A^^^GH^MR~E1^^^MPI^PI', retired: 'B^^^GH^MR~E2^^^MPI^PI~9^^^USSSA^SS' })).toEqual([
      [
        ['A', 'E1'],
        ['B', 'E2'],
      ],
    ]);
  });

  test('takes an identifier named on both sides for a retired one', () => {
    expect(valuesOf({ survivor: 'A^^^GH^MR~B^^^GH^MR', retired: 'B^^^GH^MR' })).toEqual([[['A'], ['B']]]);
  });

  test('reads PD1 of its own pair only', () => {
    const text = aMerge({
      pairs: [
        { survivor: 'A', retired: 'B' },
        { survivor: 'C', retired: 'D' },
      ],
    });
    const { pairs } = understandAs('merge', text.replace('MRG|D', 'PD1||||77^Sommer^Eva\rMRG|D'));
    expect(pairs[0]?.survivor.demographics).not.toHaveProperty('generalPractitioners');
    expect(pairs[1]?.survivor.demographics.generalPractitioners).toMatchObject([{ name: { family: 'Sommer' } }]);
  });

  test.each([
    ['no identifier of the survivor', aMerge({ survivor: '' })],
    ['no retired identifier', aMerge({ retired: '' })],
    ['no MRG', aMerge({ without: ['MRG'] })],
    ['one identifier, merged with itself', aMerge({ survivor: '1001', retired: '1001' })],
    ['an MRG too many', aMerge({ segments: ['MRG|1003^^^GH^MR'] })],
    ['a PID too many', aMerge({ segments: ['PID|2||1003^^^GH^MR'] })],
  ])('with %s: hl7.merge-incomplete', (_, text) => {
    expect(() => understand(text)).toThrow(expect.objectContaining({ code: 'hl7.merge-incomplete' }));
  });

  test('without any PID or MRG: hl7.segment-missing', () => {
    expect(() => understand(aMerge({ without: ['PID', 'MRG'] }))).toThrow(
      expect.objectContaining({ code: 'hl7.segment-missing' }),
    );
  });
});
