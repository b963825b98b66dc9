// Discharge summaries, appointments and allergies beside the stay: what is published, and what it does to the tasks.

import type { AllergyIntolerance, Appointment, DocumentReference, Encounter, Patient, Task } from 'fhir/r4.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { essenceOf } from '../support/essence.ts';
import { describeIssues, validate } from '../support/fhir-validator/validate.ts';
import { aDischarge, aMerge, anAdmission, anAdt, segment } from '../support/hl7.ts';
import { aDocument, anAppointment } from '../support/other-messages.ts';
import { aSite, type TestSite } from '../support/site.ts';

const admission = (mrn: string) => anAdmission({ mrn, visit: `V-${mrn}`, at: '20261117080000-0500' });
const discharge = (mrn: string) => aDischarge({ mrn, visit: `V-${mrn}`, at: '20261120150000-0500' });

let site: TestSite;
beforeAll(async () => {
  site = await aSite({ now: '2026-11-22T15:00:00Z' });
});
afterAll(() => site.close());

async function told(...messages: string[]): Promise<void> {
  for (const message of messages) {
    const [ack] = await site.send(message);
    expect(ack).toContain('MSA|AA|');
  }
  await site.work();
}

async function patientOf(mrn: string): Promise<string> {
  const patients = await site.resources<Patient>('Patient');
  return patients.find((one) => one.identifier?.some(({ value }) => value === mrn))?.id ?? '';
}

async function ofPatient<Body>(type: string, mrn: string): Promise<Body[]> {
  const { rows } = await site.owner.query('select body from resource where type = $1 and patient = $2 order by id', [
    type,
    await patientOf(mrn),
  ]);
  return rows.map((row: { body: string }) => JSON.parse(row.body) as Body);
}

async function task(code: string, mrn: string): Promise<Task | undefined> {
  const tasks = await ofPatient<Task>('Task', mrn);
  return tasks.find((one) => one.code?.coding?.[0]?.code === code);
}

describe('a discharge summary', () => {
  it('is kept as DocumentReference, attached to the stay, and shown on the task', async () => {
    await told(admission('d1'), discharge('d1'), aDocument({ mrn: 'd1', visit: 'V-d1' }));
    const [stay] = await ofPatient<Encounter>('Encounter', 'd1');
    const [document] = await ofPatient<DocumentReference>('DocumentReference', 'd1');
    expect(document).toMatchObject({
      status: 'current',
      docStatus: 'final',
      type: { coding: [{ system: 'http://loinc.org', code: '18842-5' }] },
      date: '2026-11-20T22:00:00.000Z',
      author: [{ display: 'Per Lindqvist' }],
      context: { encounter: [{ reference: `Encounter/${stay?.id}` }] },
    });
    expect(Buffer.from(document?.content[0]?.attachment.data ?? '', 'base64').toString()).toContain('Weigh daily.');
    expect(await task('discharge-information', 'd1')).toMatchObject({
      status: 'in-progress',
      businessStatus: { coding: [{ code: 'document-received' }], text: expect.stringMatching(/outstanding/) },
      output: [{ valueReference: { reference: `DocumentReference/${document?.id}` } }],
    });
  });

  it('sent again changes nothing; cancelled, it is entered in error and the task is open again', async () => {
    const versions = async () => (await site.owner.query('select sum(version) from resource')).rows;
    const before = await versions();
    await told(aDocument({ mrn: 'd1', visit: 'V-d1' }));
    expect(await versions()).toEqual(before);
    await told(aDocument({ event: 'T11', mrn: 'd1', visit: 'V-d1', at: '20261121120000-0500' }));
    expect(await ofPatient('DocumentReference', 'd1')).toMatchObject([{ status: 'entered-in-error' }]);
    const open = await task('discharge-information', 'd1');
    expect([open?.status, open?.businessStatus, open?.output]).toEqual(['ready', undefined, undefined]);
  });

  it('that arrives before the patient is known at all waits for the stay', async () => {
    await told(aDocument({ mrn: 'd2', visit: 'V-d2' }));
    expect(await ofPatient('DocumentReference', 'd2')).toHaveLength(1);
    await told(discharge('d2'), admission('d2'));
    expect(await task('discharge-information', 'd2')).toMatchObject({ status: 'in-progress' });
    const [document] = await ofPatient<DocumentReference>('DocumentReference', 'd2');
    expect(document?.context?.encounter).toHaveLength(1);
  });

  it('follows the patient through a merge, under the same id', async () => {
    await told(admission('d3'), discharge('d3'), aDocument({ mrn: 'd3', visit: 'V-d3', number: 'D3' }));
    const [before] = await ofPatient<DocumentReference>('DocumentReference', 'd3');
    await told(aMerge({ survivor: 'd4', retired: 'd3', at: '20261121130000-0500' }));
    const [after, ...more] = await ofPatient<DocumentReference>('DocumentReference', 'd4');
    expect([after?.id, after?.subject?.reference, more]).toEqual([before?.id, `Patient/${await patientOf('d4')}`, []]);
    expect(await task('discharge-information', 'd4')).toMatchObject({ status: 'in-progress' });
  });

  it('goes with its stay when that was somebody else’s all along (A45), and comes there when it is late', async () => {
    await told(admission('m1'), discharge('m1'), aDocument({ mrn: 'm1', visit: 'V-m1', number: 'M1' }));
    const [before] = await ofPatient<DocumentReference>('DocumentReference', 'm1');
    const lines = [
      segment('MSH', {
        1: '^~\\&',
        2: 'ADT',
        3: 'GH',
        6: '20261121140000-0500',
        8: 'ADT^A45',
        9: 'A45-m1',
        10: 'P',
        11: '2.5.1',
      }),
      segment('EVN', { 1: 'A45', 2: '20261121140000-0500' }),
      segment('PID', { 3: 'm2^^^GH^MR', 5: 'Summer^Eve' }),
      segment('MRG', { 1: 'm1^^^GH^MR', 5: 'V-m1' }),
      segment('PV1', { 2: 'I', 19: 'V-m1' }),
    ];
    await told(lines.map((line) => `${line}\r`).join(''));
    await told(aDocument({ mrn: 'm1', visit: 'V-m1', number: 'M2' }));
    const moved = await ofPatient<DocumentReference>('DocumentReference', 'm2');
    expect(moved.map(({ masterIdentifier }) => masterIdentifier?.value).sort()).toEqual(['M1', 'M2']);
    expect(moved.some(({ id }) => id === before?.id)).toBe(true);
    expect(await ofPatient('DocumentReference', 'm1')).toEqual([]);
    expect(await task('discharge-information', 'm2')).toMatchObject({ status: 'in-progress' });
  });

  it('of one number for two people is two documents', async () => {
    await told(aDocument({ mrn: 'd5', number: 'SAME' }), aDocument({ mrn: 'd6', number: 'SAME' }));
    const ids = [
      ...(await ofPatient<Task>('DocumentReference', 'd5')),
      ...(await ofPatient<Task>('DocumentReference', 'd6')),
    ];
    expect(new Set(ids.map(({ id }) => id)).size).toBe(2);
  });
});

describe('an appointment', () => {
  it('is kept and shown on the follow-up visit: booked, moved away, cancelled, missed', async () => {
    await told(admission('a1'), discharge('a1'), anAppointment({ mrn: 'a1' }));
    const [booked] = await ofPatient<Appointment>('Appointment', 'a1');
    expect(booked).toMatchObject({
      status: 'booked',
      start: '2026-11-27T10:00:00-05:00',
      end: '2026-11-27T10:30:00-05:00',
      participant: [{ actor: { reference: `Patient/${await patientOf('a1')}` } }, {}, {}],
    });
    expect(await task('follow-up-visit', 'a1')).toMatchObject({
      status: 'in-progress',
      businessStatus: { coding: [{ code: 'appointment-booked' }] },
      output: [{ valueReference: { reference: `Appointment/${booked?.id}` } }],
    });
    const later = { mrn: 'a1', at: '20261121110000-0500', start: '20261215100000-0500' };
    await told(anAppointment({ ...later, event: 'S13' }));
    expect(await task('follow-up-visit', 'a1')).toMatchObject({
      status: 'ready',
      businessStatus: { coding: [{ code: 'appointment-outside-window' }] },
    });
    await told(anAppointment({ ...later, event: 'S15', at: '20261121120000-0500' }));
    expect(await ofPatient('Appointment', 'a1')).toMatchObject([{ status: 'cancelled' }]);
    expect(await task('follow-up-visit', 'a1')).toMatchObject({
      status: 'ready',
      businessStatus: { coding: [{ code: 'appointment-cancelled' }] },
    });
    await told(anAppointment({ mrn: 'a1', number: 'A2', at: '20261121130000-0500' }));
    expect((await task('follow-up-visit', 'a1'))?.status).toBe('in-progress');
    await told(anAppointment({ mrn: 'a1', number: 'A2', event: 'S26', at: '20261127120000-0500' }));
    expect(await task('follow-up-visit', 'a1')).toMatchObject({
      status: 'ready',
      businessStatus: { coding: [{ code: 'no-show' }] },
    });
  });
});

describe('an appointment that was booked before the filler numbered it', () => {
  it('is one, and ends under both numbers, whichever message comes first', async () => {
    const booked = (mrn: string) => anAppointment({ mrn, placer: `P-${mrn}`, number: '' });
    const cancelled = (mrn: string) =>
      anAppointment({ mrn, placer: `P-${mrn}`, number: `F-${mrn}`, event: 'S15', at: '20261121120000-0500' });
    await told(booked('n1'));
    await told(cancelled('n1'), cancelled('n2'));
    await told(booked('n2'));
    for (const mrn of ['n1', 'n2']) {
      const found = await ofPatient<Appointment>('Appointment', mrn);
      expect(found.map(({ identifier, status }) => [identifier?.[0]?.value, status]).sort()).toEqual([
        [`F-${mrn}`, 'cancelled'],
        [`P-${mrn}`, 'entered-in-error'],
      ]);
    }
  });
});

describe('allergies', () => {
  it('stay active through a merge with a record whose list does not know them', async () => {
    const al1 = (mrn: string, at: string, name: string) =>
      anAdt({ event: 'A60', mrn, at, without: ['PV1'], segments: [segment('AL1', { 1: '1', 3: `^${name}` })] });
    await told(al1('y2', '20261120100000-0500', 'Penicillin'), al1('y3', '20261120110000-0500', 'Latex'));
    await told(aMerge({ survivor: 'y3', retired: 'y2', at: '20261120120000-0500' }));
    const statuses = async () =>
      (await ofPatient<AllergyIntolerance>('AllergyIntolerance', 'y3'))
        .map(({ code, clinicalStatus }) => [code?.text, clinicalStatus?.coding?.[0]?.code])
        .sort();
    expect(await statuses()).toEqual([
      ['Latex', 'active'],
      ['Penicillin', 'active'],
    ]);
    await told(al1('y3', '20261120130000-0500', 'Latex'));
    expect(await statuses()).toEqual([
      ['Latex', 'active'],
      ['Penicillin', 'inactive'],
    ]);
  });

  it('of A60 and of other messages are kept; what a later list leaves out is inactive', async () => {
    const al1 = (...names: string[]) => names.map((name, at) => segment('AL1', { 1: `${at + 1}`, 3: `^${name}` }));
    const a60 = (at: string, ...names: string[]) =>
      anAdt({ event: 'A60', mrn: 'y1', at, without: ['PV1'], segments: al1(...names) });
    await told(a60('20261121100000-0500', 'Latex'), a60('20261120100000-0500', 'Peanut', 'Latex'));
    const found = await ofPatient<AllergyIntolerance>('AllergyIntolerance', 'y1');
    expect(found.map(({ code, clinicalStatus }) => [code?.text, clinicalStatus?.coding?.[0]?.code]).sort()).toEqual([
      ['Latex', 'active'],
      ['Peanut', 'inactive'],
    ]);
  });
});

describe('everything that came of it', () => {
  it('is valid FHIR R4 and US Core', async () => {
    const { rows } = await site.owner.query('select body from resource union all select body from resource_history');
    expect(rows.flatMap(({ body }: { body: string }) => describeIssues(validate(JSON.parse(body))))).toEqual([]);
  });

  it('is the same in reverse order of arrival', async () => {
    const messages = [
      admission('r1'),
      discharge('r1'),
      aDocument({ mrn: 'r1', visit: 'V-r1' }),
      aDocument({ mrn: 'r1', visit: 'V-r1', event: 'T10', number: 'D2', parent: 'D1', at: '20261121110000-0500' }),
      anAppointment({ mrn: 'r1' }),
      anAppointment({ mrn: 'r1', event: 'S13', at: '20261121120000-0500', start: '20261130090000-0500' }),
      aMerge({ survivor: 'r2', retired: 'r1', at: '20261121130000-0500' }),
      anAdt({ event: 'A60', mrn: 'r2', without: ['PV1'], segments: [segment('AL1', { 1: '1', 3: '^Latex' })] }),
      anAdt({ event: 'A60', mrn: 'r1', without: ['PV1'], segments: [segment('AL1', { 1: '1', 3: '^Penicillin' })] }),
      anAppointment({ mrn: 'r1', placer: 'P7', number: '', at: '20261121100500-0500' }),
      anAppointment({ mrn: 'r2', placer: 'P7', number: 'F7', event: 'S15', at: '20261121140000-0500' }),
    ];
    const essences: string[][] = [];
    for (const order of [messages, [...messages].reverse()]) {
      const other = await aSite({ now: '2026-11-22T15:00:00Z' });
      for (const message of order) {
        await other.send(message);
        await other.work();
      }
      essences.push(await essenceOf(other.owner, other.site.organisation.practice.id));
      await other.close();
    }
    expect(essences[1]).toEqual(essences[0]);
  });
});
