// The synthetic hospital: the same seed plays the same week, every message can be read, everything that goes wrong in
// real feeds does go wrong in it, and the service ends where its own account of what happened ends, in any order.

import { describe, expect, test } from 'vitest';
import { checkTotals } from '../../scripts/demo/check-feed.ts';
import { checkPatient } from '../../scripts/demo/check-patient.ts';
import { createFindings } from '../../scripts/demo/findings.ts';
import { type HospitalWeek, playHospital } from '../../scripts/hospital/hospital.ts';
import { businessDayAfter, plusDays } from '../../scripts/hospital/practice-days.ts';
import { createRandom } from '../../scripts/hospital/random.ts';
import { defaultCanonicalBase as canonicalBase } from '../../src/fhir/canonical.ts';
import { decodeMessage } from '../../src/hl7/charset.ts';
import { parse } from '../../src/hl7/parse.ts';
import { workInMemory } from '../support/week-in-memory.ts';

const now = Date.parse('2026-11-22T04:30:00Z');
const week = playHospital({ seed: 1, patients: 150, now });
const texts = (played: HospitalWeek) => played.messages.map(({ bytes }) => Buffer.from(bytes).toString('latin1'));
const countOf = (holds: (message: HospitalWeek['messages'][number], text: string) => boolean): number =>
  texts(week).filter((text, at) => holds(week.messages[at]!, text)).length;

describe('the feed', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(texts(playHospital({ seed: 1, patients: 150, now }))).toEqual(texts(week));
    expect(texts(playHospital({ seed: 2, patients: 150, now }))).not.toEqual(texts(week));
  });

  test('ends now and tells of as many people as asked for', () => {
    for (const { happenings } of week.lives) {
      for (const { at } of happenings) expect(at).toBeLessThanOrEqual(now);
    }
    for (const patients of [1, 12, 200]) {
      expect(playHospital({ seed: 3, patients, now }).expected).toHaveLength(patients);
    }
  });

  test('holds messages that can be read, but for those spoilt on purpose', () => {
    for (const { bytes, fate, event } of week.messages) {
      const read = () => parse(decodeMessage(bytes).text);
      if (fate === 'refused') expect(read).toThrow();
      else
        expect(
          read()
            .first('MSH')
            ?.get(9, event === 'ORU' ? 1 : 2),
        ).toBe(event);
    }
  });

  test.each(['A01', 'A02', 'A03', 'A04', 'A05', 'A06', 'A07', 'A08', 'A11', 'A12', 'A13', 'A20', 'A28', 'A31', 'A40'])(
    'holds %s',
    (event) => {
      expect(countOf((message) => message.event === event)).toBeGreaterThan(0);
    },
  );

  test.each([
    ['messages sent twice', countOf((message) => message.isRepeat)],
    ['messages without effect', countOf((message) => message.fate === 'ignored')],
    ['messages that nobody can read', countOf((message) => message.fate === 'refused')],
    ['messages about nobody', countOf((message) => message.fate === 'parked')],
    ['fields deleted by ""', countOf((_, text) => /\|""/.test(text))],
    ['times with an offset in the field', countOf((_, text) => /\rEVN\|A\d\d\|\d{14}[+-]\d{4}/.test(text))],
    ['times without any offset', countOf((_, text) => !/\d{12,14}[+-]\d{4}/.test(text))],
    ['deaths', countOf((_, text) => /\rPID\|[^\r]*\|Y\r/.test(text))],
    ['visits that got another number', countOf((message, text) => message.event === 'A06' && text.includes('\rMRG|'))],
    ['control numbers used for two contents', reusedControlNumbers()],
    ['admissions after their discharge', arrivingAfter('A01', 'A03', 'late-admission')],
    ['discharges after their cancellation', arrivingAfter('A03', 'A13', 'early-cancel')],
    ['updates after the discharge they belong before', arrivingAfter('A08', 'A03', 'late-update')],
    ['admissions after the merge of their number', arrivingAfter('A01', 'A40', 'early-merge')],
  ])('holds %s', (_, count) => {
    expect(count).toBeGreaterThan(0);
  });

  test('is heard from all four houses', () => {
    expect(new Set(week.lives.flatMap(({ happenings }) => happenings.map(({ site }) => site.id))).size).toBe(4);
  });
});

describe('what must stand at the end', () => {
  test('holds cases in every state', () => {
    const states = new Set(week.expected.flatMap(({ cases }) => cases.map(({ status }) => status)));
    expect([...states].sort()).toEqual(['active', 'entered-in-error', 'on-hold', 'revoked']);
  });

  test('has tasks overdue, due on the last day and due later', () => {
    const days = week.expected.flatMap(({ cases }) => cases.flatMap(({ tasks }) => tasks)).map(({ due }) => due);
    expect(days.some((day) => day < '2026-11-21')).toBe(true);
    expect(days.includes('2026-11-21')).toBe(true);
    expect(days.some((day) => day > '2026-11-21')).toBe(true);
  });

  test('counts business days around holidays as a wall calendar does', () => {
    expect(businessDayAfter('2026-11-25', 2)).toBe('2026-11-30');
    expect(businessDayAfter('2026-07-01', 2)).toBe('2026-07-06');
    expect(businessDayAfter('2027-06-17', 2)).toBe('2027-06-22');
    expect(businessDayAfter('2027-12-30', 2)).toBe('2028-01-04');
    expect(businessDayAfter('2027-01-15', 2)).toBe('2027-01-20');
    expect(plusDays('2026-12-31', 14)).toBe('2027-01-14');
  });

  // An ordinary week; the nights when the clocks change; holidays on both ends of a weekend.
  test.each([
    [1, '2026-11-22T04:30:00Z'],
    [2, '2026-11-04T18:00:00Z'],
    [3, '2027-03-16T00:10:00Z'],
    [4, '2028-01-03T12:00:00Z'],
  ])('is where the service ends (seed %i, week until %s)', async (seed, iso) => {
    const at = Date.parse(iso);
    const played = playHospital({ seed, patients: 150, now: at });
    expect(await differences(played, played.messages, at)).toEqual([]);
  });

  test('is where the service ends in any other order of arrival', async () => {
    const played = playHospital({ seed: 11, patients: 150, now });
    const expected = played.expected.map((patient) => ({ ...patient, isInOrder: false }));
    const messages = createRandom(11).shuffled(played.messages);
    expect(await differences({ ...played, expected }, messages, now)).toEqual([]);
  });
});

async function differences(
  played: HospitalWeek,
  messages: HospitalWeek['messages'],
  at: number,
): Promise<readonly string[]> {
  const { reader, counts } = workInMemory(messages, at);
  const findings = createFindings();
  await checkTotals(findings, played, reader);
  for (const patient of played.expected) await checkPatient(findings, patient, reader, canonicalBase);
  const distinct = messages.filter(({ isRepeat }) => !isRepeat);
  findings.same(
    'fates',
    'the number applied',
    counts.applied,
    distinct.filter(({ fate }) => fate === 'applied').length,
  );
  findings.same(
    'fates',
    'the number ignored',
    counts.ignored,
    distinct.filter(({ fate }) => fate === 'ignored').length,
  );
  return findings.differences;
}

function reusedControlNumbers(): number {
  const byNumber = new Map<string, Set<string>>();
  for (const text of texts(week)) {
    const number = text.split('|')[9] ?? '';
    if (text.startsWith('MSH|^')) byNumber.set(number, (byNumber.get(number) ?? new Set()).add(text));
  }
  return [...byNumber.values()].filter((contents) => contents.size > 1).length;
}

/** Lives with this disorder in which the first message of `event` arrives after the first of `other`. */
function arrivingAfter(event: string, other: string, disorder: string): number {
  return week.lives.filter((life, line) => {
    if (!life.disorders.some((one) => one === disorder)) return false;
    const events = week.messages.filter((message) => message.line === line).map((message) => message.event);
    return events.lastIndexOf(event) > events.indexOf(other) && events.includes(other);
  }).length;
}
