// The journey of a discharge: HL7 in; encounter, case, owned and dated tasks, and their resources out.

import type { CarePlan, Encounter, Patient, Task } from 'fhir/r4.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aDischarge, anAdmission, anAdt } from '../support/hl7.ts';
import { aSite, type TestSite } from '../support/site.ts';

let site: TestSite;
beforeAll(async () => {
  site = await aSite({ now: '2026-11-22T15:00:00Z' });
});
afterAll(() => site.close());

describe('a discharge message', () => {
  it('becomes owned, dated work', async () => {
    const [ack] = await site.send(anAdmission({ mrn: '1001', visit: 'V1001', at: '20261117080000', class: 'I' }));
    expect(ack).toContain('MSA|AA|');
    await site.send(aDischarge({ mrn: '1001', visit: 'V1001', at: '20261120235000', class: 'I', disposition: '01' }));
    await site.work();
    const [patient] = await site.resources<Patient>('Patient');
    expect(patient?.identifier?.[0]?.value).toBe('1001');
    expect(await site.resources<Encounter>('Encounter')).toMatchObject([
      { status: 'finished', class: { code: 'IMP' } },
    ]);
    const [plan] = await site.resources<CarePlan>('CarePlan');
    expect(plan).toMatchObject({ status: 'active', subject: { reference: `Patient/${patient?.id}` } });
    const tasks = await site.resources<Task>('Task');
    const byCode = Object.fromEntries(tasks.map((task) => [task.code?.coding?.[0]?.code, task]));
    expect(Object.keys(byCode).sort()).toEqual([
      'discharge-information',
      'first-contact',
      'follow-up-visit',
      'medication-reconciliation',
    ]);
    expect(byCode['first-contact']).toMatchObject({
      status: 'ready',
      restriction: { period: { end: '2026-11-24T23:59:59-05:00' } },
    });
    expect(byCode['follow-up-visit']?.restriction?.period?.end).toBe('2026-12-04T23:59:59-05:00');
  });

  it('sent again changes nothing: no row, no version, no task', async () => {
    const figures = () =>
      site.owner.query(
        `select (select count(*) from message) messages, (select sum(version) from resource) versions,
                (select count(*) from audit) audits, (select count(*) from encounter_event) events`,
      );
    const before = (await figures()).rows;
    const [ack] = await site.send(
      aDischarge({ mrn: '1001', visit: 'V1001', at: '20261120235000', class: 'I', disposition: '01' }),
    );
    expect(ack).toContain('MSA|AA|');
    await site.work();
    expect((await figures()).rows).toEqual(before);
  });

  it('with the same MSH-10 and other bytes is kept, worked and flagged', async () => {
    const one = anAdt({ event: 'A08', mrn: '1002', controlId: 'SAME', name: 'Quill^Ada', at: '20261121100000' });
    const two = anAdt({ event: 'A08', mrn: '1002', controlId: 'SAME', name: 'Quill^Adele', at: '20261121110000' });
    await site.send(one);
    await site.send(two);
    await site.work();
    const { rows } = await site.owner.query(
      `select i.state, i.control_id_reused, i.warnings from inbox i join message m on m.id = i.message where m.control_id = 'SAME' order by i.message`,
    );
    expect(rows).toMatchObject([
      { state: 'applied', control_id_reused: false },
      { state: 'applied', control_id_reused: true, warnings: expect.arrayContaining(['control-id-reused']) },
    ]);
  });

  it('that changes nothing writes no new version and no Provenance', async () => {
    const count = async () => (await site.owner.query('select count(*) from resource')).rows[0].count;
    await site.send(anAdt({ event: 'A08', mrn: '1002', controlId: 'C1', name: 'Quill^Adele', at: '20261121110000' }));
    await site.work();
    const before = await count();
    await site.send(anAdt({ event: 'A08', mrn: '1002', controlId: 'C2', name: 'Quill^Adele', at: '20261121110000' }));
    await site.work();
    expect(await count()).toBe(before);
  });
});
