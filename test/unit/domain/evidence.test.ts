// Documents and appointments fold to the same whatever their order and however often they come, and show on the tasks.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PatientId } from '../../../src/base/id.ts';
import { foldAppointments } from '../../../src/domain/appointment/appointment.ts';
import { type AppointmentEvent, appointmentStatuses } from '../../../src/domain/appointment/event.ts';
import type { Chart } from '../../../src/domain/chart.ts';
import type { ChartEvent } from '../../../src/domain/chart-event.ts';
import { foldDocuments } from '../../../src/domain/document/document.ts';
import { type DocumentEvent, documentActs } from '../../../src/domain/document/event.ts';
import { anEvent, inpatient } from '../../support/events.ts';
import {
  aDocument,
  admitted,
  after,
  anAppointment,
  authority,
  home,
  information,
  summary,
  text,
} from '../../support/evidence.ts';

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
