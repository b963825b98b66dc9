// Entries whose keeping fails (F-28): tried three times and parked with a reason while those behind them flow; what only
// collided with others (F-14, F-15) is tried again and applied once.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import { type InboxWorker, startInboxWorker } from '../../src/worker/inbox.ts';
import { createWake } from '../../src/worker/wake.ts';
import { essenceOf } from '../support/essence.ts';
import { aDischarge, aMerge, anAdmission } from '../support/hl7.ts';
import { aSite, type TestSite } from '../support/site.ts';

let sites: TestSite[] = [];
let workers: InboxWorker[] = [];
let site: TestSite;
beforeEach(async () => {
  site = await another();
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop();
  for (const one of sites.splice(0)) await one.close();
  [workers, sites] = [[], []];
});

async function another(): Promise<TestSite> {
  const made = await aSite({ now: '2026-11-22T15:00:00Z' });
  sites.push(made);
  return made;
}

function startWorkers(count: number): void {
  for (let number = 0; number < count; number += 1) {
    workers.push(startInboxWorker(site.site.organisation, { entriesMax: 64, shardsMax: 32 }, createWake(), silentLog));
  }
}

/** Time goes on, so that what was put off comes back. */
async function untilNoneWaits(): Promise<void> {
  for (let minute = 1; ; minute += 1) {
    const { rows } = await site.owner.query(`select count(*)::int as count from inbox where state = 'received'`);
    if (rows[0].count === 0) return;
    site.setNow(new Date(Date.parse('2026-11-22T15:00:00Z') + minute * 1_000).toISOString());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Statements on the table fail while the function says so. */
async function breakTable(table: string, moment: string, body: string): Promise<void> {
  await site.owner.query(
    `create function breaking() returns trigger language plpgsql security definer as $$ begin ${body} return new; end $$`,
  );
  await site.owner.query(
    `create trigger breaking before ${moment} on ${table} for each row execute function breaking()`,
  );
}

const feed = Array.from({ length: 30 }, (_, at) =>
  aDischarge({ mrn: `P${at}`, visit: `VP${at}`, at: '20261118150000-0500', controlId: `poison-${at}` }),
);

describe('an entry whose keeping fails', () => {
  it('is parked after its tries, with reason and audit row; all others are applied', async () => {
    await breakTable(
      'patient_identifier',
      'insert',
      `if new.value in ('P3', 'P17') then raise exception 'broken'; end if;`,
    );
    await Promise.all(feed.map((message) => site.send(message)));
    startWorkers(2);
    await untilNoneWaits();
    const { rows } = await site.owner.query(
      `select m.control_id, i.state, i.reason, i.attempts from inbox i join message m on m.id = i.message where i.state <> 'applied' order by 1`,
    );
    expect(rows).toEqual(
      ['poison-17', 'poison-3'].map((control_id) => ({
        control_id,
        state: 'parked',
        reason: 'defect.unexpected',
        attempts: 3,
      })),
    );
    expect((await site.resources('Task')).length).toBe(28 * 4);
    const { rows: audits } = await site.owner.query(
      `select outcome, count(*)::int as count from audit where interaction = 'message' group by 1 order by 1`,
    );
    expect(audits).toEqual([
      { outcome: 0, count: 28 },
      { outcome: 4, count: 2 },
    ]);
  });

  it('with a conflict that never ends is parked as well, and holds up nobody', async () => {
    await breakTable(
      'patient_identifier',
      'insert',
      `if new.value = 'P3' then raise exception 'again' using errcode = '40001'; end if;`,
    );
    await Promise.all(feed.map((message) => site.send(message)));
    startWorkers(2);
    await untilNoneWaits();
    const { rows } = await site.owner.query(
      `select state, reason, count(*)::int as count from inbox group by 1, 2 order by 1`,
    );
    expect(rows).toEqual([
      { state: 'applied', reason: null, count: 29 },
      { state: 'parked', reason: 'store.conflict', count: 1 },
    ]);
  });
});

describe('an entry that was put off', () => {
  const putOff = async (until: string) => {
    await site.send(feed[0] ?? '');
    await site.owner.query('update inbox set not_before = $1', [until]);
    await site.work();
    return (await site.owner.query('select state from inbox')).rows[0].state;
  };

  it('waits for its time', async () => {
    expect(await putOff('2026-11-22T15:00:02Z')).toBe('received');
  });

  it('does not wait a day where somebody has set the clock back a day meanwhile (F-56)', async () => {
    expect(await putOff('2026-11-23T15:00:02Z')).toBe('applied');
  });
});

describe('a collision with others', () => {
  it.each(['40001', '40P01'])('(SQLSTATE %s, several times over) is tried again and applied once', async (code) => {
    await site.owner.query('create sequence tries');
    await breakTable(
      'encounter_event',
      'insert',
      `if nextval('tries') <= 9 then raise exception 'once more' using errcode = '${code}'; end if;`,
    );
    await Promise.all(feed.slice(0, 6).map((message) => site.send(message)));
    startWorkers(1);
    await untilNoneWaits();
    const { rows } = await site.owner.query(
      'select state, sum(attempts)::int as attempts, count(*)::int as count from inbox group by 1',
    );
    expect(rows).toMatchObject([{ state: 'applied', count: 6 }]);
    expect((await site.resources('Task')).length).toBe(24);
  });

  it('of merges the one way and the other, at once, ends as one after the other (F-14)', async () => {
    const messages = Array.from({ length: 40 }, (_, at) => {
      const [a, b] = [`D${at % 5}`, `D${(at + 1 + (at % 3)) % 5}`];
      const time = `202611181${String(500 + at)}00-0500`;
      return at % 2 === 0
        ? aMerge({ retired: a, survivor: b, at: time, controlId: `merge-${at}` })
        : aMerge({ retired: b, survivor: a, at: time, controlId: `merge-${at}` });
    });
    const stays = [0, 1, 2, 3, 4].flatMap((at) => [
      anAdmission({ mrn: `D${at}`, visit: `VD${at}`, at: `2026110${at + 1}120000-0500` }),
      aDischarge({ mrn: `D${at}`, visit: `VD${at}`, at: `2026111${at + 1}120000-0500` }),
    ]);
    startWorkers(4);
    await Promise.all([...stays, ...messages].map((message) => site.send(message)));
    await untilNoneWaits();
    const { rows } = await site.owner.query(`select state, reason from inbox where state <> 'applied'`);
    expect(rows).toEqual([]);
    const calm = await another();
    for (const message of [...stays, ...messages]) await calm.send(message);
    await calm.work();
    expect(await essenceOf(site.owner, 'riverside-practice')).toEqual(
      await essenceOf(calm.owner, 'riverside-practice'),
    );
  });
});
