// What an SIU message says of an appointment: HL7 v2.9 ch. 10, fields by mappings/hl7v2/siu.yaml.

import { describe, expect, it, test } from 'vitest';
import { aFeedLanguage, understand, understandAs } from '../../../support/feed-language.ts';
import { type AppointmentOptions, anAppointment } from '../../../support/other-messages.ts';

const read = (options: AppointmentOptions = {}) => understandAs('appointment', anAppointment(options));

describe('a scheduling message', () => {
  it('gives number, time, length, people and place', () => {
    const { event, subject } = read({ placer: 'P1' });
    expect(subject.identifiers[0]?.value).toBe('1001');
    expect(event).toMatchObject({
      kind: 'appointment',
      status: 'booked',
      appointment: { authority: 'urn:throughline:authority:general-hospital:appointment', value: 'A1' },
      otherIdentifiers: [{ value: 'P1' }],
      facts: {
        minutes: 30,
        reason: { text: 'After a stay' },
        practitioners: [{ name: { family: 'Okonkwo' } }],
        place: { pointOfCare: 'CLINIC' },
      },
    });
    expect(event.facts.start?.local).toBe('2026-11-27T10:00:00');
  });

  it.each([
    ['S12', 'booked'],
    ['S13', 'booked'],
    ['S14', undefined],
    ['S15', 'cancelled'],
    ['S16', 'cancelled'],
    ['S17', 'entered-in-error'],
    ['S18', undefined],
    ['S19', undefined],
    ['S20', undefined],
    ['S21', undefined],
    ['S22', undefined],
    ['S26', 'noshow'],
    ['S27', undefined],
  ])('%s: %s', (event, status) => {
    expect(read({ event }).event.status).toBe(status);
  });

  it.each(['S23', 'S24', 'S25'])('%s is ignored with a reason', (event) => {
    expect(understand(anAppointment({ event }))).toMatchObject({
      kind: 'ignored',
      reason: expect.stringMatching(/.{20}/),
    });
  });

  it.each([
    ['S12', 'Pending', 'pending'],
    ['S14', 'Complete', 'fulfilled'],
    ['S14', 'Started', 'arrived'],
    ['S14', 'Noshow', 'noshow'],
    ['S14', 'Cancelled', 'cancelled'],
    ['S15', 'Booked', 'cancelled'],
    ['S26', 'Booked', 'noshow'],
    ['S12', 'Odd', 'booked'],
  ])('%s with the filler’s status %s is %s', (event, status, expected) => {
    expect(read({ event, status }).event.status).toBe(expected);
  });

  it('takes the time from SCH-11 before v2.5, and the length in hours or seconds', () => {
    const timing = '^^^202611271000-0500^202611271045-0500';
    const { facts } = read({ start: '', timing }).event;
    expect([facts.start?.local, facts.end?.local]).toEqual(['2026-11-27T10:00', '2026-11-27T10:45']);
    const minutes = (text: string) =>
      understandAs('appointment', anAppointment().replace('|30|min', text)).event.facts.minutes;
    expect([minutes('|1|HR'), minutes('|1800|s'), minutes('|20|'), minutes('|-5|min'), minutes('|x|')]).toEqual([
      60,
      30,
      20,
      undefined,
      undefined,
    ]);
  });

  it('a type of the table that is no visit does not follow up; one that nobody listed does, and is counted', () => {
    expect(read({ type: 'LAB' }).event.facts.isFollowUp).toBe(false);
    const { event, unmapped } = read({ type: 'NURSE VISIT' });
    expect(event.facts.isFollowUp).toBe(true);
    expect(unmapped).toContainEqual({ table: 'appointment-type', code: 'NURSE VISIT' });
    expect(read().event.facts.isFollowUp).toBeUndefined();
  });

  it('without a number is refused; without a patient ignored', () => {
    expect(() => read({ number: '' })).toThrow(expect.objectContaining({ code: 'hl7.appointment-unnumbered' }));
    expect(understand(anAppointment({ without: ['PID'] }))).toMatchObject({ kind: 'ignored' });
  });
});

describe('other message types', () => {
  it.each(['ORU^R01', 'ORM^O01', 'DFT^P03', 'VXU^V04', 'RDE^O11', 'BAR^P01'])(
    '%s is kept and ignored with a reason',
    (type) => {
      const [code] = type.split('^');
      expect(understand(anAppointment().replace('SIU^S12', type))).toMatchObject({
        kind: 'ignored',
        reason: `message type ${code} is not used here`,
      });
    },
  );
});

describe('tables', () => {
  const { tables } = aFeedLanguage();

  test.each(Object.entries(tables['appointment-status']?.rows ?? {}))('appointment-status %s', (from, { to }) => {
    expect(read({ event: 'S14', status: from })).toMatchObject({ event: { status: to }, unmapped: [] });
  });

  const types = Object.entries(tables['appointment-type']?.rows ?? {}).filter(([from]) => from !== '');
  test.each(types)('appointment-type %s', (from, { to }) => {
    expect(read({ type: from })).toMatchObject({ event: { facts: { isFollowUp: to === 'follow-up' } }, unmapped: [] });
  });
});
