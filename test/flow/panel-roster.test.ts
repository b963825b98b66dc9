// A feed of a roster: who is off the panel on the day it happened is counted and kept as the rule says; who joins later
// gets what was kept.

import type { CarePlan, Patient } from 'fhir/r4.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { processMessages } from '../../src/flow/process-messages.ts';
import { forgetMessages } from '../../src/store/panel-kept.ts';
import { pausing, someoneIsLocked } from '../support/at-once.ts';
import { aCancelledDischarge, aDischarge, aMerge, anAdmission, aPersonUpdate } from '../support/hl7.ts';
import { aPanelSite, type PanelSite } from '../support/panel.ts';

const header = 'identifier,family,birth-date,from,until\n';
let site: PanelSite;

async function empty(): Promise<void> {
  await site.owner.query(
    `truncate inbox, message, message_raw, patient, patient_identifier, encounter_event, chart, resource, resource_history,
       resource_identifier, audit, panel_kept, panel_member, panel_load, panel_opt_out cascade`,
  );
  site.setNow('2026-11-22T15:00:00Z');
}

const rawOf = async (): Promise<number> =>
  Number((await site.owner.query<{ count: string }>('select count(*) from message_raw')).rows[0]?.count);

describe('keep: raw', () => {
  beforeAll(async () => {
    site = await aPanelSite({ offPanel: 'off-panel: { keep: raw, raw-days: 30 }' });
  });
  afterAll(() => site.close());
  beforeEach(empty);

  test('who is off the panel is ignored and counted, and leaves no chart', async () => {
    await site.load(`${header}1001,Winter,1955-01-02,,\n`);
    await site.send(aDischarge({ mrn: '1001' }));
    await site.send(aDischarge({ mrn: '2002', visit: 'V2', name: 'Spring^Bo' }));
    await site.work();
    expect(await site.fates()).toEqual(['applied', 'ignored off-panel']);
    expect(await site.resources<CarePlan>('CarePlan')).toHaveLength(1);
    expect(await site.resources<Patient>('Patient')).toHaveLength(1);
    const { rows } = await site.owner.query('select 1 from patient_identifier where value = $1', ['2002']);
    expect(rows).toEqual([]);
  });

  test('who joins later gets a case from what was kept', async () => {
    await site.load(`${header}1001,Winter,1955-01-02,,\n`);
    await site.send(anAdmission({ mrn: '2002', visit: 'V2', at: '20261118100000-0500' }));
    await site.send(aDischarge({ mrn: '2002', visit: 'V2' }));
    await site.work();
    expect(await site.resources('CarePlan')).toEqual([]);
    const { replayed } = await site.load(`${header}2002,Winter,1955-01-02,,\n`, { mode: 'add' });
    expect(replayed).toBe(2);
    await site.work();
    expect(await site.fates()).toEqual(['applied', 'applied']);
    expect((await site.resources<CarePlan>('CarePlan')).map(({ status }) => status)).toEqual(['active']);
    const { rows } = await site.owner.query('select replays from inbox order by message');
    expect(rows).toEqual([{ replays: 1 }, { replays: 1 }]);
    expect((await site.owner.query('select 1 from panel_kept')).rows).toEqual([]);
  });

  test('who joins while a batch leaves them out gets what it left out', async () => {
    await site.load(`${header}1001,Winter,1955-01-02,,\n`);
    await site.send(aDischarge({ mrn: '2002', visit: 'V2' }));
    let joined: Promise<{ readonly replayed: number }> | undefined;
    const join = async (): Promise<void> => {
      joined = site.load(`${header}2002,Winter,1955-01-02,,\n`, { mode: 'add' });
      await someoneIsLocked(site.owner);
    };
    const { organisation } = site.site;
    await processMessages(pausing(organisation, 'inbox.decide', join), { entriesMax: 1, shardsMax: 64 });
    expect((await joined)?.replayed).toBe(1);
    await site.work();
    expect(await site.fates()).toEqual(['applied']);
  });

  test('a message that was read again meanwhile is not forgotten', async () => {
    await site.load(`${header}1001,Winter,1955-01-02,,\n`);
    await site.send(aDischarge({ mrn: '2002', visit: 'V2' }));
    await site.work();
    const [{ message }] = (await site.owner.query('select message from inbox')).rows as [{ message: number }];
    await site.owner.query(`update inbox set state = 'applied', reason = null`);
    await site.site.work.transaction((tx) => forgetMessages(tx, [message]));
    const { rows } = await site.owner.query('select subject from inbox');
    expect(rows).toEqual([{ subject: '2002' }]);
    expect(await rawOf()).toBe(1);
  });

  test('the first and the last day count, the days beside them do not', async () => {
    await site.load(`${header}1001,,,2026-11-10,2026-11-12\n`);
    for (const day of ['09', '10', '12', '13'])
      await site.send(anAdmission({ mrn: '1001', visit: `V${day}`, at: `202611${day}120000-0500` }));
    await site.work();
    expect(await site.fates()).toEqual(['ignored off-panel', 'applied', 'applied', 'ignored off-panel']);
  });

  test('a day is that of the place where it happened', async () => {
    await site.load(`${header}1001,,,2026-11-10,\n`);
    await site.send(anAdmission({ mrn: '1001', visit: 'V1', at: '20261109233000-0500' }));
    await site.send(anAdmission({ mrn: '1001', visit: 'V2', at: '20261110003000-0500' }));
    await site.work();
    expect(await site.fates()).toEqual(['ignored off-panel', 'applied']);
  });

  test('who joins from a day on gets what happened from that day on', async () => {
    await site.send(anAdmission({ mrn: '1001', visit: 'V1', at: '20261109120000-0500' }));
    await site.send(anAdmission({ mrn: '1001', visit: 'V2', at: '20261115120000-0500' }));
    await site.work();
    expect((await site.load(`${header}1001,,,2026-11-10,\n`)).replayed).toBe(1);
    await site.work();
    expect(await site.fates()).toEqual(['ignored off-panel', 'applied']);
  });

  test('who is not in the next list is off the panel from its day on', async () => {
    await site.load(`${header}1001,,,,\n1002,,,,\n`);
    site.setNow('2026-11-24T15:00:00Z');
    await site.load(`${header}1001,,,,\n`);
    await site.send(anAdmission({ mrn: '1002', visit: 'V1', at: '20261123120000-0500' }));
    await site.send(anAdmission({ mrn: '1002', visit: 'V2', at: '20261124090000-0500' }));
    await site.work();
    expect(await site.fates()).toEqual(['applied', 'ignored off-panel']);
  });

  test('an identifier of the record, and of a record merged with it, attributes as well', async () => {
    await site.load(`${header}1001,,,,\n`);
    await site.send(anAdmission({ identifiers: '1001^^^GH^MR~77^^^CARD^PI', visit: 'V1', at: '20261110120000-0500' }));
    await site.send(anAdmission({ mrn: '77', authority: 'CARD', visit: 'V2', at: '20261111120000-0500' }));
    await site.send(aMerge({ survivor: '5005', retired: '1001', at: '20261112120000-0500' }));
    await site.send(anAdmission({ mrn: '5005', visit: 'V3', at: '20261113120000-0500' }));
    await site.work(1);
    expect(await site.fates()).toEqual(['applied', 'applied', 'applied', 'applied']);
  });

  test('a merge with someone on the panel takes effect and brings what was kept', async () => {
    await site.load(`${header}1001,,,,\n`);
    await site.send(aDischarge({ mrn: '3003', visit: 'V3' }));
    await site.work();
    expect(await site.fates()).toEqual(['ignored off-panel']);
    await site.send(aMerge({ survivor: '1001', retired: '3003', at: '20261121120000-0500' }));
    await site.work();
    expect(await site.fates()).toEqual(['applied', 'applied']);
    const plans = await site.resources<CarePlan>('CarePlan');
    expect(plans.map(({ status }) => status)).toEqual(['active']);
  });

  test('a merge of two who are off the panel waits for either', async () => {
    await site.send(aMerge({ survivor: '1001', retired: '3003', at: '20261119120000-0500' }));
    await site.send(aDischarge({ mrn: '1001', visit: 'V3' }));
    await site.work();
    expect(await site.fates()).toEqual(['ignored off-panel', 'ignored off-panel']);
    await site.load(`${header}3003,,,,\n`);
    await site.work();
    expect(await site.fates()).toEqual(['applied', 'applied']);
    expect(await site.resources('CarePlan')).toHaveLength(1);
  });

  test('a case that is open is brought to its end after the person left; nothing new opens', async () => {
    await site.load(`${header}1001,,,,\n1002,,,,\n`);
    await site.send(anAdmission({ mrn: '1001', visit: 'V1', at: '20261118100000-0500' }));
    await site.send(aDischarge({ mrn: '1001', visit: 'V1' }));
    await site.work();
    site.setNow('2026-11-25T15:00:00Z');
    await site.load(`${header}1002,,,,\n`);
    await site.send(aDischarge({ mrn: '1001', visit: 'V9', at: '20261125090000-0500' }));
    await site.send(aCancelledDischarge({ mrn: '1001', visit: 'V1', at: '20261125100000-0500' }));
    await site.work();
    const plans = await site.resources<CarePlan>('CarePlan');
    expect(plans.map(({ status }) => status)).toEqual(['entered-in-error']);
    const { rows } = await site.owner.query('select warnings from inbox order by message');
    expect(rows.map((row: { warnings: string[] | null }) => row.warnings?.includes('off-panel') ?? false)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  test('the bytes go after the days of the rule, with what they could be found by; the count stays', async () => {
    const { tendPanel } = await import('../../src/flow/tend-panel.ts');
    await site.send(anAdmission({ mrn: '2002' }));
    await site.work();
    site.setNow('2026-12-22T14:59:00Z');
    expect(await tendPanel(site.site.organisation, 10)).toBe(0);
    site.setNow('2026-12-22T15:01:00Z');
    expect(await tendPanel(site.site.organisation, 10)).toBe(1);
    expect(await rawOf()).toBe(0);
    expect(await site.fates()).toEqual(['ignored off-panel']);
    expect((await site.owner.query('select subject, visit from inbox')).rows).toEqual([{ subject: null, visit: null }]);
    expect((await site.load(`${header}2002,,,,\n`)).replayed).toBe(0);
  });

  test('the same message sent again stays one, on and off the panel', async () => {
    await site.send(anAdmission({ mrn: '2002' }));
    await site.work();
    await site.send(anAdmission({ mrn: '2002' }));
    await site.work();
    expect(await site.fates()).toEqual(['ignored off-panel']);
  });
});

describe('keep: counts', () => {
  beforeAll(async () => {
    site = await aPanelSite({ offPanel: 'off-panel: { keep: counts }' });
  });
  afterAll(() => site.close());
  beforeEach(empty);

  test('of who is off the panel only the count is kept, and a resend is still known', async () => {
    await site.send(aPersonUpdate({ mrn: '2002' }));
    await site.work();
    await site.send(aPersonUpdate({ mrn: '2002' }));
    await site.work();
    expect(await site.fates()).toEqual(['ignored off-panel']);
    expect(await rawOf()).toBe(0);
    expect((await site.owner.query('select subject, visit from inbox')).rows).toEqual([{ subject: null, visit: null }]);
    expect((await site.owner.query('select 1 from panel_kept')).rows).toEqual([]);
    expect((await site.load(`${header}2002,,,,\n`)).replayed).toBe(0);
  });
});

describe('keep: all', () => {
  beforeAll(async () => {
    site = await aPanelSite({ offPanel: 'off-panel: { keep: all }' });
  });
  afterAll(() => site.close());
  beforeEach(empty);

  test('everything is recorded, but no case opens until the person joins', async () => {
    await site.send(anAdmission({ mrn: '2002', at: '20261118100000-0500' }));
    await site.send(aDischarge({ mrn: '2002' }));
    await site.work();
    await site.review();
    expect(await site.fates()).toEqual(['applied', 'applied']);
    expect(await site.resources('Encounter')).toHaveLength(1);
    expect(await site.resources('CarePlan')).toEqual([]);
    expect((await site.load(`${header}2002,,,,\n`)).replayed).toBe(2);
    await site.work();
    expect((await site.resources<CarePlan>('CarePlan')).map(({ status }) => status)).toEqual(['active']);
    expect(await site.resources('Encounter')).toHaveLength(1);
  });
});
