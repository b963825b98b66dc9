// A merge that commits while another batch already waits for the same patients: the one that waited must see who was
// merged in meanwhile, or it would think without their stays.

import type { Encounter, Task } from 'fhir/r4.js';
import { afterEach, expect, it } from 'vitest';
import { processMessages } from '../../src/flow/process-messages.ts';
import { reviewCharts } from '../../src/flow/review-charts.ts';
import { withOwner } from '../support/aftermath.ts';
import { aDischarge, aMerge } from '../support/hl7.ts';
import { aSite, type TestSite } from '../support/site.ts';

let site: TestSite;
afterEach(() => site.close());

const one = { entriesMax: 1, shardsMax: 1 };
const waiting = async (count: number) => {
  for (;;) {
    const { rows } = await site.owner.query(
      `select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    if (rows[0].count >= count) return;
  }
};

/** Works the merge up to its last statements, lets `other` run into its locks, then lets both go. */
async function whileMerging(merge: string, other: () => Promise<unknown>): Promise<void> {
  await site.send(merge);
  await withOwner(site.url, async (gate) => {
    await gate.query('begin; lock table chart in exclusive mode');
    const merging = processMessages(site.site.organisation, one);
    await waiting(1);
    const running = other();
    await waiting(2);
    await gate.query('commit');
    await Promise.all([merging, running]);
  });
  await site.work();
}

async function started(...mrns: string[]): Promise<void> {
  site = await aSite({ now: '2026-11-22T15:00:00Z' });
  for (const mrn of mrns) await site.send(aDischarge({ mrn, visit: `V${mrn}`, at: '20261118150000-0500' }));
  await site.work();
}

async function expectAllStand(stays: number): Promise<void> {
  const encounters = await site.resources<Encounter>('Encounter');
  expect(encounters.map(({ status }) => status)).toEqual(Array(stays).fill('finished'));
  const tasks = await site.resources<Task>('Task');
  expect(tasks.map(({ status }) => status)).toEqual(Array(stays * 4).fill('ready'));
  expect(new Set(tasks.map((task) => task.for?.reference)).size).toBe(1);
}

it('two links of a chain at once keep the stays of all three', async () => {
  await started('A', 'B', 'C');
  await whileMerging(aMerge({ retired: 'A', survivor: 'B', at: '20261119100000-0500' }), async () => {
    await site.send(aMerge({ retired: 'B', survivor: 'C', at: '20261119110000-0500' }));
    await processMessages(site.site.organisation, one);
  });
  await expectAllStand(3);
});

it('a review of the survivor at the same moment keeps the stays of both', async () => {
  await started('A', 'B');
  await site.owner.query(
    `update chart set look_at = '2026-11-22T14:00:00Z' where patient = (select patient from patient_identifier where value = 'B')`,
  );
  await whileMerging(aMerge({ retired: 'A', survivor: 'B', at: '20261119100000-0500' }), () =>
    reviewCharts(site.site.organisation, 10),
  );
  await expectAllStand(2);
});
