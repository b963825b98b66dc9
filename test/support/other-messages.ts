// Builds MDM and SIU messages for tests: a test says what matters, everything else is a sane default.

import { segment } from './hl7.ts';

export interface DocumentOptions {
  /** Default `T02`. */
  readonly event?: string;
  /** PID-3.1. Default `1001`. */
  readonly mrn?: string;
  /** PV1-19. Default `V1`; `''`: none. */
  readonly visit?: string;
  /** EVN-2 and MSH-7. Default `20261121090000-0500`. */
  readonly at?: string;
  /** TXA-12. Default `D1`; `''`: none. */
  readonly number?: string;
  /** TXA-13. */
  readonly parent?: string;
  /** TXA-2. Default `DS`. */
  readonly type?: string;
  /** TXA-4. Default `20261120170000-0500`. */
  readonly writtenAt?: string;
  /** TXA-17. Default `AU`. */
  readonly completion?: string;
  /** TXA-19. Default `AV`. */
  readonly availability?: string;
  /** OBX segments as `type|value` of OBX-2 and OBX-5. Default: two lines of text; none for odd events. */
  readonly content?: readonly (readonly [type: string, value: string])[];
}

export function aDocument(options: DocumentOptions = {}): string {
  const { event = 'T02', at = '20261121090000-0500', mrn = '1001', visit = 'V1' } = options;
  const isOdd = Number(event.slice(1)) % 2 === 1;
  const text: DocumentOptions['content'] = [
    ['TX', 'Went home in good condition.'],
    ['TX', 'Weigh daily.'],
  ];
  const content = options.content ?? (isOdd ? [] : text);
  return wire([
    header('MDM', event, at, `${mrn}-${options.number ?? 'D1'}`),
    segment('EVN', { 1: event, 2: at }),
    person(mrn),
    segment('PV1', { 1: '1', 2: 'I', 19: visit }),
    segment('TXA', {
      1: '1',
      2: options.type ?? 'DS',
      3: 'TX',
      4: options.writtenAt ?? '20261120170000-0500',
      9: '77^Lindqvist^Per',
      12: options.number ?? 'D1',
      13: options.parent,
      17: options.completion ?? 'AU',
      19: options.availability ?? 'AV',
    }),
    ...content.map(([type, value], at) => segment('OBX', { 1: String(at + 1), 2: type, 3: '18842-5^^LN', 5: value })),
  ]);
}

export interface AppointmentOptions {
  /** Default `S12`. */
  readonly event?: string;
  readonly mrn?: string;
  /** MSH-7. Default `20261121100000-0500`. */
  readonly at?: string;
  /** SCH-2. Default `A1`. */
  readonly number?: string;
  /** SCH-1. */
  readonly placer?: string;
  /** TQ1-7. Default `20261127100000-0500`; `''`: no TQ1. */
  readonly start?: string;
  /** SCH-8. */
  readonly type?: string;
  /** SCH-25. */
  readonly status?: string;
  /** SCH-9. */
  readonly minutes?: string;
  /** SCH-11, as before v2.5. */
  readonly timing?: string;
  readonly without?: readonly string[];
}

export function anAppointment(options: AppointmentOptions = {}): string {
  const { event = 'S12', at = '20261121100000-0500', mrn = '1001', start = '20261127100000-0500' } = options;
  const lines = [
    header('SIU', event, at, `${mrn}-${options.number ?? 'A1'}`),
    segment('SCH', {
      1: options.placer,
      2: options.number ?? 'A1',
      7: 'FU^After a stay',
      8: options.type,
      9: options.minutes ?? '30',
      10: 'min',
      11: options.timing,
      25: options.status,
    }),
    ...(start === '' ? [] : [segment('TQ1', { 1: '1', 7: start })]),
    person(mrn),
    segment('RGS', { 1: '1' }),
    segment('AIL', { 1: '1', 3: 'CLINIC^^^GH' }),
    segment('AIP', { 1: '1', 3: '88^Okonkwo^Ife' }),
  ];
  return wire(lines.filter((line) => !(options.without ?? []).includes(line.slice(0, 3))));
}

const header = (type: string, event: string, at: string, key: string): string =>
  segment('MSH', {
    1: '^~\\&',
    2: 'SENDER',
    3: 'GH',
    6: at,
    8: `${type}^${event}`,
    9: `${type}-${event}-${key}-${at}`,
    10: 'P',
    11: '2.5.1',
  });

const person = (mrn: string): string =>
  segment('PID', { 1: '1', 3: `${mrn}^^^GH^MR`, 5: 'Winter^Ada^M^^^^L', 7: '19550102', 8: 'F' });

const wire = (lines: readonly string[]): string => lines.map((line) => `${line}\r`).join('');
