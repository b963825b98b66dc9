// Leaves of absence, plans that are called off, changes of doctor and deleted visits (decision 20).

import { describe, expect, it } from 'vitest';
import type { EncounterEventKind } from '../../../../src/domain/encounter/event.ts';
import type { Stay } from '../../../../src/domain/encounter/stay.ts';
import { foldStays } from '../../../../src/domain/encounter/timeline.ts';
import { anEvent, emergency, hour, inpatient, to } from '../../../support/events.ts';

const admitted = anEvent('admitted', 5, inpatient);
const left = anEvent('leave-began', 20);
const back = anEvent('leave-ended', 30);
const home = anEvent('discharged', 50, to('home'));

const only = (...events: Parameters<typeof foldStays>[0]): Stay => {
  const stays = foldStays(events);
  expect(stays).toHaveLength(1);
  return stays[0] as Stay;
};
const statusesOf = (stay: Stay) => stay.statuses.map(({ status, from }) => [status, from]);

describe('a leave of absence', () => {
  it('is a status of the stay, and no discharge', () => {
    const away = only(admitted, left);
    expect(away.status).toBe('onleave');
    expect(away.discharges).toEqual([]);
    expect(away.end).toBeUndefined();
    expect(away.start).toEqual(hour(5));
  });

  it('ends with the return', () => {
    expect(statusesOf(only(admitted, left, back))).toEqual([
      ['in-progress', hour(5)],
      ['onleave', hour(20)],
      ['in-progress', hour(30)],
    ]);
  });

  it('may end in a discharge', () => {
    const stay = only(admitted, left, home);
    expect(stay.status).toBe('finished');
    expect(stay.statuses.map(({ status }) => status)).toEqual(['in-progress', 'onleave', 'finished']);
    expect(stay.discharges).toMatchObject([{ at: hour(50), cancelled: false }]);
  });

  it('does not reopen a finished stay, and a return does not either', () => {
    expect(only(admitted, home, anEvent('leave-began', 60)).status).toBe('finished');
    expect(only(admitted, home, anEvent('leave-ended', 60)).status).toBe('finished');
  });

  it('is not ended by a repeated admission, a transfer, an update or a stray A13', () => {
    for (const kind of ['admitted', 'registered', 'transferred', 'updated', 'discharge-cancelled'] as const)
      expect([kind, only(admitted, left, anEvent(kind, 25)).status]).toEqual([kind, 'onleave']);
  });

  it('of a stay that nobody told of begins one; so does the return', () => {
    expect(only(left).status).toBe('onleave');
    expect(only(back).status).toBe('in-progress');
    expect(only(anEvent('pre-admitted', 1), left).statuses.map(({ status }) => status)).toEqual([
      'planned',
      'in-progress',
      'onleave',
    ]);
  });

  it('lets a stay be called off, and keeps its time of admission when that is told then', () => {
    expect(only(admitted, left, anEvent('admission-cancelled', 25)).status).toBe('cancelled');
    expect(only(admitted, anEvent('leave-began', 20, { admittedAt: hour(4) })).start).toEqual(hour(4));
  });
});

describe('a planned stay', () => {
  const planned = anEvent('pre-admitted', 1);
  const calledOff = anEvent('pre-admission-cancelled', 3);

  it('is cancelled by the cancel of its pre-admission, in whichever order they arrive', () => {
    expect(only(planned, calledOff).status).toBe('cancelled');
    expect(foldStays([calledOff, planned])).toEqual(foldStays([planned, calledOff]));
    expect(only(calledOff).status).toBe('cancelled');
  });

  it('may be planned again, and admitted after all', () => {
    expect(only(planned, calledOff, anEvent('pre-admitted', 4)).status).toBe('planned');
    expect(only(planned, calledOff, admitted)).toMatchObject({ status: 'in-progress', start: hour(5) });
  });

  it('that has begun or ended is not cancelled so', () => {
    expect(only(planned, admitted, anEvent('pre-admission-cancelled', 6)).status).toBe('in-progress');
    expect(only(admitted, left, anEvent('pre-admission-cancelled', 25)).status).toBe('onleave');
    expect(only(admitted, home, anEvent('pre-admission-cancelled', 60)).status).toBe('finished');
  });
});

describe('a change of doctors', () => {
  const frost = [{ name: { family: 'Frost', given: ['Ida'] } }];
  const wells = [{ name: { family: 'Wells', given: ['Max'] } }];

  it('changes them and nothing else', () => {
    const before = only(admitted, home);
    const after = only(admitted, home, anEvent('doctors-changed', 60, { attending: frost }));
    expect(after.facts.attending).toEqual(frost);
    expect({ ...after, events: [], facts: {} }).toEqual({ ...before, events: [], facts: {} });
  });

  it('is taken back by naming those who hold', () => {
    const changed = [
      anEvent('doctors-changed', 8, { attending: frost }),
      anEvent('doctors-changed', 9, { attending: wells }),
    ];
    expect(only(admitted, ...changed).facts.attending).toEqual(wells);
  });

  it('of a stay that is known says nothing else, whatever it is filled with', () => {
    const said = { attending: frost, place: { pointOfCare: '9X' }, class: { code: 'AMB' } };
    expect(only(admitted, anEvent('doctors-changed', 8, said)).facts).toEqual({
      ...only(admitted).facts,
      attending: frost,
    });
  });

  it('alone tells that there is a stay, as an update does; what it said holds once more is told', () => {
    const early = anEvent('doctors-changed', 4, { attending: frost });
    expect(only(early)).toMatchObject({ status: 'in-progress', facts: { attending: frost } });
    expect(only(early, admitted)).toMatchObject({ status: 'in-progress', facts: { attending: frost } });
  });
});

describe('a deleted visit', () => {
  const deleted = anEvent('deleted', 60);

  it('is entered in error, with its history', () => {
    const stay = only(admitted, home, deleted);
    expect(stay.statuses.map(({ status }) => status)).toEqual(['in-progress', 'finished', 'entered-in-error']);
    expect(stay).toMatchObject({ start: hour(5), end: hour(50), facts: { disposition: { code: '01' } } });
    expect(stay.discharges).toMatchObject([{ cancelled: true, cancelledAt: hour(60) }]);
  });

  it('stays so whatever straggles in: updates, cancels, changes of doctor', () => {
    const stragglers: EncounterEventKind[] = [
      'updated',
      'discharge-cancelled',
      'admission-cancelled',
      'transfer-cancelled',
      'pre-admission-cancelled',
      'doctors-changed',
      'deleted',
    ];
    const late = stragglers.map((kind, at) => anEvent(kind, 61 + at, { ...emergency, dischargedAt: hour(61) }));
    const stay = only(admitted, home, deleted, ...late);
    expect(stay.events).toHaveLength(3 + late.length);
    expect({ ...stay, events: [] }).toEqual({ ...only(admitted, home, deleted), events: [] });
  });

  it.each([
    'admitted',
    'registered',
    'pre-admitted',
    'transferred',
    'class-changed',
    'leave-began',
    'leave-ended',
    'discharged',
  ] as const)('%s under its number afterwards is another stay', (kind) => {
    const [gone, begun, ...more] = foldStays([admitted, home, deleted, anEvent(kind, 70, inpatient)]);
    expect(more).toEqual([]);
    expect(gone?.status).toBe('entered-in-error');
    expect(begun?.status).not.toBe('entered-in-error');
  });

  it('that was never told of is entered in error under its number; without a number there is none to delete', () => {
    expect(only(deleted).status).toBe('entered-in-error');
    expect(foldStays([anEvent('deleted', 60, {}, { visit: null })])).toEqual([]);
  });
});
