// Expressing: deterministic, whole, and cheap; what is shared; what a protocol and a provenance look like.

import { describe, expect, test } from 'vitest';
import type { EncounterId, PatientId } from '../../../../src/base/id.ts';
import { express, expressPractice } from '../../../../src/translate/to-fhir/express.ts';
import { expressProtocol } from '../../../../src/translate/to-fhir/plan-definition.ts';
import { aChart, aContext, anEvent, aPractice, aProtocol, aRecord, aStay, said } from '../../../support/charts.ts';
import { aProvenance } from '../../../support/fhir-examples.ts';

describe('express', () => {
  test('the same chart gives the same text', () => {
    const texts = () => express(aChart(), aContext).map(({ body }) => JSON.stringify(body));
    expect(texts()).toEqual(texts());
  });

  test('no two resources share an address', () => {
    const keys = express(aChart({ encounters: [aStay(), aStay({ id: 'e-2' as EncounterId })] }), aContext).map(
      ({ type, id }) => `${type}/${id}`,
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('hospitals, professionals and places are shared and know no patient', () => {
    const shared = express(aChart(), aContext).filter((one) => one.shared);
    expect([...new Set(shared.map(({ type }) => type))].sort()).toEqual(['Location', 'Organization', 'Practitioner']);
    expect(shared.every(({ index }) => index.patient === undefined)).toBe(true);
    expect(shared.find(({ type }) => type === 'Practitioner')?.orderKey).toBe('20261120');
  });

  test('of two names for one practitioner the newer stands', () => {
    const named = (family: string, id: string) => {
      const identifier = { authority: 'urn:npi', value: '1' };
      return aStay({
        id: id as EncounterId,
        events: [id],
        facts: { attending: [{ identifier, name: { family, given: [] } }] },
      });
    };
    const chart = aChart({
      encounters: [named('New', 'e-new'), named('Old', 'e-old')],
      events: [anEvent({ id: 'e-new', order: '2' }), anEvent({ id: 'e-old', order: '1' })],
    });
    const practitioners = express(chart, aContext).filter(({ type }) => type === 'Practitioner');
    expect(practitioners.map(({ body }) => (body as { name?: unknown }).name)).toEqual([[{ family: 'New' }]]);
  });

  test('practitioners that only a retired record names are there too', () => {
    const doctor = (family: string) => said({ generalPractitioners: [{ name: { family, given: [] } }] });
    const chart = aChart({
      patient: aRecord({ statements: doctor('Lund') }),
      retired: [
        aRecord({
          id: 'p-0' as PatientId,
          statements: doctor('Berg'),
          replacedBy: { patient: 'p-1' as PatientId, order: '2026-11-19' },
        }),
      ],
      encounters: [],
    });
    expect(express(chart, aContext).filter(({ type }) => type === 'Practitioner')).toHaveLength(2);
  });

  test('every resource of a patient is found by that patient', () => {
    const own = express(aChart(), aContext).filter((one) => !one.shared);
    expect(own.map(({ index }) => index.patient)).toEqual(own.map(() => 'p-1'));
  });

  test('a chart with one stay and one case takes well under a millisecond', () => {
    const chart = aChart();
    for (let round = 0; round < 200; round += 1) express(chart, aContext);
    const before = process.cpuUsage();
    for (let round = 0; round < 200; round += 1) express(chart, aContext);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 200).toBeLessThan(1000);
  });
});

describe('what is not of one patient', () => {
  test('the practice and each of its roles have stable ids', () => {
    expect(expressPractice(aPractice).map(({ type, id }) => `${type}/${id}`)).toEqual([
      'Organization/riverside',
      'PractitionerRole/riverside-care-coordinator',
      'PractitionerRole/riverside-practitioner',
    ]);
  });

  test('a protocol: what opens it, what ends it, what is due', () => {
    const plan = expressProtocol(aProtocol, aContext.canonicalBase);
    const [opening] = plan.action!;
    expect(`${plan.url}|${plan.version}`).toBe(
      'https://throughline.example/fhir/PlanDefinition/transitional-care|1.0.0',
    );
    expect(opening?.trigger).toEqual([{ type: 'named-event', name: 'discharged' }]);
    expect(opening?.condition?.map(({ kind, expression }) => `${kind}: ${expression?.description}`)).toEqual([
      'applicability: encounter.class is one of IMP, OBSENC and not patient.deceased is true',
      'stop: admitted as IMP or OBSENC: on hold, then readmitted',
      'stop: discharge-cancelled: entered-in-error',
      'stop: 30 days after the discharge: finished',
    ]);
    const [contact, , reconciliation] = opening!.action!;
    expect(contact?.relatedAction?.[0]?.offsetDuration).toMatchObject({
      value: 2,
      code: 'd',
      extension: [{ url: 'https://throughline.example/fhir/StructureDefinition/business-days', valueBoolean: true }],
    });
    expect(contact?.definitionCanonical).toBe('#first-contact');
    expect(reconciliation?.relatedAction).toMatchObject([
      { actionId: 'follow-up-visit', relationship: 'concurrent-with-end' },
    ]);
  });

  test('a provenance names the message, who sent it and who made of it what', () => {
    expect(aProvenance.entity?.[0]?.what.identifier).toEqual({
      system: 'urn:throughline:message:general-hospital',
      value: 'MSG00001',
    });
    expect(aProvenance.agent.map(({ type }) => type?.coding?.[0]?.code)).toEqual(['assembler', 'transmitter']);
    expect(aProvenance.occurredDateTime).toBe('2026-11-20T15:00:00-05:00');
  });
});
