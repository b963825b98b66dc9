// FHIR messages and Encounters as notices: Da Vinci Unsolicited Notifications 1.0, FHIR R4 encounter.html.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { instant } from '../../../../src/base/instant.ts';
import type { Notice } from '../../../../src/domain/notice.ts';
import { readFhirNotice } from '../../../../src/translate/from-fhir/notice.ts';
import { aFeedLanguage, mrnAuthority, visitAuthority } from '../../../support/feed-language.ts';
import { aNotification, anEncounterAlone, type NotificationOptions } from '../../../support/fhir-messages.ts';

const language = aFeedLanguage();
const read = (value: unknown) => readFhirNotice(JSON.parse(JSON.stringify(value)), language, { digest: 'digest' });

type Told = Extract<Notice, { readonly kind: 'encounter' }>;
function told(value: unknown): Told {
  const { notice } = read(value);
  if (notice.kind !== 'encounter') throw new Error(`not of a stay: ${JSON.stringify(notice)}`);
  return notice;
}
const refused = (value: unknown): string => {
  try {
    read(value);
  } catch (thrown) {
    return (thrown as { detail: string }).detail;
  }
  throw new Error('it was read');
};

describe('a notification', () => {
  it('of a discharge gives who, which stay, when and where to', () => {
    const { subject, event, order, unmapped, warnings } = told(aNotification());
    expect(subject.identifiers).toEqual([{ authority: mrnAuthority, value: '1001', type: 'MR' }]);
    expect(subject.demographics).toMatchObject({
      names: [{ use: 'official', family: 'Winter', given: ['Ada', 'M'] }],
      birthDate: '1955-01-02',
      gender: 'female',
      telecoms: [{ system: 'phone', use: 'home', value: '555-0134' }],
    });
    expect(event).toMatchObject({
      id: 'digest',
      kind: 'discharged',
      visit: { authority: visitAuthority, value: 'V1' },
      partner: 'general-hospital',
      facility: 'General Hospital East',
      facts: {
        class: { code: 'IMP' },
        disposition: { code: '01', destination: 'home' },
        place: { pointOfCare: '4 West' },
        attending: [{ identifier: { value: '1234567893' }, name: { family: 'Reyes', given: ['Marta'] } }],
        diagnoses: [{ rank: 1, code: { code: 'I50.9', text: 'Heart failure' }, recordedAt: { local: '2026-11-19' } }],
      },
    });
    expect(event.happenedAt).toMatchObject({ local: '2026-11-20T15:00:00', zone: 'America/New_York' });
    expect(order).toMatch(/^2026-11-20T20:00:00.000Z\|.*\|digest$/);
    expect([unmapped, warnings]).toEqual([[], []]);
  });

  it.each<[NotificationOptions, string, string]>([
    [{ event: 'notification-admit' }, 'ADMIT', 'admitted'],
    [{ event: 'notification-admit', class: 'EMER' }, 'ADMIT', 'registered'],
    [{ event: 'notification-admit', status: 'planned' }, 'ADMIT', 'pre-admitted'],
    [{ event: 'notification-admit', status: 'cancelled' }, 'ADMIT', 'admission-cancelled'],
    [{ event: 'notification-admit', status: 'entered-in-error' }, 'ADMIT', 'deleted'],
    [{ event: 'notification-transfer' }, 'TRANSFER', 'transferred'],
    [{ event: 'notification-discharge', status: 'cancelled' }, 'DISCHARGE', 'admission-cancelled'],
    [{ event: 'notification-discharge', disposition: '30' }, 'DISCHARGE', 'updated'],
    [{ event: '', status: 'planned' }, 'ENCOUNTER', 'pre-admitted'],
    [{ event: '', status: 'arrived' }, 'ENCOUNTER', 'present'],
    [{ event: '', status: 'in-progress' }, 'ENCOUNTER', 'present'],
    [{ event: '', status: 'onleave' }, 'ENCOUNTER', 'leave-began'],
    [{ event: '', status: 'finished' }, 'ENCOUNTER', 'discharged'],
    [{ event: '', status: 'unknown' }, 'ENCOUNTER', 'updated'],
    [{ event: '', status: 'cancelled', class: 'PRENC' }, 'ENCOUNTER', 'pre-admission-cancelled'],
  ])('%j is %s: %s', (options, trigger, kind) => {
    const found = read(aNotification(options));
    expect([found.trigger, found.notice.kind === 'encounter' && found.notice.event.kind]).toEqual([trigger, kind]);
  });

  it('of anything else is ignored with a reason', () => {
    expect(read(aNotification({ event: 'notification-lab-report' }))).toMatchObject({
      trigger: 'OTHER',
      notice: { kind: 'ignored', reason: expect.stringMatching(/admission, discharge or transfer/) },
    });
  });

  it('of its own guide is understood, and the social security number is not kept', () => {
    const example = JSON.parse(readFileSync('test/fixtures/fhir/davinci-alerts/discharge-notification.json', 'utf8'));
    const { subject, event } = told(example);
    expect(event).toMatchObject({ kind: 'discharged', facts: { disposition: { code: '01', destination: 'home' } } });
    expect(JSON.stringify(subject.identifiers)).not.toContain('us-ssn');
    expect(subject.identifiers.length).toBeGreaterThan(0);
  });

  it('names a stay without a number by the id of its resource', () => {
    const { event } = told(aNotification({ encounter: { identifier: [] } }));
    expect(event.visit).toEqual({ authority: 'urn:throughline:authority:general-hospital:encounter', value: 'enc-1' });
  });

  it('prefers the visit number, and never takes the patients’ authority for a stay', () => {
    const identifier = [
      { system: 'urn:account', value: 'A' },
      { system: mrnAuthority, value: 'V7', type: { coding: [{ code: 'VN' }] } },
    ];
    expect(told(aNotification({ encounter: { identifier } })).event.visit).toMatchObject({
      authority: visitAuthority,
      value: 'V7',
    });
  });

  it('takes that of a facility’s patients for one of its visits', () => {
    const own = { uri: 'https://west.example/mrn', name: 'West' };
    const value = aNotification({ encounter: { identifier: [{ system: own.uri, value: 'V8' }] } });
    const language = aFeedLanguage({ facilityAuthorities: { WEST: own } });
    const { notice } = readFhirNotice(value, language, { digest: 'digest' });
    expect(notice).toMatchObject({ event: { visit: { authority: `${own.uri}/visit`, value: 'V8' } } });
  });

  it('orders by when the Encounter was written, else when the message was sent, else its period', () => {
    const of = (encounter: NotificationOptions['encounter'], changes: object = {}) =>
      told({ ...aNotification({ ...(encounter && { encounter }) }), ...changes }).order.slice(0, 19);
    expect(of({ meta: { lastUpdated: '2026-11-20T21:00:00Z' } })).toBe('2026-11-20T21:00:00');
    expect(of({ meta: {} }, { timestamp: '2026-11-20T22:00:00Z' })).toBe('2026-11-20T22:00:00');
    expect(of({ meta: {} }, { timestamp: undefined })).toBe('2026-11-20T20:00:00');
    expect(refused({ ...aNotification({ encounter: { meta: {}, period: {} } }), timestamp: undefined })).toMatch(
      /^Encounter.meta.lastUpdated: give a time/,
    );
  });

  it('codes of FHIR’s own dispositions have their destinations, where `hosp` is hospice', () => {
    const to = (code: string) => {
      const coding = [{ system: 'http://terminology.hl7.org/CodeSystem/discharge-disposition', code }];
      const { event, unmapped } = told(
        aNotification({ encounter: { hospitalization: { dischargeDisposition: { coding } } } }),
      );
      return [event.facts.disposition?.destination, unmapped.length];
    };
    expect(
      ['home', 'alt-home', 'other-hcf', 'hosp', 'long', 'aadvice', 'exp', 'psy', 'rehab', 'snf', 'oth', 'zz'].map(to),
    ).toEqual([
      ['home', 0],
      ['home', 0],
      ['transfer', 0],
      ['hospice', 0],
      ['facility-residence', 0],
      ['home-against-advice', 0],
      ['expired', 0],
      ['transfer', 0],
      ['transfer', 0],
      ['snf', 0],
      ['other', 0],
      ['unknown', 1],
    ]);
  });

  it('a diagnosis that was entered in error, and times that are none, are left out and noted', () => {
    const bundle = aNotification({ encounter: { period: { start: '2026-13-01', end: '2026-11-20T15:00:00-05:00' } } });
    const condition = bundle.entry?.at(-1)?.resource as { verificationStatus?: unknown };
    condition.verificationStatus = {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code: 'entered-in-error' }],
    };
    const { event, warnings } = told(bundle);
    expect(event.facts).not.toHaveProperty('diagnoses');
    expect(event.facts).not.toHaveProperty('admittedAt');
    expect(warnings).toEqual([{ code: 'time-unreadable', field: 'Encounter.period.start' }]);
  });
});

describe('a clock that is ahead of the arrival', () => {
  it('is not believed: the arrival orders the message, which says so', () => {
    const receivedAt = instant(Date.parse('2026-11-20T12:00:00Z'));
    const context = { digest: 'digest', receivedAt };
    const { notice } = readFhirNotice(
      JSON.parse(JSON.stringify(aNotification({ event: 'notification-transfer', updatedAt: '2036-01-01T00:00:00Z' }))),
      language,
      context,
    );
    expect(notice).toMatchObject({
      order: expect.stringMatching(/^2026-11-20T12:00:00.000Z\|2026-11-20T12:00:00.000Z\|/),
      warnings: [
        { code: 'clock-implausible', field: 'Encounter.meta.lastUpdated' },
        { code: 'clock-implausible', field: 'Bundle.timestamp' },
      ],
    });
  });
});

describe('an Encounter alone', () => {
  it('with its patient contained, or named by identifier, is the same notice', () => {
    const contained = told(anEncounterAlone({ status: 'finished' }));
    expect(contained).toMatchObject({ event: { kind: 'discharged' }, subject: { demographics: { gender: 'female' } } });
    const subject = { identifier: { system: mrnAuthority, value: '1001' } };
    const named = told(anEncounterAlone({ status: 'finished', encounter: { contained: [], subject } }));
    expect(named.subject).toEqual({ identifiers: [{ authority: mrnAuthority, value: '1001' }], demographics: {} });
  });
});

describe('what cannot be understood is told with its place', () => {
  const bundle = aNotification();
  const [header, ...rest] = bundle.entry ?? [];
  const changed = (changes: object) => ({
    ...bundle,
    entry: [{ ...header, resource: { ...header?.resource, ...changes } }, ...rest],
  });

  it.each<[unknown, RegExp]>([
    [[], /^Bundle: send a Bundle/],
    [{ resourceType: 'Patient' }, /^Bundle: send a Bundle/],
    [{ ...bundle, type: 'collection' }, /^Bundle.type: write message/],
    [{ ...bundle, entry: rest }, /^Bundle.entry\[0\].resource: the first entry is the MessageHeader/],
    [{ ...bundle, entry: [] }, /^Bundle.entry\[0\]/],
    [{ ...bundle, entry: [header, {}, ...rest] }, /^Bundle.entry\[1\].resource: there is no resource/],
    [changed({ eventCoding: undefined }), /^MessageHeader.event\[x\]/],
    [changed({ focus: undefined }), /^MessageHeader.focus: refer to the Encounter/],
    [changed({ focus: [{ reference: 'urn:uuid:elsewhere' }] }), /^MessageHeader.focus\[0\]: what it refers to is not/],
    [changed({ focus: [{ reference: 'https://elsewhere.example/Encounter/1' }] }), /^MessageHeader.focus\[0\]/],
    [changed({ focus: [{ reference: 'urn:uuid:patient' }] }), /^MessageHeader.focus: it leads to no Encounter/],
    [aNotification({ encounter: { status: 'odd' as never } }), /^Encounter.status: write one of planned/],
    [aNotification({ patient: { identifier: [] } }), /^Patient.identifier: give an identifier/],
    [aNotification({ encounter: { subject: { reference: 'Patient/9' } } }), /^Encounter.subject: refer to a Patient/],
    [
      { ...bundle, entry: [header, ...Array.from({ length: 1_000 }, () => rest[0])] },
      /^Bundle.entry: no more than 1000/,
    ],
  ])('%#', (value, detail) => {
    expect(refused(value)).toMatch(detail);
  });

  it('all at once where there are several', () => {
    expect(refused(changed({ focus: undefined, eventCoding: undefined })).split('\n')).toHaveLength(2);
  });
});
