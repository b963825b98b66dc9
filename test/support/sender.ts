// A sender as hospital engines are: per connection one message at a time; what was not acknowledged, because the
// connection broke or nobody listened, is sent again until it is.

import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDeframer, frame } from '../../src/hl7/frame.ts';

export interface Delivery {
  /** Messages with a positive acknowledgment of their own, in the order in which those came. */
  readonly acknowledged: readonly string[];
  /** Acknowledgments that are not AA for the message in progress. */
  readonly strange: readonly string[];
  /** Tries that ended with a closed connection, or before one. */
  readonly again: number;
  /** Tries to which nobody said anything, neither an acknowledgment nor a closed connection. */
  readonly stalled: number;
}

export interface SenderOptions {
  readonly port: () => number;
  readonly connections: number;
  readonly onAcknowledged?: (count: number) => void;
  /** How long a sender waits in silence before it hangs up. */
  readonly silentMsMax?: number;
}

export const controlIdOf = (message: string): string => message.split('|')[9] ?? '';

/** Ends when all messages are acknowledged. */
export async function deliver(messages: readonly string[], options: SenderOptions): Promise<Delivery> {
  const report = { acknowledged: [] as string[], strange: [] as string[], again: 0, stalled: 0 };
  const queue = async (own: readonly string[]): Promise<void> => {
    let line: Line | undefined;
    for (const message of own) {
      for (;;) {
        line ??= await open(options.port());
        const answer = line === undefined ? 'closed' : await line.ask(message, options.silentMsMax ?? 25_000);
        if (typeof answer === 'object') {
          if (!answer.text.includes(`\rMSA|AA|${controlIdOf(message)}`)) report.strange.push(answer.text);
          else {
            report.acknowledged.push(message);
            options.onAcknowledged?.(report.acknowledged.length);
          }
          break;
        }
        if (answer === 'silent') report.stalled += 1;
        report.again += 1;
        line?.end();
        line = undefined;
        await sleep(30);
      }
    }
    line?.end();
  };
  const lanes = Array.from({ length: options.connections }, (_, lane) =>
    messages.filter((_message, at) => at % options.connections === lane),
  );
  await Promise.all(lanes.map(queue));
  return report;
}

export interface Line {
  ask(message: string, silentMsMax: number): Promise<{ readonly text: string } | 'closed' | 'silent'>;
  end(): void;
}

/** Undefined when nobody listens. */
export function open(port: number): Promise<Line | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    let hear: (answer: { readonly text: string } | 'closed') => void = () => undefined;
    const deframer = createDeframer({
      bytesMax: 1 << 20,
      onMessage: (bytes) => hear({ text: Buffer.from(bytes).toString('utf8') }),
      onProblem: () => undefined,
    });
    socket.on('data', (chunk: Uint8Array) => deframer.push(chunk));
    socket.on('error', () => resolve(undefined));
    socket.on('close', () => hear('closed'));
    socket.on('connect', () =>
      resolve({
        ask: (message, silentMsMax) =>
          new Promise((answer) => {
            const timer = setTimeout(() => answer('silent'), silentMsMax);
            hear = (heard) => {
              clearTimeout(timer);
              answer(heard);
            };
            if (socket.destroyed) hear('closed');
            else socket.write(frame(Buffer.from(message, 'utf8')));
          }),
        end: () => socket.destroy(),
      }),
    );
  });
}

/** Sends one message on a connection of its own; gives the acknowledgment, or how the try ended. */
export async function sendOnce(port: number, message: string, silentMsMax = 25_000): Promise<string> {
  const line = await open(port);
  if (line === undefined) return 'refused';
  const answer = await line.ask(message, silentMsMax);
  line.end();
  return typeof answer === 'object' ? answer.text : answer;
}
