// A small MLLP sender for the scripts and tests: one message at a time, each answered before the next, as hospital
// engines do (HL7 v2 Minimal Lower Layer Protocol).

import net from 'node:net';
import tls from 'node:tls';
import { createDeframer, frame } from '../src/hl7/frame.ts';

export interface MllpClientOptions {
  readonly host: string;
  readonly port: number;
  /** Connection options of `node:tls`; without them the connection is plain. */
  readonly tls?: tls.ConnectionOptions;
  /** How long to wait for the connection and for each acknowledgment. */
  readonly timeMsMax?: number;
  /** Told of acknowledgments that answer no message in progress, such as the second one of enhanced mode. */
  readonly onOther?: (acknowledgment: string) => void;
}

export interface MllpClient {
  /** Sends one message and gives its first acknowledgment. Rejects when the connection ends before it comes. */
  send(message: Uint8Array | string): Promise<string>;
  /** Sends without waiting, for messages that ask for no acknowledgment. */
  post(message: Uint8Array | string): void;
  close(): Promise<void>;
}

interface Waiter {
  readonly controlId: string;
  readonly resolve: (acknowledgment: string) => void;
  readonly reject: (error: Error) => void;
}

export async function connectMllp(options: MllpClientOptions): Promise<MllpClient> {
  const timeMsMax = options.timeMsMax ?? 30_000;
  const socket = await open(options, timeMsMax);
  const waiters: Waiter[] = [];
  const deframer = createDeframer({ bytesMax: 2 ** 24, onMessage: answer, onProblem: () => {} });

  function answer(bytes: Uint8Array): void {
    const acknowledgment = Buffer.from(bytes).toString('utf8');
    const controlId = answeredControlId(acknowledgment);
    const waiter = waiters[0];
    // An enhanced-mode second reply may arrive while the next message waits for its first.
    if (waiter === undefined || (controlId !== '' && waiter.controlId !== '' && controlId !== waiter.controlId)) {
      setImmediate(() => options.onOther?.(acknowledgment));
      return;
    }
    waiters.shift();
    // Both ways through the same queue, so that acknowledgments are seen in the order they came.
    setImmediate(() => waiter.resolve(acknowledgment));
  }

  function fail(error: Error): void {
    for (const waiter of waiters.splice(0)) waiter.reject(error);
  }

  socket.on('data', (chunk: Uint8Array) => deframer.push(chunk));
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the connection was closed without an acknowledgment')));

  return {
    async send(message) {
      if (socket.destroyed) throw new Error('the connection is closed');
      let timer: NodeJS.Timeout | undefined;
      const answered = new Promise<string>((resolve, reject) => {
        waiters.push({ controlId: sentControlId(message), resolve, reject });
        const seconds = timeMsMax / 1000;
        timer = setTimeout(() => socket.destroy(new Error(`no acknowledgment within ${seconds} seconds`)), timeMsMax);
      });
      socket.write(frame(message));
      return await answered.finally(() => clearTimeout(timer));
    },
    post(message) {
      socket.write(frame(message));
    },
    async close() {
      if (socket.destroyed) return;
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      socket.end();
      const timer = setTimeout(() => socket.destroy(), 1000);
      await closed;
      clearTimeout(timer);
    },
  };
}

function open({ host, port, ...options }: MllpClientOptions, timeMsMax: number): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = options.tls === undefined ? net.connect(port, host) : tls.connect({ host, port, ...options.tls });
    socket.setTimeout(timeMsMax, () => socket.destroy(new Error('the connection attempt timed out')));
    socket.once('error', reject);
    socket.once(options.tls === undefined ? 'connect' : 'secureConnect', () => {
      socket.setTimeout(0);
      socket.off('error', reject);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}

/** MSH-10 of what is sent, as it stands there. */
function sentControlId(message: Uint8Array | string): string {
  const text = typeof message === 'string' ? message : Buffer.from(message).toString('latin1');
  const line = text.split(/[\r\n]/, 1)[0] ?? '';
  return line.split(line.charAt(3))[9] ?? '';
}

/** MSA-2 of what came. */
function answeredControlId(acknowledgment: string): string {
  const line = acknowledgment.split(/[\r\n]/).find((segment) => segment.startsWith('MSA')) ?? '';
  return line.split(line.charAt(3))[2] ?? '';
}
