// Expressing: deterministic, whole, and cheap; what is shared; what a protocol and a provenance look like.

import type { Encounter } from 'fhir/r4.js';
import { describe, expect, test } from 'vitest';
import type { EncounterId } from '../../../../src/base/id.ts';
import { express, expressPractice } from '../../../../src/translate/to-fhir/express.ts';
import { expressMentions } from '../../../../src/translate/to-fhir/mentions.ts';
import { expressProtocol } from '../../../../src/translate/to-fhir/plan-definition.ts';
import { aChart, aContext, aMoment, anEvent, aPractice, aProtocol, aStay } from '../../../support/charts.ts';
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

  test('hospitals, professionals and places come from what a message mentions', () => {
    const order = '20261120';
    const subject = { identifiers: [], demographics: {} };
    const rest = { trigger: 'A03', order, happenedAt: aMoment('2026-11-20'), warnings: [], unmapped: [] };
    const event = anEvent({ order, facts: aStay().facts });
    const shared = expressMentions({ ...rest, kind: 'encounter', subject, event }, aContext);
    expect(shared.map(({ type }) => type)).toEqual(['Organization', 'Organization', 'Practitioner', 'Location']);
    expect(shared.every((one) => one.shared && one.index.patient === undefined)).toBe(true);
    expect(shared.find(({ type }) => type === 'Practitioner')?.orderKey).toBe(order);
    expect(express(aChart(), aContext).some((one) => one.shared)).toBe(false);
  });

  test('a professional without identifier is named, and is no resource', () => {
    const nameless = { name: { given: [] } };
    const chart = aChart({
      encounters: [aStay({ facts: { attending: [{ name: { family: 'Lund', given: ['E'] } }, nameless] } })],
    });
    const [encounter] = express(chart, aContext).filter(({ type }) => type === 'Encounter');
    const { participant } = encounter!.body as Encounter;
    expect(participant?.map(({ individual }) => individual)).toEqual([{ display: 'E Lund' }, undefined]);
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
