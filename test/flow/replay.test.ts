// Messages read again: what says the same changes nothing; after a mapping is corrected, what is said now stands instead
// of what was said before, in whosever chart that was; and the order of arrival is kept.

import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Encounter, Patient, Reference, Task } from 'fhir/r4.js';
import { afterEach, describe, expect, it } from 'vitest';
import { replayMessages } from '../../src/flow/replay-messages.ts';
import type { FateFilter } from '../../src/store/fates.ts';
import { aDatabase, type TestDatabase } from '../support/database.ts';
import { essenceOf } from '../support/essence.ts';
import { aCancelledDischarge, aDischarge, aMerge, anAdmission, anUpdate } from '../support/hl7.ts';
import { seeded } from '../support/seeded.ts';
import { aTestFolder } from '../support/service-process.ts';
import { aSite, type TestSite } from '../support/site.ts';

const sites: TestSite[] = [];
afterEach(async () => {
  for (const site of sites.splice(0)) await site.close();
});
async function site(options: Parameters<typeof aSite>[0] = {}): Promise<TestSite> {
  const made = await aSite(options);
  sites.push(made);
  return made;
}

type Edit = readonly [file: string, from: string, to: string];

/** Profiles and mappings with these changes. */
function edited(...edits: readonly Edit[]): { readonly profilesDir: string; readonly mappingsDir: string } {
  const folder = aTestFolder('edited');
  for (const part of ['profiles', 'mappings']) cpSync(part, path.join(folder, part), { recursive: true });
  for (const [file, from, to] of edits) {
    const text = readFileSync(path.join(folder, file), 'utf8');
    expect(text, `${file} holds what is to be changed`).toContain(from);
    writeFileSync(path.join(folder, file), text.replace(from, to));
  }
  return { profilesDir: path.join(folder, 'profiles'), mappingsDir: path.join(folder, 'mappings') };
}

const partner = 'profiles/partners/general-hospital.yaml';
const everything: FateFilter = { from: 0 };
const replay = (where: TestSite, filter: FateFilter = everything) =>
  replayMessages(where.site.work, filter, { actor: 'system:test', now: Date.now(), isDryRun: false });

/** Keeps and works the messages one by one. */
async function play(where: TestSite, messages: readonly string[]): Promise<void> {
  for (const message of messages) {
    await where.send(message);
    await where.work();
  }
}

/** The same messages read with one set of definitions, then again with another; beside those who only knew the other. */
async function corrected(messages: readonly string[], before: object, after: object) {
  const database: TestDatabase = await aDatabase();
  const wrong = await site({ ...before, database });
  await play(wrong, messages);
  const right = await site({ ...after, database });
  expect((await replay(right)).setBack).toBe(messages.length);
  await right.work();
  const fresh = await site({ ...after });
  await play(fresh, messages);
  return { right, fresh };
}
const essence = (where: TestSite) => essenceOf(where.owner, 'riverside-practice');
const versions = async (where: TestSite): Promise<number> =>
  Number((await where.owner.query('select sum(version) as sum from resource')).rows[0].sum);
const states = async (where: TestSite) =>
  (await where.owner.query('select control_id, state, reason, replays from inbox order by message')).rows;

const day = (number: number, hour = 12): string =>
  `202611${String(number).padStart(2, '0')}${String(hour).padStart(2, '0')}0000`;
const week = (zone = '-0500'): string[] => [
  anAdmission({ mrn: '1', visit: 'V1', at: `${day(10)}${zone}`, name: 'Quill^Ada' }),
  anUpdate({ mrn: '1', visit: 'V1', at: `${day(11)}${zone}`, name: 'Quill^Adah', phone: '5550100' }),
  aDischarge({ mrn: '1', visit: 'V1', at: `${day(12)}${zone}`, name: 'Quill^Adah' }),
  aCancelledDischarge({ mrn: '1', visit: 'V1', at: `${day(12, 13)}${zone}`, name: 'Quill^Adah' }),
  anAdmission({ mrn: '2', visit: 'V2', at: `${day(12)}${zone}`, name: 'Quill^Ada' }),
  aDischarge({ mrn: '1', visit: 'V1', at: `${day(13)}${zone}`, name: 'Quill^Adah' }),
  aMerge({ retired: '2', survivor: '1', at: `${day(14)}${zone}`, name: 'Quill^Adah' }),
  anUpdate({ mrn: '3', visit: 'V3', at: 'soon', sentAt: 'soon', controlId: 'unreadable' }),
];

describe('a replay', () => {
  it('of everything, with nothing corrected, changes nothing', async () => {
    const here = await site();
    await play(here, week());
    const before = [await versions(here), await essence(here)];
    for (const round of [1, 2]) {
      expect(await replay(here)).toMatchObject({ matched: 8, setBack: 8 });
      await here.work();
      expect([await versions(here), await essence(here)]).toEqual(before);
      expect((await states(here)).map(({ replays }) => replays)).toEqual(Array(8).fill(round));
    }
    expect((await states(here)).at(-1)).toMatchObject({ state: 'parked', reason: 'hl7.time-missing' });
  });

  it.each([1, 2, 3, 4, 5, 6])('at any moment, of any part, ends as if there had been none (seed %i)', async (seed) => {
    const undisturbed = await site();
    await play(undisturbed, week());
    const random = seeded(seed);
    const here = await site();
    for (const message of week()) {
      await here.send(message);
      if (random.next() < 0.7) await here.work();
      if (random.next() < 0.5) {
        const { rows } = await here.owner.query<{ message: string }>('select message from inbox');
        const ids = rows.map((row) => Number(row.message)).filter(() => random.next() < 0.5);
        if (ids.length > 0) await replay(here, { ids });
      }
      if (random.next() < 0.5) await here.work();
    }
    await here.work();
    expect(await essence(here)).toEqual(await essence(undisturbed));
  });

  it('reads times by the corrected zone', async () => {
    const { right, fresh } = await corrected(
      week(''),
      edited([partner, 'zone: America/New_York', 'zone: America/Los_Angeles']),
      {},
    );
    expect(await essence(right)).toEqual(await essence(fresh));
  });

  it('takes back what an event said that is ignored by now, and says it again when it counts', async () => {
    const ignoring = edited(['mappings/hl7v2/adt.yaml', 'A03: discharged', 'A03: { ignored: "not yet" }']);
    const { right } = await corrected(week(), {}, ignoring);
    const stays = await right.resources<Encounter>('Encounter');
    expect(stays.map(({ status }) => status)).toEqual(['in-progress', 'in-progress']);
    expect((await right.resources<Task>('Task')).filter(({ status }) => status === 'ready')).toEqual([]);
    const ignored = (await states(right)).filter(({ state }) => state === 'ignored');
    expect(ignored.map(({ reason }) => reason)).toEqual(['not yet', 'not yet']);
    const { rows } = await right.owner.query(
      `select a.outcome, cardinality(a.patients) as patients from audit a join inbox i on i.message::text = a.request
        where i.state = 'ignored' and a.interaction = 'message' order by a.id desc limit 1`,
    );
    expect(rows).toEqual([{ outcome: 0, patients: 1 }]);
    const back = await corrected(week(), ignoring, {});
    expect(await essence(back.right)).toEqual(await essence(back.fresh));
  });

  it('moves what it said to the patient whom the corrected authority names', async () => {
    const told = { mrn: '7', authority: 'LK', visit: 'V7', name: 'Vale^Iris', birthDate: '19400101' };
    const messages = [
      anUpdate({
        mrn: '7',
        authority: 'GH',
        visit: '',
        name: '',
        birthDate: '',
        at: `${day(9)}-0500`,
        without: ['PV1'],
      }),
      anAdmission({ ...told, at: `${day(10)}-0500` }),
      aDischarge({ ...told, at: `${day(12)}-0500` }),
    ];
    const wrong = '  LK: { uri: "https://lake.example/mrn", name: Lake }\n';
    const right = '  LK: { uri: "https://general-hospital.example/identifiers/mrn", name: General Hospital }\n';
    const { right: site } = await corrected(
      messages,
      edited([partner, 'visit-authority:', `${wrong}visit-authority:`]),
      edited([partner, 'visit-authority:', `${right}visit-authority:`]),
    );
    expect((await states(site)).map(({ state }) => state)).toEqual(['applied', 'applied', 'applied']);
    const patients = await site.resources<Patient>('Patient');
    const former = patients.find(({ identifier }) => identifier?.[0]?.system === 'https://lake.example/mrn');
    const now = patients.find(({ id }) => id !== former?.id);
    expect([patients.length, former?.name?.[0]?.family, now?.name?.[0]?.family]).toEqual([2, undefined, 'Vale']);
    const of = (patient: Patient | undefined, { reference }: Reference = {}) => reference === `Patient/${patient?.id}`;
    const stays = await site.resources<Encounter>('Encounter');
    // Between the two messages the stay was told of half here and half there.
    const standing = stays.filter(({ status }) => status !== 'entered-in-error');
    expect(standing.map(({ subject, status }) => [of(now, subject), status])).toEqual([[true, 'finished']]);
    const open = (await site.resources<Task>('Task')).filter(({ status }) => status === 'ready');
    expect(open.length).toBeGreaterThan(0);
    expect(open.filter((task) => !of(now, task.for))).toEqual([]);
  });

  it('leaves refused at the door what the feed still does not take, and works it once it does', async () => {
    const strict = edited([partner, 'processing-ids: [P, T, D]', 'processing-ids: [P]']);
    const database = await aDatabase();
    const closed = await site({ ...strict, database });
    const [ack] = (await closed.send(anAdmission({ mrn: '9', processingId: 'T', controlId: 'TEST' }))) as string[];
    expect(ack).toContain('MSA|AR|');
    await replay(closed);
    await closed.work();
    expect(await states(closed)).toEqual([
      { control_id: 'TEST', state: 'parked', reason: 'hl7.processing-id-refused', replays: 1 },
    ]);
    const open = await site({ database });
    await replay(open);
    await open.work();
    expect(await states(open)).toEqual([{ control_id: 'TEST', state: 'applied', reason: null, replays: 2 }]);
    const { rows } = await open.owner.query('select replay, state, reason from inbox_decision order by replay');
    expect(rows).toEqual([0, 1].map((replay) => ({ replay, state: 'parked', reason: 'hl7.processing-id-refused' })));
  });
});
