// Documents and appointments around one stay, and the chart and tasks that follow from them.

import type { Id, NewId, PatientId } from '../../src/base/id.ts';
import { readOrganisations } from '../../src/catalog/organisations.ts';
import { readProtocols } from '../../src/catalog/protocols.ts';
import { advance } from '../../src/domain/advance.ts';
import type { AppointmentEvent } from '../../src/domain/appointment/event.ts';
import type { Task } from '../../src/domain/case/case.ts';
import type { Chart } from '../../src/domain/chart.ts';
import type { ChartEvent } from '../../src/domain/chart-event.ts';
import type { DocumentEvent } from '../../src/domain/document/event.ts';
import type { Practice } from '../../src/domain/practice.ts';
import { aRecord } from './charts.ts';
import { anEvent, hour, inpatient, to } from './events.ts';

const { protocols } = readProtocols('profiles/protocols');
const practice = [...readOrganisations('profiles/organisations').organisations][0] as Practice;
export const authority = 'urn:numbers';
const order = (hours: number, id: string) => `${String(hours).padStart(6, '0')}|${id}`;
export const summary = { type: { system: 'http://loinc.org', code: '18842-5' }, availability: 'available' } as const;
export const text = [{ contentType: 'text/plain', data: 'aGk=' }];

export function aDocument(hours: number, rest: Partial<DocumentEvent> = {}, number = 'D1'): DocumentEvent {
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

export function anAppointment(
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

export const admitted = anEvent('admitted', 5, inpatient);
export const home = anEvent('discharged', 50, to('home'));

export function after(groups: readonly (readonly ChartEvent[])[]): Chart {
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

export function taskAfter(code: string, ...groups: (readonly ChartEvent[])[]): Task {
  const task = after(groups).cases[0]?.tasks.find((each) => each.code === code);
  if (!task) throw new Error('no such task');
  return task;
}
export const information = (...groups: (readonly ChartEvent[])[]) => taskAfter('discharge-information', ...groups);
export const visit = (...groups: (readonly ChartEvent[])[]) => taskAfter('follow-up-visit', ...groups);
