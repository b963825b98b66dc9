// Every ADT trigger event A01–A62, one message each, from the wire to the resources: its fate, and what it did
// (test/support/adt-stories.ts; meaning of the events: HL7 v2.9 ch. 3.3).

import type { AllergyIntolerance, CarePlan, Encounter, Patient, Task } from 'fhir/r4.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adtStories } from '../support/adt-stories.ts';
import { essenceOf } from '../support/essence.ts';
import { seeded } from '../support/seeded.ts';
import { aSite, type TestSite } from '../support/site.ts';

let site: TestSite;
let before: (mrn: string) => string;
let after: (mrn: string) => string;
let fates: ReadonlyMap<string, string>;

beforeAll(async () => {
  site = await aSite({ now: '2026-11-22T15:00:00Z' });
  for (const message of adtStories.flatMap((story) => story.before)) expect(await site.send(message)).not.toBe('close');
  await site.work();
  before = await telling(site);
  for (const { message } of adtStories) expect(await site.send(message)).not.toBe('close');
  await site.work();
  after = await telling(site);
  fates = await fatesOf(site);
});
afterAll(() => site.close());

it('there is a story of each of the 62', () => {
  expect(adtStories.map(({ trigger }) => trigger)).toEqual(
    Array.from({ length: 62 }, (_, index) => `A${String(index + 1).padStart(2, '0')}`),
  );
});

it.each(adtStories)('$trigger $about', ({ trigger, message, fate, from, to }) => {
  expect([before(trigger), fates.get(controlIdOf(message)), after(trigger)]).toEqual([from, fate, to]);
});

it.each([7, 1_986])('all of them in any order (seed %i), and each twice, end in the same state', async (seed) => {
  const other = await aSite({ now: '2026-11-22T15:00:00Z' });
  try {
    // Of two stays that turn out to be one, the second leaves a trace only where it had been published: A42 comes in order.
    const [visits, others] = [adtStories.filter(isA42), adtStories.filter((story) => !isA42(story))];
    for (const message of visits.flatMap((story) => [...story.before, story.message])) {
      await other.send(message);
      await other.work();
    }
    const all = others.flatMap((story) => [...story.before, story.message]);
    const { next } = seeded(seed);
    const places = new Map(all.map((message) => [message, next()]));
    for (const message of [...all].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0))) {
      for (const _ of [1, 2]) expect(await other.send(message)).not.toBe('close');
      await other.work();
    }
    const inOther = await telling(other);
    for (const { trigger, to } of adtStories) expect([trigger, inOther(trigger)]).toEqual([trigger, to]);
    expect(await essenceOf(other.owner, practice)).toEqual(await essenceOf(site.owner, practice));
  } finally {
    await other.close();
  }
});

const isA42 = ({ trigger }: { readonly trigger: string }): boolean => trigger === 'A42';
const practice = 'riverside-practice';
const controlIdOf = (message: string): string => message.split('|')[9] ?? '';

async function fatesOf({ owner }: TestSite): Promise<ReadonlyMap<string, string>> {
  const { rows } = await owner.query<{ id: string; state: string; reason: string | null; warnings: string[] | null }>(
    'select m.control_id as id, i.state, i.reason, i.warnings from inbox i join message m on m.id = i.message',
  );
  return new Map(
    rows.map(({ id, state, reason, warnings }) => [
      id,
      [reason === null ? state : `${state}: ${reason}`, ...(warnings ?? [])].join(', '),
    ]),
  );
}

/** What the resources say of the patient of a trigger and, where there is one, of the second. */
async function telling(from: TestSite): Promise<(trigger: string) => string> {
  const all = {
    patients: await from.resources<Patient>('Patient'),
    encounters: await from.resources<Encounter>('Encounter'),
    plans: await from.resources<CarePlan>('CarePlan'),
    allergies: await from.resources<AllergyIntolerance>('AllergyIntolerance'),
    tasks: await from.resources<Task>('Task'),
  };
  const tell = (mrn: string): string => {
    const patient = all.patients.find(({ identifier }) => identifier?.some(({ value }) => value === mrn));
    if (!patient) return '';
    const own = ({ subject }: Encounter | CarePlan): boolean => subject?.reference === `Patient/${patient.id}`;
    const statuses = all.tasks
      .filter((task) => task.for?.reference === `Patient/${patient.id}`)
      .map(({ status }) => status);
    const allergies = all.allergies.filter((one) => one.patient.reference === `Patient/${patient.id}`);
    const said = [
      ...(patient.active ? [] : ['not in use']),
      ...(patient.deceasedBoolean ? ['known, died'] : []),
      ...all.encounters.filter(own).map(encounter),
      ...all.plans.filter(own).map(({ status }) => `plan ${status}`),
      ...[...new Set(statuses)].map((status) => `${statuses.filter((one) => one === status).length} ${status}`),
      ...(allergies.length === 0 ? [] : [`${allergies.length} allergy`]),
    ];
    return said.join(', ') || 'known';
  };
  return (trigger) => {
    const second = tell(`${trigger}b`);
    return [tell(trigger), second && `b: ${second}`].filter(Boolean).join('; ');
  };
}

/** Status, class, bed, and the doctors. */
function encounter({ status, class: { code }, location, participant }: Encounter): string {
  const bed = /bed (\d)/i.exec(location?.[0]?.location.display ?? '')?.[1] ?? '?';
  const doctors = (participant ?? []).map(({ individual }) => individual?.display?.split(' ').at(-1));
  return [status, code, 'bed', bed, ...doctors].join(' ');
}
