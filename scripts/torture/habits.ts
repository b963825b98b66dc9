// Rude ways to send a message: each writes it in its own manner and says how many replies must come, or gives up on the
// connection before any came.

import { setTimeout as sleep } from 'node:timers/promises';
import { frame } from '../../src/hl7/frame.ts';
import type { Random } from '../hospital/random.ts';
import type { Line } from './line.ts';
import type { RateName, Rates } from './rates.ts';

/** Chosen one per try; the rest of the tries are polite. */
export const habits = [
  ...(['split', 'byte-by-byte', 'slow', 'packed', 'hasty', 'hung-up', 'cut-off', 'end-forgotten', 'garbage'] as const),
] satisfies readonly RateName[];
export type Habit = (typeof habits)[number] | 'polite';

export function pickHabit(random: Random, rates: Rates): Habit {
  let point = random.between(0, 999_999) / 1_000_000;
  for (const habit of habits) {
    point -= rates[habit];
    if (point < 0) return habit;
  }
  return 'polite';
}

/** Replies to wait for; 0: the sender left, or must start again. */
export async function sendRudely(
  habit: Habit,
  line: Line,
  messages: readonly Uint8Array[],
  random: Random,
): Promise<number> {
  const [message = new Uint8Array()] = messages;
  const framed = frame(message);
  switch (habit) {
    case 'polite':
      line.write(framed);
      return 1;
    case 'split':
      for (const piece of pieces(framed, random, random.between(2, 6))) {
        line.write(piece);
        await sleep(0);
      }
      return 1;
    case 'byte-by-byte':
      for (const byte of framed) line.write(Uint8Array.of(byte));
      return 1;
    case 'slow':
      for (const piece of pieces(framed, random, 4)) {
        line.write(piece);
        await sleep(random.between(20, 250));
      }
      return 1;
    case 'packed':
      line.write(Buffer.concat(messages.map((one) => frame(one))));
      return messages.length;
    case 'hasty':
      line.write(framed);
      if (random.chance(0.5)) await sleep(random.between(0, 3));
      line.write(framed);
      return 2;
    case 'garbage':
      line.write(
        Buffer.from(random.pick(['\r\n\r\n', 'MSH|^~\\&|', '\u0000\u0000', 'GET / HTTP/1.1\r\n\r\n']), 'latin1'),
      );
      line.write(framed);
      return 1;
    case 'end-forgotten':
      line.write(framed.subarray(0, framed.length - random.between(1, 2)));
      // Half of them notice and begin the frame anew; the others hang up.
      if (random.chance(0.5)) {
        line.write(framed);
        return 1;
      }
      await sleep(random.between(0, 3));
      line.destroy();
      return 0;
    case 'cut-off':
      line.write(framed.subarray(0, random.between(1, framed.length - 1)));
      await sleep(random.between(0, 3));
      line.destroy();
      return 0;
    case 'hung-up':
      line.write(framed);
      await sleep(random.between(0, 5));
      line.destroy();
      return 0;
  }
}

function pieces(bytes: Uint8Array, random: Random, count: number): Uint8Array[] {
  const cuts = Array.from({ length: count - 1 }, () => random.between(1, bytes.length - 1)).sort((a, b) => a - b);
  return [0, ...cuts].map((from, at) => bytes.subarray(from, cuts[at] ?? bytes.length));
}
