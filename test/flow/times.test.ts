// Times that are doubtful, from the bytes to the due days: hours that clocks repeat or skip, zones, the end of the year,
// and senders whose clock cannot be right (F-39, F-57, F-58).

import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Encounter, Patient, Task } from 'fhir/r4.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aDischarge, anAdmission, anUpdate } from '../support/hl7.ts';
import { aSite, type TestSite } from '../support/site.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'throughline-times-'));
let site: TestSite;

beforeAll(async () => {
  cpSync('profiles', folder, { recursive: true });
  const lines = [
    'kind: feed',
    'id: wide-hospital',
    'name: Wide Hospital',
    'organisation: riverside-practice',
    'port: 2703',
    'processing-ids: [P]',
    'zone: America/New_York',
    'authority: { uri: "https://wide.example/mrn", name: Wide }',
    'panel: all',
    'facility-zones:',
    '  CHICAGO: America/Chicago',
    '  BERLIN: Europe/Berlin',
    '  KOLKATA: Asia/Kolkata',
    '  MOVED: [{ zone: America/Chicago }, { from: 2026-07-01, zone: America/Los_Angeles }]',
  ];
  writeFileSync(path.join(folder, 'partners', 'wide-hospital.yaml'), lines.join('\n'));
  site = await aSite({ profilesDir: folder, now: '2026-11-22T15:00:00Z' });
});
afterAll(async () => {
  await site?.close();
  rmSync(folder, { recursive: true });
});

let patients = 0;

/** Discharges an adult at a time without an offset, arriving an hour later; gives the first contact and the flags. */
async function discharged(facility: string, at: string, arrives: string) {
  const number = `T${(patients += 1)}`;
  site.setNow(arrives);
  const common = { mrn: number, visit: number, facility, authority: 'WIDE', controlId: number };
  await site.send(aDischarge({ ...common, at, dischargedAt: at, sentAt: '' }), 'wide-hospital');
  await site.work();
  const stay = (await site.resources<Encounter>('Encounter')).find(({ identifier }) =>
    identifier?.some(({ value }) => value === number),
  );
  const task = (await site.resources<Task>('Task')).find(
    (each) => each.encounter?.reference === `Encounter/${stay?.id}` && each.code?.coding?.[0]?.code === 'first-contact',
  );
  const { rows } = await site.owner.query(
    'select i.warnings from inbox i join message m on m.id = i.message where m.control_id = $1',
    [number],
  );
  return {
    end: stay?.period?.end,
    due: task?.restriction?.period?.end,
    why: task?.extension?.[0]?.valueString ?? '',
    flags: (rows[0]?.warnings ?? []) as string[],
  };
}

describe('a discharge at a change of the clock', () => {
  test.each([
    [
      'NEW-YORK',
      '20261101013000',
      '2026-11-01T08:00:00Z',
      '2026-11-01T01:30:00-04:00',
      '2026-11-03T23:59:59-05:00',
      'repeated',
    ],
    [
      'CHICAGO',
      '20261101013000',
      '2026-11-01T09:00:00Z',
      '2026-11-01T01:30:00-05:00',
      '2026-11-03T23:59:59-05:00',
      'repeated',
    ],
    [
      'BERLIN',
      '20261025023000',
      '2026-10-25T03:00:00Z',
      '2026-10-25T02:30:00+02:00',
      '2026-10-27T23:59:59-04:00',
      'repeated',
    ],
    [
      'NEW-YORK',
      '20260308023000',
      '2026-03-08T09:00:00Z',
      '2026-03-08T03:30:00-04:00',
      '2026-03-10T23:59:59-04:00',
      'missing',
    ],
    [
      'CHICAGO',
      '20260308023000',
      '2026-03-08T10:00:00Z',
      '2026-03-08T03:30:00-05:00',
      '2026-03-10T23:59:59-04:00',
      'missing',
    ],
    [
      'BERLIN',
      '20260329023000',
      '2026-03-29T03:00:00Z',
      '2026-03-29T03:30:00+02:00',
      '2026-03-31T23:59:59-04:00',
      'missing',
    ],
  ])('%s %s: one instant, flagged, the due day right and explained', async (facility, at, arrives, end, due, what) => {
    const seen = await discharged(facility, at, arrives);
    expect(seen).toMatchObject({ end, due });
    expect(seen.flags).toContain(`time-${what}:PV1-45`);
    expect(seen.why).toMatch(what === 'repeated' ? /the clock showed this hour twice/ : /the clock skipped this hour/);
  });
});

describe('days where the discharge happened', () => {
  test.each([
    ['29 February', 'NEW-YORK', '20280229233000', '2028-03-01T06:00:00Z', '2028-02-29T23:30:00-05:00', '2028-03-02'],
    [
      'the end of the year',
      'CHICAGO',
      '20261231233000',
      '2027-01-01T06:00:00Z',
      '2026-12-31T23:30:00-06:00',
      '2027-01-05',
    ],
    [
      'a half-hour zone',
      'KOLKATA',
      '20261118003000',
      '2026-11-17T20:00:00Z',
      '2026-11-18T00:30:00+05:30',
      '2026-11-20',
    ],
    [
      'before a facility moved',
      'MOVED',
      '20260630233000',
      '2026-07-01T06:00:00Z',
      '2026-06-30T23:30:00-05:00',
      '2026-07-02',
    ],
    ['after it moved', 'MOVED', '20260701233000', '2026-07-02T08:00:00Z', '2026-07-01T23:30:00-07:00', '2026-07-06'],
  ])('%s', async (_, facility, at, arrives, end, due) => {
    const seen = await discharged(facility, at, arrives);
    expect(seen.end).toBe(end);
    expect(seen.due?.slice(0, 10)).toBe(due);
    expect(seen.flags).toEqual([]);
  });
});

describe('a sender’s clock that cannot be right', () => {
  const common = { mrn: 'C1', visit: 'C1', authority: 'WIDE', facility: 'NEW-YORK' };
  const patient = async () =>
    (await site.resources<Patient>('Patient')).find(({ identifier }) =>
      identifier?.some(({ value }) => value === 'C1'),
    );

  test('four years ahead does not win for good: what arrives later stands', async () => {
    site.setNow('2026-11-20T15:00:00Z');
    await site.send(anUpdate({ ...common, at: '20301120100000-0500', name: 'Wrong^Ada' }), 'wide-hospital');
    await site.work();
    expect((await patient())?.name?.[0]?.family).toBe('Wrong');
    site.setNow('2026-11-20T16:00:00Z');
    await site.send(anUpdate({ ...common, at: '20261120105900-0500', name: 'Right^Ada' }), 'wide-hospital');
    await site.work();
    expect((await patient())?.name?.[0]?.family).toBe('Right');
  });

  test('three years behind: admission and discharge in the order they came, dated by arrival; a copy changes nothing', async () => {
    const behind = { ...common, mrn: 'C2', visit: 'C2', at: '20231120100000-0500' };
    site.setNow('2026-11-20T15:00:00Z');
    await site.send(anAdmission({ ...behind, controlId: 'C2-a' }), 'wide-hospital');
    site.setNow('2026-11-20T17:00:00Z');
    await site.send(aDischarge({ ...behind, controlId: 'C2-b' }), 'wide-hospital');
    await site.work();
    const stay = async () =>
      (await site.resources<Encounter>('Encounter')).find(({ identifier }) =>
        identifier?.some(({ value }) => value === 'C2'),
      );
    const first = await stay();
    expect(first).toMatchObject({
      status: 'finished',
      period: { start: '2026-11-20T10:00:00-05:00', end: '2026-11-20T12:00:00-05:00' },
    });
    site.setNow('2026-11-21T09:00:00Z');
    await site.send(anAdmission({ ...behind, controlId: 'C2-a' }), 'wide-hospital');
    await site.send(aDischarge({ ...behind, controlId: 'C2-b' }), 'wide-hospital');
    await site.owner.query(
      `update inbox set state = 'received', decided_at = null where message in (select id from message where control_id like 'C2-%')`,
    );
    await site.work();
    expect(await stay()).toEqual(first);
    const { rows } = await site.owner.query(
      `select i.warnings from inbox i join message m on m.id = i.message where m.control_id = 'C2-b'`,
    );
    expect(rows).toEqual([{ warnings: ['clock-implausible:MSH-7', 'clock-implausible:EVN-2'] }]);
  });
});
