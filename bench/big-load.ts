// A sender of one big message in a process of its own: it sends a frame of the size asked for, made as it goes, and says
// what was answered and how long that took.

import { once } from 'node:events';
import net from 'node:net';
import { createDeframer } from '../src/hl7/frame.ts';
import { answer } from './child.ts';

export interface BigQuestion {
  readonly mllpPort: number;
  /** The message up to where it repeats, what it repeats, how often, and what comes after. */
  readonly head: string;
  readonly repeated: string;
  readonly times: number;
  readonly tail: string;
}

export interface BigAnswer {
  /** MSA-1, or what happened instead. */
  readonly said: string;
  readonly error: string;
  readonly bytes: number;
  readonly milliseconds: number;
}

const chunkTimes = 20_000;

answer<BigQuestion>(async ({ mllpPort, head, repeated, times, tail }): Promise<BigAnswer> => {
  const socket = net.connect(mllpPort, '127.0.0.1');
  await once(socket, 'connect');
  const said = new Promise<string>((resolve) => {
    const deframer = createDeframer({
      bytesMax: 65_536,
      onMessage: (bytes) => resolve(Buffer.from(bytes).toString('utf8')),
      onProblem: resolve,
    });
    socket.on('data', (chunk: Uint8Array) => deframer.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve('closed'));
  });
  const from = performance.now();
  let bytes = 0;
  const write = async (text: string) => {
    bytes += text.length;
    if (!socket.write(text, 'latin1')) await Promise.race([once(socket, 'drain'), said]);
  };
  await write(`\x0b${head}`);
  const chunk = repeated.repeat(chunkTimes);
  for (let left = times; left > 0; left -= chunkTimes) await write(left >= chunkTimes ? chunk : repeated.repeat(left));
  await write(`${tail}\x1c\r`);
  const text = await said;
  const milliseconds = performance.now() - from;
  socket.destroy();
  return {
    said: /\rMSA\|(\w\w)/.exec(text)?.[1] ?? text,
    error: /\rERR\|[^\r]*/.exec(text)?.[0].slice(1) ?? '',
    bytes: bytes - 1,
    milliseconds,
  };
});
