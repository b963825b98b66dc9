// Documents and appointments fold to the same whatever their order and however often they come, and show on the tasks.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Id, NewId, PatientId } from '../../../src/base/id.ts';
import { readOrganisations } from '../../../src/catalog/organisations.ts';
import { readProtocols } from '../../../src/catalog/protocols.ts';
import { advance } from '../../../src/domain/advance.ts';
import { foldAppointments } from '../../../src/domain/appointment/appointment.ts';
import { type AppointmentEvent, appointmentStatuses } from '../../../src/domain/appointment/event.ts';
import type { Task } from '../../../src/domain/case/case.ts';
import type { Chart } from '../../../src/domain/chart.ts';
import type { ChartEvent } from '../../../src/domain/chart-event.ts';
import { foldDocuments } from '../../../src/domain/document/document.ts';
import { type DocumentEvent, documentActs } from '../../../src/domain/document/event.ts';
import type { Practice } from '../../../src/domain/practice.ts';
import { aRecord } from '../../support/charts.ts';
import { anEvent, hour, inpatient, to } from '../../support/events.ts';

const { protocols } = readProtocols('profiles/protocols');
const practice = [...readOrganisations('profiles/organisations').organisations][0] as Practice;
const authority = 'urn:numbers';
const order = (hours: number, id: string) => `${String(hours).padStart(6, '0')}|${id}`;
const summary = { type: { system: 'http://loinc.org', code: '18842-5' }, availability: 'available' } as const;
const text = [{ contentType: 'text/plain', data: 'aGk=' }];

function aDocument(hours: number, rest: Partial<DocumentEvent> = {}, number = 'D1'): DocumentEvent {
  const id = rest.id ?? `d-${number}-${rest.act ?? 'told'}-${hours}`;
  return {
    id,
    kind: 'document',
    trigger: 'T02',
    act: 'told',
    order: order(hours, id),
    happenedAt: hour(hours),
    document: { authority, value: number },
    visit: { authority: 'urn:visits', value: 'V1' },
    facts: { ...summary, contents: text },
    partner: 'general-hospital',
    toldOf: 'p-1' as PatientId,
    ...rest,
  };
}

function anAppointment(
  hours: number,
  start: number | undefined,
  rest: Partial<AppointmentEvent> = {},
): AppointmentEvent {
  const id = rest.id ?? `a-${rest.status ?? '-'}-${hours}-${start}`;
  return {
    id,
    kind: 'appointment',
    trigger: 'S12',
    order: order(hours, id),
    happenedAt: hour(hours),
    appointment: { authority, value: 'A1' },
    otherIdentifiers: [],
    facts: start === undefined ? {} : { start: hour(start) },
    partner: 'general-hospital',
    toldOf: 'p-1' as PatientId,
    ...rest,
  };
}

const admitted = anEvent('admitted', 5, inpatient);
const home = anEvent('discharged', 50, to('home'));

function after(groups: readonly (readonly ChartEvent[])[]): Chart {
  let count = 0;
  const newId: NewId = <Name extends string>() => `id-${++count}` as Id<Name>;
  const nothing = { encounters: [], cases: [], episodes: [], documents: [], appointments: [] };
  let known: ChartEvent[] = [];
  let chart: Chart = { patient: aRecord(), retired: [], events: [], ...nothing };
  for (const group of groups) {
    known = [...known, ...group];
    chart = advance({ ...chart, events: known }, { practice, protocols, now: hour(200).at, newId });
  }
  return chart;
}

function taskAfter(code: string, ...groups: (readonly ChartEvent[])[]): Task {
  const task = after(groups).cases[0]?.tasks.find((each) => each.code === code);
  if (!task) throw new Error('no such task');
  return task;
}
const information = (...groups: (readonly ChartEvent[])[]) => taskAfter('discharge-information', ...groups);
const visit = (...groups: (readonly ChartEvent[])[]) => taskAfter('follow-up-visit', ...groups);

describe('a discharge summary', () => {
  it('puts the task in progress with what is outstanding, and never completes it', () => {
    const task = information([admitted, home, aDocument(60)]);
    expect(task).toMatchObject({ status: 'in-progress', progress: { code: 'document-received', isBegun: true } });
    expect(task.progress?.text).toMatch(/reading it is outstanding/);
    expect(task.progress?.by).toEqual([
      { type: 'DocumentReference', identifier: { authority, value: 'D1' }, toldOf: 'p-1' },
    ]);
  });

  it('may come before the discharge, or before the admission', () => {
    expect(information([aDocument(3)], [admitted], [home])).toMatchObject({ status: 'in-progress' });
    expect(information([admitted, aDocument(40)], [home])).toMatchObject({ status: 'in-progress' });
  });

  it('that is announced without content, unavailable, of another type or of another stay changes nothing', () => {
    for (const other of [
      aDocument(60, { facts: summary }),
      aDocument(60, { facts: { ...summary, availability: 'unavailable', contents: text } }),
      aDocument(60, { facts: { type: { code: '11506-3' }, contents: text } }),
      aDocument(60, { visit: { authority: 'urn:visits', value: 'V9' } }),
    ])
      expect(information([admitted, home, other])).not.toHaveProperty('progress');
  });

  it('that is cancelled gives the task back, also when the cancel comes first', () => {
    const cancel = aDocument(70, { act: 'cancelled', facts: {} });
    expect(information([admitted, home, aDocument(60)], [cancel])).toMatchObject({ status: 'ready' });
    expect(information([admitted, home, cancel], [aDocument(60)])).toMatchObject({ status: 'ready' });
  });

  it('without a visit number belongs to the only stay around its time', () => {
    const { visit: _none, ...unnumbered } = aDocument(60);
    expect(information([admitted, home, unnumbered])).toMatchObject({ status: 'in-progress' });
    const other = anEvent('registered', 55, inpatient, { visit: 'V2' });
    expect(information([admitted, home, other, unnumbered])).not.toHaveProperty('progress');
  });

  it('whose availability says that it is obsolete or deleted is superseded, or entered in error', () => {
    for (const [availability, status] of [
      ['obsolete', 'superseded'],
      ['deleted', 'entered-in-error'],
    ] as const) {
      const told = aDocument(70, { trigger: 'T03', facts: { availability } });
      for (const groups of [
        [[admitted, home, aDocument(60)], [told]],
        [[told], [aDocument(60), home, admitted]],
      ]) {
        const { documents, cases } = after(groups);
        expect(documents.map((one) => one.status)).toEqual([status]);
        expect(cases[0]?.tasks.at(-1)?.status).toBe('ready');
      }
    }
  });

  it('that another replaces is superseded; one that adds to it is its own', () => {
    const parent = { authority, value: 'D1' };
    const replacing = aDocument(70, { act: 'replaced', parent }, 'D2');
    const adding = aDocument(70, { act: 'appended', parent }, 'D3');
    const { documents } = after([[admitted, home, replacing, aDocument(60), adding]]);
    expect(Object.fromEntries(documents.map((one) => [one.identifier.value, one.status]))).toEqual({
      D1: 'superseded',
      D2: 'current',
      D3: 'current',
    });
  });

  it('keeps its text and its type beside an addendum that uses its number', () => {
    const note = { contentType: 'text/plain', data: 'UC5T' };
    const addendum = (hours: number, parent?: string) =>
      aDocument(hours, {
        act: 'appended',
        facts: { type: { text: 'Addendum' }, completion: 'preliminary', contents: [note] },
        ...(parent !== undefined && { parent: { authority, value: parent } }),
      });
    for (const events of [
      [admitted, home, aDocument(60), addendum(70), addendum(80)],
      [addendum(70, 'D1'), addendum(80, 'D1'), aDocument(60), home, admitted],
    ]) {
      const { documents } = after(events.map((event) => [event]));
      expect(documents.map(({ facts }) => facts)).toEqual([
        { ...summary, completion: 'preliminary', contents: [...text, note] },
      ]);
      expect(documents[0]).not.toHaveProperty('appends');
      expect(information(events)).toMatchObject({ status: 'in-progress' });
    }
    const whole = aDocument(90, { facts: { contents: [{ contentType: 'text/plain', data: 'TmV3' }] } });
    expect(foldDocuments([aDocument(60), addendum(70), whole], [])[0]?.facts.contents).toEqual(whole.facts.contents);
    expect(foldDocuments([addendum(60, 'D0'), whole, addendum(95, 'D0')], [])[0]?.facts.contents).toEqual([note]);
  });
});

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

const someDocuments: fc.Arbitrary<DocumentEvent[]> = fc
  .array(
    fc.record({
      act: fc.constantFrom(...documentActs),
      at: fc.integer({ min: 0, max: 90 }),
      number: fc.constantFrom('D1', 'D2', 'D3'),
      parent: fc.constantFrom(undefined, 'D1', 'D2'),
      facts: fc.constantFrom({}, { ...summary, contents: text }, summary, { availability: 'obsolete' as const }),
      toldOf: fc.constantFrom('p-1', 'p-2'),
    }),
    { maxLength: 8 },
  )
  .map((events) =>
    events.map(({ act, at, number, parent, facts, toldOf }, index) =>
      aDocument(
        at,
        {
          id: `d${index}`,
          act,
          facts,
          toldOf: toldOf as PatientId,
          ...(parent && { parent: { authority, value: parent } }),
        },
        number,
      ),
    ),
  );

const someAppointments: fc.Arbitrary<AppointmentEvent[]> = fc
  .array(
    fc.record({
      status: fc.option(fc.constantFrom(...appointmentStatuses), { nil: undefined }),
      at: fc.integer({ min: 0, max: 90 }),
      start: fc.option(fc.integer({ min: 40, max: 900 }), { nil: undefined }),
      number: fc.constantFrom('A1', 'A2', 'P1', 'P2'),
      other: fc.option(fc.constantFrom('P1', 'P2', 'A2'), { nil: undefined }),
      toldOf: fc.constantFrom('p-1', 'p-2'),
    }),
    { maxLength: 8 },
  )
  .map((events) =>
    events.map(({ status, at, start, number, other, toldOf }, index) =>
      anAppointment(at, start, {
        id: `a${index}`,
        appointment: { authority, value: number },
        otherIdentifiers: other === undefined || other === number ? [] : [{ authority, value: other }],
        toldOf: toldOf as PatientId,
        ...(status && { status }),
      }),
    ),
  );

/** The same things, in another order and with repetitions. */
const disordered = <Item>(items: readonly Item[]) =>
  fc.tuple(
    fc.shuffledSubarray([...items], { minLength: items.length }),
    fc.subarray([...items]),
    fc.integer({ min: 0, max: items.length }),
  );
const bySort = (chart: Chart) => ({
  documents: [...chart.documents].sort((a, b) => (a.identifier.value < b.identifier.value ? -1 : 1)),
  appointments: [...chart.appointments].sort((a, b) => (a.identifier.value < b.identifier.value ? -1 : 1)),
  tasks: chart.cases.map((one) => one.tasks.map(({ id: _id, ...task }) => task)),
});

describe('any order and any repetition', () => {
  it('of the same events gives the same documents and appointments', () => {
    fc.assert(
      fc.property(
        fc
          .tuple(someDocuments, someAppointments)
          .chain(([documents, appointments]) =>
            fc.tuple(
              fc.constant(documents),
              fc.constant(appointments),
              disordered(documents),
              disordered(appointments),
            ),
          ),
        ([documents, appointments, [otherDocuments, more], [otherAppointments, again]]) => {
          const { encounters } = after([[admitted, home]]);
          expect(foldDocuments([...otherDocuments, ...more], encounters)).toEqual(foldDocuments(documents, encounters));
          expect(foldAppointments([...otherAppointments, ...again])).toEqual(foldAppointments(appointments));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('leaves no name of an appointment out, and gives none twice', () => {
    fc.assert(
      fc.property(someAppointments, (events) => {
        const nameOf = (record: string | undefined, { value }: { readonly value: string }) => `${record} ${value}`;
        const names = foldAppointments(events).flatMap(({ identifier, toldOf, formerNames }) => [
          ...toldOf.map((record) => nameOf(record, identifier)),
          ...formerNames.map((former) => nameOf(former.toldOf, former.identifier)),
        ]);
        expect(new Set(names).size).toBe(names.length);
        for (const { appointment, toldOf } of events) expect(names).toContain(nameOf(toldOf, appointment));
      }),
    );
  });

  it('in groups, with the stay itself, ends in the same tasks', () => {
    fc.assert(
      fc.property(
        fc.tuple(someDocuments, someAppointments).chain(([documents, appointments]) => {
          const all: ChartEvent[] = [admitted, home, ...documents, ...appointments];
          return fc.tuple(fc.constant(all), disordered(all));
        }),
        ([all, [other, more, cut]]) => {
          expect(bySort(after([other.slice(0, cut), other.slice(cut), more]))).toEqual(bySort(after([all])));
        },
      ),
      { numRuns: 200 },
    );
  });
});
