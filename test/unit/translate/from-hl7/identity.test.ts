// Who and what belongs to whom, as messages say it (A24, A37, A41 to A51; HL7 v2.9 ch. 3.3.24, 3.3.37, 3.3.41 to 3.3.51).

import { describe, expect, test } from 'vitest';
import { understand, understandAs } from '../../../support/feed-language.ts';
import { anAdt, segment } from '../../../support/hl7.ts';

const mrg = (fields: Readonly<Record<number, string>>): string => segment('MRG', fields);
const values = (identifiers: readonly { readonly value: string }[]): string[] => identifiers.map(({ value }) => value);

describe('a moved identifier (A43)', () => {
  const moves = (pid: string, moved: string) =>
    understandAs(
      'move-identifiers',
      anAdt({ event: 'A43', without: ['PID', 'PV1'], segments: [pid, moved] }),
    ).pairs.map(({ survivor, retired }) => [values(survivor.identifiers), values(retired.identifiers)]);

  test('goes to whoever has the other numbers of PID-3', () => {
    expect(moves(segment('PID', { 3: '1^^^GH^MR~9^^^GH^MR' }), mrg({ 1: '9^^^GH^MR' }))).toEqual([[['1'], ['9']]]);
  });
  test('or of PID-2, where PID-3 holds the moved one alone', () => {
    expect(
      moves(segment('PID', { 2: 'E7^^^EAST^PI', 3: '9^^^GH^MR' }), mrg({ 1: '9^^^GH^MR', 4: 'E3^^^EAST^PI' })),
    ).toEqual([[['E7'], ['9']]]);
  });
});

describe('a moved visit (A45)', () => {
  test('several of one patient, one MRG and PV1 each', () => {
    const pv1 = (visit: string) => segment('PV1', { 2: 'I', 19: visit });
    const text = anAdt({
      event: 'A45',
      mrn: '1',
      without: ['PV1'],
      segments: [mrg({ 1: '2^^^GH^MR', 5: 'V1' }), pv1('V1'), mrg({ 1: '2^^^GH^MR', 5: 'V2' }), pv1('V8')],
    });
    const { moves } = understandAs('move-stays', text);
    expect(
      moves.map(({ target, source, visits, renames }) => [
        values(target.identifiers),
        values(source?.identifiers ?? []),
        values(visits),
        renames?.visit?.value,
      ]),
    ).toEqual([
      [['1'], ['2'], ['V1'], undefined],
      [['1'], ['2'], ['V2'], 'V8'],
    ]);
    expect(moves[1]?.renames?.id).toBe('digest.2');
  });
  test('needs a visit number', () => {
    const text = anAdt({ event: 'A45', mrn: '1', visit: '', segments: [mrg({ 1: '2^^^GH^MR' })] });
    expect(() => understand(text)).toThrow(expect.objectContaining({ code: 'hl7.visit-missing', detail: 'MRG-5' }));
  });
});

test('a moved account (A44) is read as events name theirs: with the authority, the own one where none is named', () => {
  const accounts = ['500^^^HOSPA', '500'].map((account) => {
    const event = understandAs('encounter', anAdt({ event: 'A01', account })).event;
    const segments = [mrg({ 1: '2^^^GH^MR', 3: account })];
    const [move] = understandAs('move-stays', anAdt({ event: 'A44', mrn: '1', without: ['PV1'], segments })).moves;
    expect(move?.account).toEqual(event.account);
    return move?.account?.authority;
  });
  expect(new Set(accounts).size).toBe(2);
});

test('two patients are linked by two PIDs, or by PID and MRG', () => {
  const pid = (mrn: string) => segment('PID', { 3: `${mrn}^^^GH^MR` });
  for (const segments of [
    [pid('1'), pid('2')],
    [pid('1'), mrg({ 1: '2^^^GH^MR' })],
  ])
    expect(
      understandAs('link', anAdt({ event: 'A24', without: ['PID', 'PV1'], segments })).pairs.map((pair) =>
        pair.map(({ identifiers }) => values(identifiers)),
      ),
    ).toEqual([[['1'], ['2']]]);
});

test('identifiers have the days on which they hold (CX-7, CX-8)', () => {
  const notice = understandAs(
    'person',
    anAdt({ event: 'A31', without: ['PV1'], identifiers: '1^^^GH^MR^^20200101^20251231' }),
  );
  expect(notice.subject.identifiers).toMatchObject([{ value: '1', from: '2020-01-01', until: '2025-12-31' }]);
});
