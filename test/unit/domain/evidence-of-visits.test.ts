// What appointments tell of the follow-up visit: booked, moved, cancelled, missed, and numbered late by the filler
// (docs/decisions/0032).

import { describe, expect, it } from 'vitest';
import { foldAppointments } from '../../../src/domain/appointment/appointment.ts';
import type { AppointmentEvent } from '../../../src/domain/appointment/event.ts';
import { hour } from '../../support/events.ts';
import { admitted, anAppointment, authority, home, visit } from '../../support/evidence.ts';

describe('an appointment', () => {
  it('inside the window shows on the task, which it does not complete', () => {
    const task = visit([admitted, home, anAppointment(60, 150, { status: 'booked' })]);
    expect(task).toMatchObject({ status: 'in-progress', progress: { code: 'appointment-booked' } });
    expect(visit([admitted, home, anAppointment(60, 150, { status: 'fulfilled' })]).status).toBe('in-progress');
  });

  it('booked during the stay counts; one before the discharge or after the period does not', () => {
    expect(visit([anAppointment(20, 150, { status: 'booked' })], [admitted, home]).status).toBe('in-progress');
    expect(visit([admitted, home, anAppointment(20, 49, { status: 'booked' })])).not.toHaveProperty('progress');
    expect(visit([admitted, home, anAppointment(20, 2_000, { status: 'booked' })])).not.toHaveProperty('progress');
  });

  it('moved out of the window gives the task back with a mark; moved in again, it is booked', () => {
    const booked = anAppointment(60, 150, { status: 'booked' });
    const late = anAppointment(62, 50 + 20 * 24, { status: 'booked' });
    expect(visit([admitted, home, booked], [late])).toMatchObject({
      status: 'ready',
      progress: { code: 'appointment-outside-window', isBegun: false },
    });
    expect(visit([admitted, home, booked, late], [anAppointment(64, 160, { status: 'booked' })])).toMatchObject({
      status: 'in-progress',
    });
  });

  it.each([
    ['cancelled', 'appointment-cancelled'],
    ['noshow', 'no-show'],
  ] as const)('%s gives the task back and says why', (status, code) => {
    const booked = anAppointment(60, 150, { status: 'booked' });
    const ended = anAppointment(151, undefined, { status });
    for (const groups of [
      [[admitted, home, booked], [ended]],
      [[ended], [booked], [home, admitted]],
    ])
      expect(visit(...groups)).toMatchObject({ status: 'ready', progress: { code } });
  });

  it('entered in error, or of a kind that is no visit, leaves the task as it was', () => {
    const booked = anAppointment(60, 150, { status: 'booked' });
    expect(
      visit([admitted, home, booked], [anAppointment(61, undefined, { status: 'entered-in-error' })]),
    ).toMatchObject({
      status: 'ready',
    });
    const blood = anAppointment(60, 150, { status: 'booked', facts: { start: hour(150), isFollowUp: false } });
    expect(visit([admitted, home, blood])).not.toHaveProperty('progress');
  });

  it('on the last day of the window is inside, on the day after outside', () => {
    // Discharged 4 November 2026 12:00 in New York; the window ends with 18 November.
    const days = (count: number) => 50 + count * 24;
    expect(visit([admitted, home, anAppointment(60, days(14), { status: 'booked' })]).progress?.code).toBe(
      'appointment-booked',
    );
    expect(visit([admitted, home, anAppointment(60, days(15), { status: 'booked' })]).progress?.code).toBe(
      'appointment-outside-window',
    );
  });
});

describe('an appointment that was booked before the filler numbered it', () => {
  const number = (value: string) => ({ authority, value });
  const byPlacer = (hours: number, status: AppointmentEvent['status'], start?: number, partner = 'general-hospital') =>
    anAppointment(hours, start, { id: `p-${hours}`, appointment: number('P1'), partner, ...(status && { status }) });
  const byBoth = (hours: number, filler: string, status: AppointmentEvent['status'], start?: number) =>
    anAppointment(hours, start, {
      id: `b-${filler}-${hours}`,
      appointment: number(filler),
      otherIdentifiers: [number('P1')],
      ...(status && { status }),
    });
  const told = (...events: AppointmentEvent[]) =>
    foldAppointments(events).map((one) => [one.identifier.value, one.status, one.facts.start?.at]);

  it('is one, under the filler’s number, in any order', () => {
    const story = [byPlacer(60, 'booked', 150), byBoth(70, 'F1', 'cancelled')];
    for (const events of [story, [...story].reverse()]) {
      expect(foldAppointments(events)).toMatchObject([
        {
          identifier: number('F1'),
          otherIdentifiers: [number('P1')],
          formerNames: [{ identifier: number('P1'), toldOf: 'p-1' }],
          status: 'cancelled',
          facts: { start: hour(150) },
        },
      ]);
      expect(visit([admitted, home], events)).toMatchObject({
        status: 'ready',
        progress: { code: 'appointment-cancelled', by: [{ identifier: number('F1') }] },
      });
    }
  });

  it('is cancelled by the placer’s number too', () => {
    expect(told(byBoth(60, 'F1', 'booked', 150), byPlacer(70, 'cancelled'))).toEqual([
      ['F1', 'cancelled', hour(150).at],
    ]);
  });

  it('of two filler’s numbers for one placer’s, what the placer says concerns the one before it', () => {
    const rebooked = [
      byPlacer(50, 'booked', 150),
      byBoth(60, 'F1', 'booked', 150),
      byPlacer(70, 'cancelled'),
      byBoth(80, 'F2', 'booked', 170),
    ];
    expect(told(...rebooked)).toEqual([
      ['F1', 'cancelled', hour(150).at],
      ['F2', 'booked', hour(170).at],
    ]);
    expect(told(...rebooked, byPlacer(90, 'cancelled'))).toEqual([
      ['F1', 'cancelled', hour(150).at],
      ['F2', 'cancelled', hour(170).at],
    ]);
    const former = foldAppointments([...rebooked, byPlacer(90, 'cancelled')]).map((one) => one.formerNames.length);
    expect(former).toEqual([1, 0]);
  });

  it('is another’s where another sender gave the number', () => {
    expect(told(byPlacer(60, 'booked', 150, 'elsewhere'), byBoth(70, 'F1', 'cancelled'))).toEqual([
      ['P1', 'booked', hour(150).at],
      ['F1', 'cancelled', undefined],
    ]);
  });

  it('does not join what the filler numbered already, though the placer used that number', () => {
    const one = { ...byBoth(60, 'F1', 'booked', 150), otherIdentifiers: [number('F2')] };
    expect(told(one, byBoth(70, 'F2', 'booked', 170))).toHaveLength(2);
  });
});
