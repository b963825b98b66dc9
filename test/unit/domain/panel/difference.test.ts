// The algebra of the difference: applied to what stands it gives what the list says; a second time it is empty; the
// order of rows does not matter.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from '../../../../src/base/calendar.ts';
import { localDate } from '../../../../src/base/instant.ts';
import { differ, type LoadMode, type PanelDifference } from '../../../../src/domain/panel/difference.ts';
import { covers, entryKey, type PanelEntry } from '../../../../src/domain/panel/member.ts';

const dayOf = (offset: number) => addDays(localDate('2026-11-20'), offset);

/** What the statements of store/panel-loads.ts do. */
function apply(rows: readonly PanelEntry[], { ends, begins }: PanelDifference): PanelEntry[] {
  const until = new Map(ends.map((end) => [entryKey(end), end.until]));
  const ended = rows.map((row) => {
    const last = until.get(entryKey(row));
    return last !== undefined && (row.until === undefined || row.until > last) ? { ...row, until: last } : row;
  });
  return [...ended, ...begins];
}

const latest = (rows: readonly PanelEntry[]): PanelEntry[] => [
  ...new Map(rows.map((row) => [entryKey(row), row])).values(),
];

const optional = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });

const anEntry: fc.Arbitrary<PanelEntry> = fc
  .record({
    value: fc.integer({ min: 1, max: 6 }).map(String),
    family: optional(fc.constantFrom('Winter', 'Spring')),
    practitionerNpi: optional(fc.constantFrom('1234567893', '1245319599')),
    from: optional(fc.integer({ min: -10, max: 10 })),
    days: optional(fc.integer({ min: 0, max: 12 })),
  })
  .map(({ value, family, practitionerNpi, from, days }) => {
    const until = days === undefined ? undefined : dayOf((from ?? -3) + days);
    return {
      authority: 'https://authority.example/mrn',
      value,
      person: value,
      ...(family !== undefined && { family }),
      ...(practitionerNpi !== undefined && { practitionerNpi }),
      ...(from !== undefined && { from: dayOf(from) }),
      ...(until !== undefined && { until }),
    };
  });

const aList = fc.uniqueArray(anEntry, { selector: entryKey, maxLength: 6 });

/** A panel that lists made, one day after another. */
const aPanel = fc
  .array(fc.tuple(aList, fc.constantFrom<LoadMode>('replace', 'add')), { maxLength: 4 })
  .map((lists) =>
    lists.reduce<PanelEntry[]>(
      (rows, [list, mode], index) => apply(rows, differ(latest(rows), list, mode, dayOf(index - 4))),
      [],
    ),
  );

const membersOn = (rows: readonly PanelEntry[], day: ReturnType<typeof dayOf>): string[] =>
  [...new Set(rows.filter((row) => covers(row, day)).map((row) => row.value))].sort();

const asOf = dayOf(0);

describe('the difference', () => {
  test('applied in place of what stands, gives who the list says, on its day and every day after', () => {
    fc.assert(
      fc.property(aPanel, aList, fc.integer({ min: 0, max: 25 }), (rows, list, offset) => {
        const after = apply(rows, differ(latest(rows), list, 'replace', asOf));
        const day = dayOf(offset);
        // A first day that is still to come leaves what stands until the day before.
        const toCome = new Set(list.filter(({ from }) => from !== undefined && from > day).map(({ value }) => value));
        const standing = rows.filter((row) => covers(row, day) && toCome.has(row.value));
        expect(membersOn(after, day)).toEqual(membersOn([...list, ...standing], day));
      }),
    );
  });

  test('a second time is empty', () => {
    fc.assert(
      fc.property(aPanel, aList, fc.constantFrom<LoadMode>('replace', 'add'), (rows, list, mode) => {
        const after = apply(rows, differ(latest(rows), list, mode, asOf));
        const again = differ(latest(after), list, mode, asOf);
        expect([again.ends, again.begins, again.added, again.removed, again.changed]).toEqual([[], [], [], [], []]);
        expect(again.unchanged).toBe(list.length);
      }),
    );
  });

  test('does not depend on the order of rows', () => {
    fc.assert(
      fc.property(aPanel, aList, fc.constantFrom<LoadMode>('replace', 'add'), (rows, list, mode) => {
        const sorted = (difference: PanelDifference) =>
          [...difference.ends, ...difference.begins].map((one) => JSON.stringify(one)).sort();
        const one = differ(latest(rows), list, mode, asOf);
        const other = differ([...latest(rows)].reverse(), [...list].reverse(), mode, asOf);
        expect(sorted(other)).toEqual(sorted(one));
      }),
    );
  });

  test('leaves every day before the list’s as it was told, where the list names no earlier day', () => {
    const undated = aList.map((list) => list.map(({ from: _from, until: _until, ...entry }) => entry));
    fc.assert(
      fc.property(aPanel, undated, fc.integer({ min: -12, max: -1 }), (rows, list, offset) => {
        const known = new Set(rows.map((row) => row.value));
        const after = apply(rows, differ(latest(rows), list, 'replace', asOf));
        const before = membersOn(rows, dayOf(offset));
        expect(membersOn(after, dayOf(offset)).filter((value) => known.has(value))).toEqual(before);
      }),
    );
  });

  test('adding removes nobody', () => {
    fc.assert(
      fc.property(aPanel, aList, (rows, list) => {
        const listed = new Set(list.map((entry) => entry.value));
        const { ends, removed } = differ(latest(rows), list, 'add', asOf);
        expect(removed).toEqual([]);
        expect(ends.filter(({ value }) => !listed.has(value))).toEqual([]);
      }),
    );
  });

  test('a change of practitioner ends one span the day before and begins another', () => {
    const before = { authority: 'a:b', value: '1', person: '1', practitionerNpi: '1234567893' };
    const after = { ...before, practitionerNpi: '1245319599' };
    expect(differ([before], [after], 'replace', asOf)).toMatchObject({
      changed: [{ before, after: { ...after, from: asOf } }],
      ends: [{ value: '1', until: dayOf(-1) }],
      begins: [{ ...after, from: asOf }],
    });
  });

  test('who comes back without a first day begins on the day of the list', () => {
    const gone = { authority: 'a:b', value: '1', person: '1', until: dayOf(-5) };
    const back = { authority: 'a:b', value: '1', person: '1' };
    expect(differ([gone], [back], 'replace', asOf).begins).toEqual([{ ...back, from: asOf }]);
  });
});
