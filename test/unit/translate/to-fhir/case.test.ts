// CarePlan, Task, ServiceRequest, CareTeam: a case as others read it (the outside contract of docs/architecture.md).

import type { CarePlan, CareTeam, EpisodeOfCare, FhirResource, ServiceRequest, Task } from 'fhir/r4.js';
import { describe, expect, test } from 'vitest';
import type { CaseId, EncounterId } from '../../../../src/base/id.ts';
import type { Case, CaseState, CloseReason } from '../../../../src/domain/case/case.ts';
import { express } from '../../../../src/translate/to-fhir/express.ts';
import { aCase, aChart, aContext, aMoment, anEpisode, aTask } from '../../../support/charts.ts';

const base = 'https://throughline.example/fhir';

function first<Body extends FhirResource>(type: Body['resourceType'], one: Partial<Case> = {}): Body {
  return express(aChart({ cases: [aCase(one)] }), aContext).find((found) => found.type === type)!.body as Body;
}

describe('CarePlan', () => {
  test.each<[CaseState, CloseReason | undefined, CarePlan['status']]>([
    ['open', undefined, 'active'],
    ['suspended', undefined, 'on-hold'],
    ['closed', 'finished', 'completed'],
    ['closed', undefined, 'completed'],
    ['closed', 'deceased', 'revoked'],
    ['closed', 'not-qualifying', 'revoked'],
    ['closed', 'readmitted', 'revoked'],
    ['closed', 'entered-in-error', 'entered-in-error'],
    ['withdrawn', 'entered-in-error', 'entered-in-error'],
  ])('a case that is %s (%s) is %s', (state, closedAs, status) => {
    const plan = first<CarePlan>('CarePlan', { state, ...(closedAs && { closedAs }) });
    expect(plan.status).toBe(status);
    expect(plan.note === undefined).toBe(state === 'open');
  });

  test('it names the protocol and its version, the period, the stay, and refers to its tasks', () => {
    expect(first<CarePlan>('CarePlan')).toMatchObject({
      instantiatesCanonical: [`${base}/PlanDefinition/transitional-care|1.0.0`],
      period: { start: '2026-11-20', end: '2026-12-19' },
      subject: { reference: 'Patient/p-1' },
      encounter: { reference: 'Encounter/e-1' },
      careTeam: [{ reference: 'CareTeam/c-1' }],
      activity: [
        { reference: { reference: 'Task/t-1' } },
        { reference: { reference: 'Task/t-2' } },
        { reference: { reference: 'ServiceRequest/r-1' } },
      ],
    });
  });

  test('flags are categories of our own', () => {
    const { category } = first<CarePlan>('CarePlan', { flags: ['class-unknown'] });
    expect(category?.map(({ coding }) => coding?.[0]?.code)).toEqual(['assess-plan', 'class-unknown']);
    expect(category?.[1]?.coding?.[0]?.system).toBe(`${base}/CodeSystem/case-flag`);
  });

  test('it tells which case it follows and for which stay it is on hold', () => {
    const plan = first<CarePlan>('CarePlan', {
      state: 'suspended',
      follows: 'c-0' as CaseId,
      suspendedFor: 'e-2' as EncounterId,
    });
    expect(plan.replaces).toEqual([{ reference: 'CarePlan/c-0' }]);
    expect(plan.supportingInfo).toContainEqual({ reference: 'Encounter/e-2' });
  });

  test('its narrative is text, whatever the titles hold', () => {
    const { text } = first<CarePlan>('CarePlan', { tasks: [aTask({ title: 'Ask <b>"who"</b> & why\u0000' })] });
    expect(text?.div).toContain('Ask &lt;b&gt;&quot;who&quot;&lt;/b&gt; &amp; why\ufffd: due');
  });
});

describe('Task', () => {
  test('the window ends with the last second of the due day, and says how it came about', () => {
    const task = first<Task>('Task');
    expect(task.restriction?.period).toEqual({ start: '2026-11-20T15:00:00-05:00', end: '2026-11-24T23:59:59-05:00' });
    expect(task.extension).toEqual([
      { url: `${base}/StructureDefinition/due-explanation`, valueString: 'Two business days after the discharge.' },
    ]);
  });

  test('code, patient, plan and owner', () => {
    expect(first<Task>('Task')).toMatchObject({
      code: { coding: [{ system: `${base}/CodeSystem/task`, code: 'first-contact' }] },
      for: { reference: 'Patient/p-1' },
      basedOn: [{ reference: 'CarePlan/c-1' }],
      owner: { reference: 'PractitionerRole/riverside-care-coordinator' },
      intent: 'order',
    });
  });

  test('a task that asks for a referral acts on it', () => {
    const tasks = express(aChart(), aContext)
      .filter(({ type }) => type === 'Task')
      .map(({ body }) => body as Task);
    expect(tasks.map(({ focus }) => focus?.reference)).toEqual([undefined, 'ServiceRequest/r-1']);
  });

  test('an ended task says why and when; one on hold has no end', () => {
    const endedAt = aMoment('2026-11-20T18:00').at;
    const of = (status: 'cancelled' | 'on-hold') =>
      first<Task>('Task', { tasks: [aTask({ status, statusReason: 'because', endedAt })] });
    expect(of('cancelled')).toMatchObject({
      statusReason: { text: 'because' },
      executionPeriod: { end: '2026-11-20T23:00:00.000Z' },
      lastModified: '2026-11-20T23:00:00.000Z',
    });
    expect(of('on-hold').executionPeriod).toBeUndefined();
  });

  test('a change dated before the task was authored does not make it older (inv-1)', () => {
    const { authoredOn, lastModified } = first<Task>('Task', {
      tasks: [aTask({ status: 'cancelled', endedAt: aMoment('2026-11-19').at })],
    });
    expect(lastModified).toBe(authoredOn);
  });
});

describe('what surrounds a case', () => {
  test('a referral orders what the protocol names', () => {
    expect(first<ServiceRequest>('ServiceRequest')).toMatchObject({
      status: 'active',
      code: { coding: [{ code: '390906007' }], text: 'Follow-up visit after discharge' },
      occurrencePeriod: { start: '2026-11-20T15:00:00-05:00', end: '2026-12-04T23:59:59-05:00' },
      reasonCode: [{ text: 'Shortness of breath' }],
    });
  });

  test('the care team has one participant for each role that tasks name', () => {
    const { participant, status } = first<CareTeam>('CareTeam');
    expect(status).toBe('active');
    expect(participant?.map(({ member }) => member?.reference)).toEqual([
      'PractitionerRole/riverside-care-coordinator',
      'PractitionerRole/riverside-practitioner',
    ]);
  });

  test('without roles the practice itself takes part (US Core CareTeam.participant 1..*)', () => {
    const { participant } = first<CareTeam>('CareTeam', { protocol: { id: 'gone', version: '0' }, tasks: [] });
    expect(participant?.map(({ member }) => member?.reference)).toEqual(['Organization/riverside']);
  });

  test('the episode refers to the teams of its cases', () => {
    const chart = aChart({ episodes: [anEpisode({ state: 'onhold' })] });
    const episode = express(chart, aContext).find(({ type }) => type === 'EpisodeOfCare')!.body as EpisodeOfCare;
    expect(episode).toMatchObject({ status: 'onhold', team: [{ reference: 'CareTeam/c-1' }] });
  });
});
