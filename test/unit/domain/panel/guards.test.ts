// Each guard, on either side of its limit.

import { describe, expect, test } from 'vitest';
import { localDate } from '../../../../src/base/instant.ts';
import { guardsOf, type ListInQuestion } from '../../../../src/domain/panel/guards.ts';
import { defaultPanelRules } from '../../../../src/domain/panel/member.ts';

const entries = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ authority: 'a:b', value: `${index}`, person: `${index}` }));

const asked = (changes: Partial<ListInQuestion>): string[] =>
  guardsOf({
    mode: 'replace',
    asOf: localDate('2026-11-20'),
    standing: entries(10),
    list: entries(10),
    unreadable: 0,
    duplicates: 0,
    shared: 0,
    rules: defaultPanelRules,
    ...changes,
  }).map(({ code }) => code);

describe('a list is questioned', () => {
  test.each<[string, Partial<ListInQuestion>, string[]]>([
    ['like the one before: not at all', {}, []],
    ['that is empty', { list: [] }, ['empty-file']],
    ['that is empty, to be added', { list: [], mode: 'add' }, ['empty-file']],
    ['of half what stands: not at all', { list: entries(5) }, []],
    ['of less than half', { list: entries(4) }, ['half-size']],
    ['of less than half, to be added: not at all', { list: entries(4), mode: 'add' }, []],
    [
      'that shrinks more than the organisation allows',
      { list: entries(8), rules: { ...defaultPanelRules, shrinkPercentMax: 10 } },
      ['half-size'],
    ],
    [
      'of less than half of those still there: not at all',
      { standing: entries(10).map((one) => ({ ...one, until: localDate('2026-11-19') })), list: entries(1) },
      [],
    ],
    ['with rows that cannot be read', { unreadable: 1 }, ['unreadable-rows']],
    ['with repeated rows', { duplicates: 1 }, ['duplicate-rows']],
    ['with an identifier of two people', { shared: 1 }, ['shared-identifiers']],
    ['that was applied before', { sameAs: { id: 3, appliedOn: localDate('2026-11-01') } }, ['same-file']],
    ['older than one applied', { latestAsOf: localDate('2026-11-21') }, ['older-file']],
    ['as of the same day: not at all', { latestAsOf: localDate('2026-11-20') }, []],
  ])('%s', (_name, changes, codes) => {
    expect(asked(changes)).toEqual(codes);
  });
});
