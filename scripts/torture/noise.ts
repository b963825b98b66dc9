// What a feed carries besides: messages that change nothing, of strangers, and such as cannot be understood.

import type { Random } from '../hospital/random.ts';
import { place, segment, time } from '../hospital/segments.ts';
import { siteChances } from '../hospital/site.ts';
import { minuteMs } from '../hospital/zone-time.ts';
import { type Envelope, encode, header, penOf } from './write.ts';

export interface Noise {
  readonly event: string;
  readonly bytes: Uint8Array;
  /** What becomes of it: kept without effect, parked for a person, or refused on the spot and kept. */
  readonly fate: 'ignored' | 'parked' | 'refused';
  readonly arrivesAt: number;
}

export function makeNoise(random: Random, newId: () => string, until: number): Noise {
  const house = random.pick(siteChances);
  const sentAt = until - random.between(1, 2800) * minuteMs;
  const envelope: Envelope = {
    ...{ controlId: newId(), sentAt, enteredAt: sentAt, offsets: random.chance(0.5) },
    ...{ otherDelimiters: false, leavesOutTimes: false },
  };
  const pen = penOf(house, envelope);
  const event = (trigger: string) => segment('EVN', { 1: trigger, 2: time(pen, sentAt) });
  const noise = (name: string, fate: Noise['fate'], ...lines: string[]): Noise => ({
    event: name,
    bytes: encode(lines, house),
    fate,
    arrivesAt: sentAt,
  });
  const bed = { ward: random.pick(house.wards), room: String(random.between(101, 128)), bed: '1' };
  switch (random.between(0, 6)) {
    case 0:
    case 1:
      return noise(
        'A20',
        'ignored',
        header(house, 'ADT^A20', 'A20', envelope),
        event('A20'),
        segment('NPU', { 1: place(house, bed), 2: 'H' }),
      );
    case 2:
      return noise(
        'MFN',
        'ignored',
        header(house, 'MFN^M02', 'M02', envelope),
        segment('MFI', { 1: 'STF', 3: 'UPD', 4: time(pen, sentAt), 5: time(pen, sentAt), 6: 'NE' }),
      );
    case 3:
      return noise('Z77', 'ignored', header(house, 'ADT^Z77', 'Z77', envelope), event('Z77'), 'PID|1');
    case 4:
      // An admission of nobody.
      return noise(
        'A01',
        'parked',
        header(house, 'ADT^A01', 'A01', envelope),
        event('A01'),
        'PID|1||||Nobody^Ned||19500101|M',
        segment('PV1', { 1: '1', 2: 'I', 3: place(house, bed) }),
      );
    case 5: {
      // The first bytes were lost.
      const bytes = encode([header(house, 'ADT^A08', 'A01', envelope), event('A08')], house);
      return { event: 'beheaded', bytes: bytes.subarray(random.between(1, 9)), fate: 'refused', arrivesAt: sentAt };
    }
    default:
      return {
        event: 'undelimited',
        bytes: Buffer.from(`MSH||||${house.id}|THROUGHLINE|RIVERSIDE|||ADT^A01|${envelope.controlId}|P|2.5.1\r`),
        fate: 'refused',
        arrivesAt: sentAt,
      };
  }
}
