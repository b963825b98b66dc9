// A load generator of its own process: sends messages over MLLP, each answered before the next of its connection, or
// keeps the same bytes by single-row inserts. It says how long that took and what was answered.

import { createHash } from 'node:crypto';
import net from 'node:net';
import pg from 'pg';
import { createDeframer, frame } from '../src/hl7/frame.ts';
import { answer } from './child.ts';

export interface SendQuestion {
  /** One list for each connection. */
  readonly feeds: readonly (readonly string[])[];
  readonly to: { readonly mllpPort: number } | { readonly databaseUrl: string };
}

export interface SendAnswer {
  readonly count: number;
  readonly seconds: number;
  /** Milliseconds since 1970 at the first send. */
  readonly startedAt: number;
  readonly refused: number;
}

/** Plays one connection's messages; gives how many were not accepted. */
type Play = () => Promise<number>;

async function overMllp(port: number, feed: readonly string[]): Promise<{ play: Play; close: () => void }> {
  const frames = feed.map((message) => frame(message));
  const socket = net.connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const play: Play = () =>
    new Promise((resolve, reject) => {
      let at = 0;
      let refused = 0;
      const next = () => {
        const bytes = frames[at++];
        if (bytes === undefined) resolve(refused);
        else socket.write(bytes);
      };
      const deframer = createDeframer({
        bytesMax: 65_536,
        onMessage(bytes) {
          if (Buffer.from(bytes).indexOf('\rMSA|AA|') < 0) refused += 1;
          next();
        },
        onProblem: (problem) => reject(new Error(problem)),
      });
      socket.on('data', (chunk: Uint8Array) => deframer.push(chunk));
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the connection was closed')));
      next();
    });
  return { play, close: () => socket.removeAllListeners('close').destroy() };
}

async function byInserts(databaseUrl: string, feed: readonly string[]): Promise<{ play: Play; close: () => void }> {
  const rows = feed.map((message) => {
    const raw = Buffer.from(message, 'utf8');
    const controlId = message.split('|', 10)[9] ?? '';
    return [
      'riverside-practice',
      'general-hospital',
      controlId,
      createHash('sha256').update(raw).digest(),
      new Date(),
      raw,
    ];
  });
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'bench peer' });
  await client.connect();
  const text =
    'insert into plain_message (organisation, partner, control_id, digest, received_at, raw) values ($1, $2, $3, $4, $5, $6)';
  const play: Play = async () => {
    for (const values of rows) await client.query({ name: 'keep', text, values });
    return 0;
  };
  return { play, close: () => void client.end() };
}

answer<SendQuestion>(async ({ feeds, to }): Promise<SendAnswer> => {
  const open =
    'mllpPort' in to
      ? (feed: readonly string[]) => overMllp(to.mllpPort, feed)
      : (feed: readonly string[]) => byInserts(to.databaseUrl, feed);
  const connections = await Promise.all(feeds.map(open));
  const startedAt = Date.now();
  const from = performance.now();
  const refused = await Promise.all(connections.map(({ play }) => play()));
  const seconds = (performance.now() - from) / 1_000;
  for (const { close } of connections) close();
  return {
    count: feeds.reduce((sum, feed) => sum + feed.length, 0),
    seconds,
    startedAt,
    refused: refused.reduce((a, b) => a + b, 0),
  };
});
