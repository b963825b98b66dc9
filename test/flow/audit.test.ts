// Audit: every message that was worked leaves exactly one row, in the transaction of its effects, naming whom it
// touched and what it changed; one that was parked leaves its row too, wherever it was parked.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { noteFailedEntry } from '../../src/flow/note-failure.ts';
import { aDischarge, aMerge, anAdmission, anAdt } from '../support/hl7.ts';
import { aSite, type TestSite } from '../support/site.ts';

let site: TestSite;
beforeAll(async () => {
  site = await aSite();
});
afterAll(() => site.close());

interface Row {
  readonly outcome: number;
  readonly actor: string;
  readonly patients: readonly string[];
  readonly resources: readonly string[];
}

async function rowsOf(controlId: string): Promise<Row[]> {
  const { rows } = await site.owner.query<Row>(
    `select a.outcome, a.actor, a.patients, a.resources from audit a join message m on m.id::text = a.request
      where a.interaction = 'message' and m.control_id = $1`,
    [controlId],
  );
  return rows;
}

async function worked(message: string): Promise<Row[]> {
  await site.send(message);
  await site.work();
  return rowsOf(message.split('|')[9] ?? '');
}

it('an applied message: one row with the patient and every resource version', async () => {
  await worked(anAdmission({ mrn: 'AU1', visit: 'VAU1', at: '20261117080000-0500', controlId: 'AU1-in' }));
  const [row, ...more] = await worked(
    aDischarge({ mrn: 'AU1', visit: 'VAU1', at: '20261119080000-0500', controlId: 'AU1-out' }),
  );
  expect(more).toEqual([]);
  const [patient] = (await site.owner.query(`select id from patient`)).rows;
  expect(row).toMatchObject({ outcome: 0, actor: 'feed:general-hospital', patients: [patient.id] });
  const { rows: standing } = await site.owner.query(
    `select type || '/' || id || '/_history/' || version as key from resource where patient = $1 order by 1`,
    [patient.id],
  );
  const provenanceAndPatient = /^(Provenance|Patient)\//;
  expect([...(row?.resources ?? [])].filter((key) => !provenanceAndPatient.test(key)).sort()).toEqual(
    standing.map(({ key }) => key).filter((key) => !provenanceAndPatient.test(key)),
  );
  expect(row?.resources.filter((key) => key.startsWith('Task/'))).toHaveLength(4);
});

it('a message that changes nothing: one row, which names the patient', async () => {
  const [row, ...more] = await worked(
    aDischarge({ mrn: 'AU1', visit: 'VAU1', at: '20261119080000-0500', controlId: 'AU1-more' }),
  );
  expect(more).toEqual([]);
  expect(row).toMatchObject({ outcome: 0, resources: [] });
  expect(row?.patients).toHaveLength(1);
});

it('a merge: one row, which names both', async () => {
  const [row, ...more] = await worked(
    aMerge({ retired: 'AU1', survivor: 'AU2', at: '20261120080000-0500', controlId: 'AU-merge' }),
  );
  expect(more).toEqual([]);
  expect(row?.patients).toHaveLength(2);
});

it.each([
  ['that cannot be understood', anAdt({ controlId: 'AU-nobody', mrn: '' })],
  ['whose header was refused at the door', anAdt({ controlId: 'AU-door', version: '3.0' })],
])('a message %s: one row with a failure', async (_why, message) => {
  const rows = await worked(message);
  expect(
    (
      await site.owner.query('select state from inbox i join message m on m.id = i.message where m.control_id = $1', [
        message.split('|')[9],
      ])
    ).rows,
  ).toEqual([{ state: 'parked' }]);
  expect(rows).toEqual([{ outcome: 4, actor: 'feed:general-hospital', patients: [], resources: [] }]);
});

it('a message parked after its last try: one row with a failure', async () => {
  await site.send(anAdmission({ mrn: 'AU3', controlId: 'AU-tries' }));
  const [{ id }] = (await site.owner.query(`select id from message where control_id = 'AU-tries'`)).rows;
  const tries: number[] = [];
  for (let tried = 0; tried < 4; tried += 1) {
    await noteFailedEntry(site.site.organisation, id, new Error('broken'));
    tries.push((await rowsOf('AU-tries')).length);
  }
  expect(tries).toEqual([0, 0, 1, 1]);
});

it('effects and row share one transaction: where either cannot be kept, neither is', async () => {
  const figures = async () =>
    (
      await site.owner.query(
        'select (select count(*) from audit) audits, (select sum(version) from resource) versions, (select count(*) from encounter_event) events',
      )
    ).rows;
  const before = await figures();
  await site.send(anAdmission({ mrn: 'AU4', visit: 'VAU4', controlId: 'AU-broken' }));
  const breaking = async (table: string, moment: string) => {
    await site.owner.query(
      `create or replace function broken() returns trigger language plpgsql as 'begin raise exception ''broken''; end'`,
    );
    await site.owner.query(
      `create trigger broken before ${moment} on ${table} for each statement execute function broken()`,
    );
    await expect(site.work()).rejects.toMatchObject({ kind: 'defect' });
    await site.owner.query(`drop trigger broken on ${table}`);
    expect(await figures()).toEqual(before);
  };
  await breaking('inbox', 'update');
  await breaking('audit', 'insert');
  await site.work();
  expect(await rowsOf('AU-broken')).toHaveLength(1);
});
