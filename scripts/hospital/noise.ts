// What a feed carries besides: events that change no stay, results, and messages that cannot be understood.

import { compose, type Envelope, encode, header, penOf } from './compose.ts';
import type { Random } from './random.ts';
import { pid, place, segment, time } from './segments.ts';
import { sites } from './site.ts';
import type { Happening } from './truth.ts';

export interface Noise {
  readonly event: string;
  readonly bytes: Uint8Array;
  /** What becomes of it: applied, kept without effect, parked for a person, or refused on the spot and kept. */
  readonly fate: 'applied' | 'ignored' | 'parked' | 'refused';
}

type Make = (about: Happening, envelope: Envelope, random: Random) => Noise;

/** A20: a bed is being cleaned. */
const bedStatus: Make = ({ site }, envelope, random) => {
  const bed = { ward: random.pick(site.wards), room: String(random.between(101, 128)), bed: '1' };
  const lines = [
    header(site, 'ADT^A20', 'A20', envelope),
    segment('EVN', { 1: 'A20', 2: time(penOf(site, envelope), envelope.sentAt) }),
    segment('NPU', { 1: place(site, bed), 2: 'H' }),
  ];
  return { event: 'A20', bytes: encode(lines, site), fate: 'ignored' };
};

/** A60: allergies, which are kept beside the stay. */
const allergies: Make = ({ site, person, stay }, envelope) => {
  const pen = penOf(site, envelope);
  const lines = [
    header(site, 'ADT^A60', 'A60', envelope),
    segment('EVN', { 1: 'A60', 2: time(pen, envelope.sentAt) }),
    pid(pen, person, stay, false),
    'IAM|1|DA|7980^Penicillin^RXN|MO|Hives|A',
  ];
  return { event: 'A60', bytes: encode(lines, site), fate: 'applied' };
};

/** ORU: a laboratory result that took the wrong way. */
const result: Make = ({ site, person, stay }, envelope, random) => {
  const pen = penOf(site, envelope);
  const lines = [
    header(site, 'ORU^R01', 'R01', envelope),
    pid(pen, person, stay, false),
    segment('OBR', { 1: '1', 4: '2823-3^Potassium^LN', 7: time(pen, envelope.sentAt, 12) }),
    `OBX|1|NM|2823-3^Potassium^LN||${random.between(31, 55) / 10}|mmol/L|3.5-5.1||||F`,
  ];
  return { event: 'ORU', bytes: encode(lines, site), fate: 'ignored' };
};

/** A01 of somebody without any number. */
const nobody: Make = (about, envelope) => {
  const whole = Buffer.from(compose({ ...about, trigger: 'A01' }, envelope)).toString('utf8');
  const without = whole.replace(/^(PID\|1\|\|)[^|]*/m, '$1');
  return { event: 'A01', bytes: Buffer.from(without, 'utf8'), fate: 'parked' };
};

/** The first bytes were lost. */
const beheaded: Make = (about, envelope) => ({
  event: 'unreadable',
  bytes: compose(about, envelope).subarray(lostBytes(envelope)),
  fate: 'refused',
});

/** MSH-1 and MSH-2 say nothing. */
const undelimited: Make = ({ site }, { controlId }) => ({
  event: 'unreadable',
  bytes: Buffer.from(`MSH||||${site.id}|THROUGHLINE|RIVERSIDE|||ADT^A01|${controlId}|P|2.5.1\r`, 'utf8'),
  fate: 'refused',
});

const lostBytes = ({ sentAt }: Envelope): number => 4 + (sentAt % 7);

/** How often among 150 people. */
export const noises: readonly (readonly [number, Make])[] = [
  [8, bedStatus],
  [8, allergies],
  [4, result],
  [2, nobody],
  [1, beheaded],
  [1, undelimited],
];

/** UTF-8 houses only: bytes of another one would have to be decoded to be spoilt. */
export const canSpoil = (happening: Happening): boolean =>
  happening.site !== sites.phoenix && happening.stay !== undefined;
