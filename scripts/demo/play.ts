// Sends the feed as interface engines do: over several MLLP connections, on each one message at a time, and the next one
// only after the acknowledgment. A message that got none is sent again.

import { setTimeout as sleep } from 'node:timers/promises';
import type { FeedMessage } from '../hospital/feed.ts';
import { connectMllp, type MllpClient } from '../mllp-client.ts';

export interface Played {
  /** By MSA-1. */
  readonly acknowledged: Readonly<Record<string, number>>;
  /** By event, repeats included. */
  readonly events: Readonly<Record<string, number>>;
  readonly connections: number;
  readonly seconds: number;
  /** Messages that got an answer they should not have got. */
  readonly surprises: readonly string[];
}

export interface PlayOptions {
  readonly host: string;
  readonly port: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

const connections = 4;
const triesMax = 5;

export async function playFeed(messages: readonly FeedMessage[], options: PlayOptions): Promise<Played> {
  const from = performance.now();
  const acknowledged: Record<string, number> = {};
  const events: Record<string, number> = {};
  const surprises: string[] = [];
  let done = 0;

  async function playLine(own: readonly FeedMessage[]): Promise<void> {
    const sender = createSender(options);
    try {
      for (const message of own) {
        if (options.signal.aborted) return;
        const code = await sender.send(message.bytes);
        acknowledged[code] = (acknowledged[code] ?? 0) + 1;
        events[message.event] = (events[message.event] ?? 0) + 1;
        const isAccepted = code === 'AA' || code === 'CA';
        if (isAccepted === (message.fate === 'refused'))
          surprises.push(`a message of event ${message.event} was answered ${code}`);
        options.onProgress(++done);
      }
    } finally {
      await sender.close();
    }
  }

  const lines = Array.from({ length: connections }, (_, line) =>
    messages.filter((one) => one.line % connections === line),
  );
  await Promise.all(lines.map(playLine));
  return { acknowledged, events, connections, seconds: (performance.now() - from) / 1000, surprises };
}

function createSender({ host, port, signal }: PlayOptions) {
  let client: MllpClient | undefined;
  return {
    /** MSA-1 of the answer. */
    async send(bytes: Uint8Array): Promise<string> {
      for (let tries = 1; ; tries += 1) {
        try {
          client ??= await connectMllp({ host, port });
          const answer = await client.send(bytes);
          return /[\r\n]MSA.([A-Z]{2})/.exec(answer)?.[1] ?? 'none';
        } catch (thrown) {
          await client?.close();
          client = undefined;
          if (tries === triesMax || signal.aborted) throw thrown;
          await sleep(200 * tries);
        }
      }
    },
    close: async () => client?.close(),
  };
}
