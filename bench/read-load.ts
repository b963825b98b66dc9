// A load generator of its own process: GETs over kept-alive connections, each answered before the next of its connection.
// It speaks just enough HTTP/1.1 to find the end of an answer, since Node's own client would cost more than the server.

import net from 'node:net';
import { answer } from './child.ts';

export interface ReadQuestion {
  readonly port: number;
  readonly token: string;
  /** Asked in turn. */
  readonly paths: readonly string[];
  readonly connections: number;
  readonly count: number;
}

export interface ReadAnswer {
  readonly seconds: number;
  /** Of each answer, in milliseconds. */
  readonly times: Float64Array;
  /** Answers that were not 200. */
  readonly failed: number;
  readonly bytes: number;
}

interface Tally {
  left: number;
  at: number;
  failed: number;
  bytes: number;
  readonly times: number[];
}

const headEnd = Buffer.from('\r\n\r\n');

async function open(port: number): Promise<net.Socket> {
  const socket = net.connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return socket;
}

function play(socket: net.Socket, question: ReadQuestion, tally: Tally): Promise<void> {
  const { paths, token } = question;
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let got = 0;
    let wanted = 0;
    let from = 0;
    const next = () => {
      if (tally.left === 0) return resolve();
      tally.left -= 1;
      const path = paths[tally.at++ % paths.length] ?? '/';
      from = performance.now();
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\nAccept: application/fhir+json\r\n\r\n`,
      );
    };
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      got += chunk.length;
      if (wanted === 0) {
        const all = chunks.length === 1 ? chunk : Buffer.concat(chunks);
        const end = all.indexOf(headEnd);
        if (end < 0) return;
        const head = all.toString('latin1', 0, end);
        if (!head.startsWith('HTTP/1.1 200')) tally.failed += 1;
        wanted = end + 4 + Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN);
        if (Number.isNaN(wanted)) return reject(new Error(`an answer without a length: ${head.slice(0, 200)}`));
      }
      if (got < wanted) return;
      tally.times.push(performance.now() - from);
      tally.bytes += got;
      chunks = [];
      got = 0;
      wanted = 0;
      next();
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
    next();
  });
}

answer<ReadQuestion>(async (question): Promise<ReadAnswer> => {
  const sockets = await Promise.all(Array.from({ length: question.connections }, () => open(question.port)));
  const tally: Tally = { left: question.count, at: 0, failed: 0, bytes: 0, times: [] };
  const from = performance.now();
  await Promise.all(sockets.map((socket) => play(socket, question, tally)));
  const seconds = (performance.now() - from) / 1_000;
  for (const socket of sockets) socket.removeAllListeners('close').destroy();
  return { seconds, times: Float64Array.from(tally.times), failed: tally.failed, bytes: tally.bytes };
});
