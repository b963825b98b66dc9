// A happening as the ADT message that a house of the group writes of it (HL7 v2.5.1 ch. 3; structures of table 0354).

import { dg1, doctor, in1, nk1, type Pen, patientNumber, pid, place, segment, time, visitNumber } from './segments.ts';
import type { Site } from './site.ts';
import type { Happening, Stay } from './truth.ts';

export interface Envelope {
  readonly controlId: string;
  /** MSH-7. */
  readonly sentAt: number;
  /** EVN-2. */
  readonly enteredAt: number;
  /** Whether this message is one of those with offsets, where a house writes some with and some without. */
  readonly offsets: boolean;
}

const structures: Readonly<Record<string, string>> = {
  A04: 'A01',
  A08: 'A01',
  A13: 'A01',
  A28: 'A05',
  A31: 'A05',
  A07: 'A06',
  A11: 'A09',
  A40: 'A39',
};
const withDiagnoses = new Set(['A01', 'A03', 'A04', 'A05', 'A06', 'A07', 'A08']);

export function compose(happening: Happening, envelope: Envelope): Uint8Array {
  const { site, trigger, person, stay, deletes = [] } = happening;
  const pen = penOf(site, envelope);
  const lines = [
    header(site, `ADT^${trigger}`, structures[trigger] ?? trigger, envelope),
    evn(pen, happening, envelope),
    pid(pen, person, stay, deletes.includes('phone')),
    segment('PD1', { 4: doctor(person.doctor) }),
  ];
  if (happening.retired !== undefined) lines.push(segment('MRG', { 1: patientNumber(site, happening.retired) }));
  if (happening.formerVisit !== undefined) {
    const former = visitNumber(site, happening.formerVisit);
    lines.push(segment('MRG', { 1: patientNumber(site, person.mrn), 5: former }));
  }
  if (trigger !== 'A40') lines.push(nk1(person));
  if (stay) lines.push(...visit(pen, happening, stay));
  else if (trigger !== 'A40' && site.tellsOccurrence) lines.push('PV1|1|N');
  if (stay && withDiagnoses.has(trigger)) {
    lines.push(...(deletes.includes('diagnoses') ? ['DG1|""'] : dg1(pen, stay)), in1(person));
  }
  return encode(lines, site);
}

/** MSH, also of messages that are not ADT. */
export function header(site: Site, event: string, structure: string, envelope: Envelope): string {
  const [type = ''] = event.split('^');
  const stamp = { site, offsets: site.offsets === 'header' || penOf(site, envelope).offsets };
  return segment('MSH', {
    1: '^~\\&',
    2: 'GHADT',
    3: site.id,
    4: 'THROUGHLINE',
    5: 'RIVERSIDE',
    6: time(stamp, envelope.sentAt),
    8: site.version === '2.3' ? event : `${event}^${type}_${structure}`,
    9: envelope.controlId,
    10: 'P',
    11: site.version,
    14: site.enhanced ? 'AL' : undefined,
    15: site.enhanced ? 'NE' : undefined,
    17: site.charset,
  });
}

export const penOf = (site: Site, { offsets }: Pick<Envelope, 'offsets'>): Pen => ({
  site,
  offsets: site.offsets === 'all' || (site.offsets === 'some' && offsets),
});

export const encode = (lines: readonly string[], site: Site): Uint8Array =>
  Buffer.from(lines.map((line) => `${line}\r`).join(''), site.charset === '8859/1' ? 'latin1' : 'utf8');

/** On a cancel EVN-6 is the time of what is cancelled, and EVN-2 that of the cancel. */
function evn(pen: Pen, { site, trigger, at, cancels }: Happening, { enteredAt }: Envelope): string {
  const occurred = cancels ?? at;
  return segment('EVN', {
    1: trigger,
    2: time(pen, cancels === undefined ? enteredAt : at),
    6: site.tellsOccurrence ? time(pen, occurred) : undefined,
  });
}

function visit(pen: Pen, { trigger, deletes = [] }: Happening, stay: Stay): string[] {
  const { site } = pen;
  const attending = doctor(stay.attending);
  const isExpected = stay.class === 'P';
  const leaves = stay.dischargedAt !== undefined;
  // A house that lets EVN-2 say when it happened does so on the discharge as well.
  const tellsEnd = leaves && (site.tellsOccurrence || trigger !== 'A03');
  return [
    segment('PV1', {
      1: '1',
      2: stay.class,
      3: place(site, stay.bed),
      4: stay.class === 'E' ? 'E' : 'R',
      6: stay.formerBed && place(site, stay.formerBed),
      7: attending,
      10: stay.diagnoses[0]?.service,
      14: '7',
      17: attending,
      19: visitNumber(site, stay.visit),
      36: deletes.includes('disposition') ? '""' : stay.disposition,
      44: isExpected ? undefined : time(pen, stay.admittedAt, 12),
      45: tellsEnd ? time(pen, stay.dischargedAt ?? 0, 12) : undefined,
    }),
    segment('PV2', {
      3: stay.diagnoses[0] && `^${stay.diagnoses[0].text}`,
      8: isExpected ? time(pen, stay.admittedAt, 12) : undefined,
    }),
  ];
}
