// Sends a feed over several connections, rudely, until each message has an answer of its own: a lost connection, a dead
// service, a restarted database only mean that what was not answered is sent again. Messages of one patient go over
// whichever connection is free, so that their order is not kept.

import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../hospital/random.ts';
import { type Habit, pickHabit, sendRudely } from './habits.ts';
import { answerOf, controlIdOf, type Line, openLine } from './line.ts';
import type { TortureMessage } from './play.ts';
import type { Rates } from './rates.ts';

export interface SendOptions {
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  readonly rates: Rates;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProgress: (answered: number) => void;
  /** Told of each first answer: when that message was written and when the answer came, of `performance.now()`. */
  readonly onAnswer?: (writtenAt: number, answeredAt: number) => void;
}

export interface Sent {
  readonly answered: number;
  /** By MSA-1. */
  readonly codes: Readonly<Record<string, number>>;
  readonly habits: Readonly<Partial<Record<Habit, number>>>;
  /** Tries that ended without an answer although the sender waited for it. */
  readonly unanswered: number;
  /** From writing to the answer of polite tries, sorted. */
  readonly ackMs: readonly number[];
  readonly seconds: number;
  /** Answers that should have been others. */
  readonly surprises: readonly string[];
}

const replyMsMax = 30_000;
/** As long as nobody answers anything at all. */
const deadMsMax = 60_000;
/** While nobody has taken a connection yet. */
const absentMsMax = 5_000;
const packedMax = 5;

export async function sendFeed(messages: readonly TortureMessage[], options: SendOptions): Promise<Sent> {
  const from = performance.now();
  const codes: Record<string, number> = {};
  const habits: Partial<Record<Habit, number>> = {};
  const ackMs: number[] = [];
  const surprises: string[] = [];
  const queue = [...messages].reverse();
  let answered = 0;
  let unanswered = 0;
  let aliveAt = performance.now();
  let wasThere = false;

  function take(message: TortureMessage, reply: string, writtenAt: number, isPolite: boolean): void {
    const { code, controlId } = answerOf(reply);
    const sentId = controlIdOf(message.bytes);
    const isAccepted = code === 'AA' || code === 'CA';
    if (isAccepted === (message.fate === 'refused'))
      surprises.push(`a message of event ${message.event} was answered ${code}`);
    else if (isAccepted && controlId !== sentId)
      surprises.push(`a message of event ${message.event} was answered for another`);
    codes[code] = (codes[code] ?? 0) + 1;
    const now = performance.now();
    if (isPolite) ackMs.push(now - writtenAt);
    aliveAt = now;
    options.onAnswer?.(writtenAt, now);
    options.onProgress(++answered);
  }

  async function runLane(lane: number): Promise<void> {
    const random = createRandom(Math.imul(options.seed + 1, lane + 7) >>> 0);
    let line: Line | undefined;
    let waitMs = 20;
    let own: TortureMessage[] = [];
    while (!options.signal.aborted) {
      if (own.length === 0) own = queue.splice(-1, 1);
      if (own.length === 0) break;
      if (!line?.isOpen) line = await openLine(options.host, options.port);
      if (line === undefined) {
        const silentMsMax = wasThere ? deadMsMax : absentMsMax;
        if (performance.now() - aliveAt > silentMsMax) throw new Error(unreachable(options, answered));
        await sleep(waitMs);
        waitMs = Math.min(waitMs * 1.5, 400);
        continue;
      }
      wasThere = true;
      const habit = pickHabit(random, options.rates);
      habits[habit] = (habits[habit] ?? 0) + 1;
      if (habit === 'packed') {
        const more = random.between(1, packedMax - 1);
        own.push(...queue.splice(Math.max(0, queue.length - more)).reverse());
      }
      const writtenAt = performance.now();
      const bytes = own.map((message) => message.bytes);
      const count = await sendRudely(habit === 'polite' && own.length > 1 ? 'packed' : habit, line, bytes, random);
      if (count === 0) continue;
      const replies = await line.replies(count, replyMsMax);
      if (replies === undefined) {
        unanswered += 1;
        line.destroy();
        await sleep(waitMs);
        waitMs = Math.min(waitMs * 1.5, 400);
        if (performance.now() - aliveAt > deadMsMax) throw new Error(unreachable(options, answered));
        continue;
      }
      waitMs = 20;
      if (habit === 'hasty') take(own.shift() as TortureMessage, replies[0] as string, writtenAt, false);
      else for (const reply of replies) take(own.shift() as TortureMessage, reply, writtenAt, habit === 'polite');
    }
    line?.destroy();
  }

  await Promise.all(Array.from({ length: options.connections }, (_, lane) => runLane(lane)));
  const seconds = (performance.now() - from) / 1000;
  return { answered, codes, habits, unanswered, ackMs: ackMs.sort((a, b) => a - b), seconds, surprises };
}

const unreachable = ({ host, port }: SendOptions, answered: number): string =>
  answered === 0
    ? `nothing answers at ${host}:${port}: is the service running there, and is --target its MLLP port?`
    : `nothing has answered at ${host}:${port} for ${deadMsMax / 1000} seconds; ${answered} messages had been acknowledged`;
