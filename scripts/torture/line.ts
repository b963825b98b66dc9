// One MLLP connection used rudely. Replies come in the order of the frames, one a frame; what is written says nothing of
// what was taken.

import net from 'node:net';
import { createDeframer } from '../../src/hl7/frame.ts';

export interface Line {
  readonly isOpen: boolean;
  write(bytes: Uint8Array): void;
  /** So many replies in the order they come; undefined when the connection ends or nothing comes for too long. */
  replies(count: number, timeMsMax: number): Promise<readonly string[] | undefined>;
  /** Without a word. */
  destroy(): void;
}

/** Undefined when nobody listens. */
export function openLine(host: string, port: number): Promise<Line | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect(port, host);
    socket.setNoDelay(true);
    socket.setTimeout(10_000, () => socket.destroy());
    const heard: string[] = [];
    let notice: () => void = () => undefined;
    const deframer = createDeframer({
      bytesMax: 1 << 20,
      onMessage: (bytes) => {
        heard.push(Buffer.from(bytes).toString('utf8'));
        notice();
      },
      onProblem: () => undefined,
    });
    socket.on('data', (chunk: Uint8Array) => deframer.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(undefined);
      notice();
    });
    socket.once('connect', () => {
      socket.setTimeout(0);
      resolve({
        get isOpen() {
          return !socket.destroyed && socket.writable;
        },
        write: (bytes) => void socket.write(bytes),
        replies: (count, timeMsMax) =>
          new Promise((answer) => {
            const timer = setTimeout(() => socket.destroy(), timeMsMax);
            notice = () => {
              if (heard.length < count && !socket.destroyed) return;
              clearTimeout(timer);
              notice = () => undefined;
              answer(heard.length < count ? undefined : heard.splice(0, count));
            };
            notice();
          }),
        destroy: () => socket.destroy(),
      });
    });
  });
}

/** MSA-1 and MSA-2. */
export function answerOf(reply: string): { readonly code: string; readonly controlId: string } {
  const line = reply.split(/[\r\n]/).find((segment) => segment.startsWith('MSA')) ?? '';
  const [, code = 'none', controlId = ''] = line.split(line.charAt(3));
  return { code, controlId };
}

/** MSH-10 as it stands there. */
export function controlIdOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(0, 300)).toString('latin1');
  const line = text.split('\r', 1)[0] ?? '';
  return line.startsWith('MSH') ? (line.split(line.charAt(3))[9] ?? '') : '';
}
