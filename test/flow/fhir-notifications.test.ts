// Discharge notices over FHIR end in the same stays and cases as HL7 v2, alone and mixed with it, in any order.

import fc from 'fast-check';
import type { CarePlan, Encounter, Patient, Provenance } from 'fhir/r4.js';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { instant } from '../../src/base/instant.ts';
import { createIntake } from '../../src/flow/intake.ts';
import { receiveResource } from '../../src/flow/receive-resource.ts';
import { essenceOf } from '../support/essence.ts';
import { aNotification, anEncounterAlone, type NotificationOptions } from '../support/fhir-messages.ts';
import { describeIssues, validate } from '../support/fhir-validator/validate.ts';
import { aDischarge, anAdmission } from '../support/hl7.ts';
import { aSite, defaultPartner, type TestSite } from '../support/site.ts';

let site: TestSite;
beforeEach(async () => {
  site = await aSite({ now: '2026-11-22T15:00:00Z' });
});
afterEach(() => site.close());
afterAll(() => undefined);

async function post(value: unknown, form: 'message' | 'encounter' = 'message', into: TestSite = site): Promise<void> {
  const intake = createIntake(
    into.site.intake,
    () => instant(Date.parse('2026-11-22T15:00:00Z')),
    () => undefined,
  );
  const receiving = {
    feedOf: () => ({ intake }),
    languageOf: into.site.organisation.languageOf,
    count: () => undefined,
  };
  await receiveResource(receiving, { bytes: Buffer.from(JSON.stringify(value)), partner: defaultPartner, form });
  await into.work();
}
const plain = (options: NotificationOptions) => aNotification({ event: '', ...options });
const admit = aNotification({ event: 'notification-admit' });
const discharge = aNotification();
const states = async () => ({
  encounters: (await site.resources<Encounter>('Encounter')).map(({ status, class: code }) => [status, code.code]),
  plans: (await site.resources<CarePlan>('CarePlan')).map(({ status }) => status),
});

describe('a discharge notification', () => {
  it('opens the case, with valid resources and its source', async () => {
    await post(admit);
    await post(discharge);
    expect(await states()).toEqual({ encounters: [['finished', 'IMP']], plans: ['active'] });
    const provenance = await site.resources<Provenance>('Provenance');
    expect(provenance.every(({ entity }) => entity?.[0]?.what.display?.startsWith('FHIR message'))).toBe(true);
    const { rows } = await site.owner.query('select body from resource union all select body from resource_history');
    expect(rows.flatMap(({ body }: { body: string }) => describeIssues(validate(JSON.parse(body))))).toEqual([]);
    const fates = await site.owner.query('select trigger, state from inbox order by message');
    expect(fates.rows).toEqual([
      { trigger: 'FHIR^ADMIT', state: 'applied' },
      { trigger: 'FHIR^DISCHARGE', state: 'applied' },
    ]);
  });

  it('joins the stay and the patient that HL7 v2 told of', async () => {
    await site.send(anAdmission({ mrn: '1001', visit: 'V1', at: '20261117080000-0500' }));
    await post(discharge);
    await site.send(aDischarge({ mrn: '1001', visit: 'V1', at: '20261120150000-0500' }));
    await site.work();
    expect(await states()).toEqual({ encounters: [['finished', 'IMP']], plans: ['active'] });
    expect(await site.resources<Patient>('Patient')).toHaveLength(1);
  });

  it('late admission after discharge does not open the stay again', async () => {
    await post(discharge);
    await post(admit);
    expect((await states()).encounters).toEqual([['finished', 'IMP']]);
  });

  it('cancelled by a later status withdraws the case, whichever comes first', async () => {
    const cancelled = plain({ status: 'cancelled', updatedAt: '2026-11-21T08:00:00-05:00' });
    const inError = plain({ status: 'entered-in-error', updatedAt: '2026-11-21T08:00:00-05:00', visit: 'V2' });
    await post(cancelled);
    await post(discharge);
    await post(inError);
    await post(aNotification({ visit: 'V2' }));
    const { encounters, plans } = await states();
    expect(encounters.map(([status]) => status).sort()).toEqual(['cancelled', 'entered-in-error']);
    expect(plans.filter((status) => status !== 'entered-in-error')).toEqual([]);
  });
});

describe('plain Encounters', () => {
  it('tell of a stay from plan to end, and open it again when it goes on', async () => {
    const at = (day: number) => `2026-11-${day}T08:00:00-05:00`;
    const walk: [NotificationOptions, string][] = [
      [{ status: 'planned', updatedAt: at(15) }, 'planned'],
      [{ status: 'in-progress', updatedAt: at(17) }, 'in-progress'],
      [{ status: 'onleave', updatedAt: at(18) }, 'onleave'],
      [{ status: 'in-progress', updatedAt: at(19) }, 'in-progress'],
      [{ status: 'finished', updatedAt: at(20), end: at(20) }, 'finished'],
      [{ status: 'in-progress', updatedAt: at(21) }, 'in-progress'],
    ];
    for (const [options, status] of walk) {
      await post(anEncounterAlone(options), 'encounter');
      expect((await states()).encounters).toEqual([[status, 'IMP']]);
    }
    expect((await states()).plans).toEqual(['entered-in-error']);
    await post(anEncounterAlone({ status: 'finished', updatedAt: at(22), end: at(22) }), 'encounter');
    expect((await states()).plans.sort()).toEqual(['active', 'entered-in-error']);
  });

  it('of another class change the class, and a visit to the emergency department opens no case', async () => {
    await post(plain({ class: 'EMER', updatedAt: '2026-11-17T08:00:00-05:00' }));
    await post(plain({ class: 'IMP', updatedAt: '2026-11-18T08:00:00-05:00' }));
    expect((await states()).encounters).toEqual([['in-progress', 'IMP']]);
    await post(plain({ class: 'EMER', status: 'finished', visit: 'V9' }));
    expect((await states()).plans).toEqual([]);
  });
});

describe('any order', () => {
  it('of the same messages, twice some of them, ends in the same state', { timeout: 120_000 }, async () => {
    const at = (day: number) => `2026-11-${day}T09:00:00-05:00`;
    const story = [
      admit,
      aNotification({ event: 'notification-transfer', updatedAt: at(18) }),
      discharge,
      plain({ status: 'in-progress', updatedAt: at(21) }),
      plain({ status: 'finished', updatedAt: at(22), end: at(22) }),
      plain({ status: 'in-progress', visit: 'V2', updatedAt: at(23), start: at(23) }),
    ];
    const essences = new Set<string>();
    const [orders] = [fc.sample(fc.shuffledSubarray(story, { minLength: story.length }), { numRuns: 5, seed: 7 })];
    for (const order of [story, [...story].reverse(), ...orders]) {
      const other = await aSite({ now: '2026-11-24T15:00:00Z' });
      for (const each of [...order, order[0]]) await post(each, 'message', other);
      essences.add((await essenceOf(other.owner, other.site.organisation.practice.id)).join('\n'));
      await other.close();
    }
    expect(essences.size).toBe(1);
  });
});
