// A good sender in a process of its own: one connection, each message answered before the next is sent, and how long
// each answer took.

import net from 'node:net';
import { createDeframer, frame } from '../src/hl7/frame.ts';
import { answer } from './child.ts';

export interface TimeQuestion {
  readonly mllpPort: number;
  readonly messages: readonly string[];
  /** Pause between an answer and the next message. */
  readonly pauseMs?: number;
}

export interface TimeAnswer {
  readonly milliseconds: readonly number[];
  readonly refused: number;
}

answer<TimeQuestion>(({ mllpPort, messages, pauseMs = 0 }) => {
  const milliseconds: number[] = [];
  const frames = messages.map((message) => frame(message));
  return new Promise<TimeAnswer>((resolve, reject) => {
    const socket = net.connect(mllpPort, '127.0.0.1').setNoDelay(true);
    let refused = 0;
    let sentAt = 0;
    const next = () => {
      const bytes = frames[milliseconds.length];
      if (bytes === undefined) {
        socket.removeAllListeners('close').destroy();
        resolve({ milliseconds, refused });
        return;
      }
      sentAt = performance.now();
      socket.write(bytes);
    };
    const deframer = createDeframer({
      bytesMax: 65_536,
      onMessage(bytes) {
        milliseconds.push(performance.now() - sentAt);
        if (Buffer.from(bytes).indexOf('\rMSA|AA|') < 0) refused += 1;
        if (pauseMs > 0) setTimeout(next, pauseMs);
        else next();
      },
      onProblem: (problem) => reject(new Error(problem)),
    });
    socket.on('data', (chunk: Uint8Array) => deframer.push(chunk));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the good sender’s connection was closed')));
    socket.once('connect', next);
  });
});
