// The sending side: connections that hold messages until each has an answer, and send again whatever was not answered.

import type { Reply } from '../../src/flow/receive-message.ts';
import type { Random } from '../hospital/random.ts';
import { answerOf, controlIdOf } from '../torture/line.ts';
import type { TortureMessage } from '../torture/play.ts';
import type { Chances } from './chances.ts';

export interface Sender {
  /** Whether some connection is free and something is left to send. */
  readonly canSend: boolean;
  readonly isDone: boolean;
  /** Sends what a free connection has next; resolves at once, the answers come later. */
  send(receive: (bytes: Uint8Array) => Promise<Reply>, onSent: (message: TortureMessage) => void): void;
  /** All connections break: what was not answered is sent again. */
  breakOff(): void;
  readonly acknowledged: ReadonlySet<TortureMessage>;
  /** Answers that should have been others. */
  readonly surprises: readonly string[];
}

interface Lane {
  readonly queue: TortureMessage[];
  /** Answers to earlier connections are not heard. */
  connection: number;
  isBusy: boolean;
}

export function createSender(messages: readonly TortureMessage[], chances: Chances, random: Random): Sender {
  const lanes = Array.from({ length: chances.lanes }, (): Lane => ({ queue: [], connection: 0, isBusy: false }));
  for (const message of messages) random.pick(lanes).queue.push(message);
  const acknowledged = new Set<TortureMessage>();
  const surprises: string[] = [];
  const free = () => lanes.filter(({ queue, isBusy }) => !isBusy && queue.length > 0);

  /** Whether the message has its answer. */
  function isAnswered(message: TortureMessage, reply: Reply): boolean {
    if (reply === 'close') return false;
    const { code, controlId } = answerOf(Buffer.from(reply[0] ?? []).toString('utf8'));
    const isAccepted = code === 'AA' || code === 'CA';
    if (isAccepted === (message.fate === 'refused')) surprises.push(`${message.event} was answered ${code}`);
    else if (isAccepted && controlId !== controlIdOf(message.bytes))
      surprises.push(`${message.event} was answered for another`);
    acknowledged.add(message);
    return true;
  }

  return {
    get canSend() {
      return free().length > 0;
    },
    get isDone() {
      return lanes.every(({ queue }) => queue.length === 0);
    },
    send(receive, onSent) {
      const lane = random.pick(free());
      const packed = lane.queue.slice(0, random.between(1, chances.packedMax));
      const { connection } = lane;
      lane.isBusy = true;
      const replies = packed.map((message) => {
        onSent(message);
        return receive(message.bytes);
      });
      void Promise.all(replies).then((answers) => {
        // Killed, or cut, meanwhile: nobody heard them.
        if (lane.connection !== connection) return;
        lane.isBusy = false;
        for (const [at, message] of packed.entries()) {
          if (random.chance(chances.answersLost) || !isAnswered(message, answers[at] ?? 'close')) return;
          lane.queue.shift();
        }
      });
    },
    breakOff() {
      for (const lane of lanes) {
        lane.connection += 1;
        lane.isBusy = false;
      }
    },
    acknowledged,
    surprises,
  };
}
