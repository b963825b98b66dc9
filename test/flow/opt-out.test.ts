// A patient opts out: honoured from the next message on, on any feed, under every identifier; what stood before stays.

import type { CarePlan } from 'fhir/r4.js';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { localDate } from '../../src/base/instant.ts';
import { optOut, withdrawOptOut } from '../../src/flow/opt-out.ts';
import { tendPanel } from '../../src/flow/tend-panel.ts';
import { aDischarge, aMerge, anAdmission, aPersonUpdate } from '../support/hl7.ts';
import { aPanelSite, mrn, type PanelSite } from '../support/panel.ts';

let site: PanelSite;
beforeAll(async () => {
  site = await aPanelSite({ panel: 'all' });
});
afterAll(() => site.close());
beforeEach(async () => {
  await site.owner.query(
    `truncate inbox, message, message_raw, patient, patient_identifier, encounter_event, chart, resource, resource_history,
       resource_identifier, audit, panel_kept, panel_member, panel_load, panel_opt_out cascade`,
  );
  site.setNow('2026-11-22T15:00:00Z');
});

const acting = () => ({ actor: 'system:test', now: site.site.organisation.now() });
const person = (value: string) => ({ authority: mrn, value });
const optOutFrom = (value: string, from = '2026-11-22', until?: string) =>
  optOut(
    site.site.work,
    person(value),
    { from: localDate(from), ...(until !== undefined && { until: localDate(until) }) },
    acting(),
  );

test('the next message is ignored and its bytes are gone; other people’s are not; what stood stays', async () => {
  await site.send(aDischarge({ mrn: '1001' }));
  await site.work();
  await optOutFrom('1001');
  await site.send(anAdmission({ mrn: '1001', visit: 'V2', at: '20261122090000-0500' }));
  await site.send(anAdmission({ mrn: '1002', visit: 'V3', name: 'Spring^Bo' }));
  await site.work();
  expect(await site.fates()).toEqual(['applied', 'ignored opted-out', 'applied']);
  const { rows } = await site.owner.query(
    'select i.message from inbox i left join message_raw r on r.id = i.message where r.id is null',
  );
  expect(rows).toHaveLength(1);
  expect((await site.owner.query('select subject from inbox where reason is not null')).rows).toEqual([
    { subject: null },
  ]);
  expect((await site.resources<CarePlan>('CarePlan')).map(({ status }) => status)).toEqual(['active']);
});

test('a message that was on its way already is honoured too: the day it is worked counts, and the day it happened', async () => {
  await optOutFrom('1001', '2026-11-20', '2026-11-21');
  await site.send(anAdmission({ mrn: '1001', visit: 'V1', at: '20261119120000-0500' }));
  await site.send(anAdmission({ mrn: '1001', visit: 'V2', at: '20261121120000-0500' }));
  await site.send(anAdmission({ mrn: '1001', visit: 'V3', at: '20261122090000-0500' }));
  await site.work();
  expect(await site.fates()).toEqual(['applied', 'ignored opted-out', 'applied']);
});

test('it holds under every identifier of the record, and of a record merged later', async () => {
  await site.send(aPersonUpdate({ identifiers: '1001^^^GH^MR~77^^^CARD^PI' }));
  await site.send(aPersonUpdate({ mrn: '4004' }));
  await site.work();
  await optOutFrom('1001');
  await site.send(anAdmission({ mrn: '77', authority: 'CARD', visit: 'V1' }));
  await site.send(aMerge({ survivor: '4004', retired: '1001', at: '20261121120000-0500' }));
  await site.work();
  await site.send(anAdmission({ mrn: '4004', visit: 'V2' }));
  await site.work();
  expect(await site.fates()).toEqual(['applied', 'applied', 'ignored opted-out', 'applied', 'ignored opted-out']);
});

test('it holds for someone not yet known here', async () => {
  await optOutFrom('9009');
  await site.send(anAdmission({ mrn: '9009' }));
  await site.work();
  expect(await site.fates()).toEqual(['ignored opted-out']);
  expect(await site.resources('Patient')).toEqual([]);
});

test('withdrawn, it ends with the day before; what happened while it held stays out', async () => {
  await optOutFrom('1001');
  site.setNow('2026-11-25T15:00:00Z');
  await withdrawOptOut(site.site.work, person('1001'), localDate('2026-11-25'), acting());
  await site.send(anAdmission({ mrn: '1001', visit: 'V1', at: '20261124120000-0500' }));
  await site.send(anAdmission({ mrn: '1001', visit: 'V2', at: '20261125090000-0500' }));
  await site.work();
  expect(await site.fates()).toEqual(['ignored opted-out', 'applied']);
  await expect(withdrawOptOut(site.site.work, person('1001'), localDate('2026-11-25'), acting())).rejects.toMatchObject(
    {
      code: 'ops.conflict',
    },
  );
});

test('open work shows it while it holds, to whoever has the work; once a version each', async () => {
  const marks = async () =>
    (await site.resources<CarePlan>('CarePlan')).map(({ status, category, meta }) => [
      status,
      category?.some(({ coding }) => coding?.[0]?.code === 'opted-out') ?? false,
      meta?.versionId,
    ]);
  await site.send(aDischarge({ mrn: '1001' }));
  await site.work();
  await optOutFrom('1001', '2026-11-23');
  await tendPanel(site.site.organisation, 10);
  expect(await marks()).toEqual([['active', false, '1']]);
  site.setNow('2026-11-23T15:00:00Z');
  await tendPanel(site.site.organisation, 10);
  await tendPanel(site.site.organisation, 10);
  expect(await marks()).toEqual([['active', true, '2']]);
  await withdrawOptOut(site.site.work, person('1001'), localDate('2026-11-23'), acting());
  await tendPanel(site.site.organisation, 10);
  expect(await marks()).toEqual([['active', false, '3']]);
});
