// An MLLP server on a free port and rude peers for it: sockets that write what they are told and collect every byte
// that comes back.

import net from 'node:net';
import { silentLog } from '../../src/base/log.ts';
import { createDeframer } from '../../src/hl7/frame.ts';
import { createMllpServer, type MllpLimits, type MllpListener, type MllpServerOptions } from '../../src/mllp/server.ts';

export const generousLimits: MllpLimits = {
  bytesMax: 1 << 24,
  frameTimeMsMax: 10_000,
  idleTimeMsMax: 0,
  connectionsMax: 100,
  connectionsPerAddressMax: 100,
  queuedMax: 8,
};

export interface MllpFixture {
  readonly port: number;
  readonly server: ReturnType<typeof createMllpServer>;
  /** What `receive` was given, as text, in order. */
  readonly received: string[];
  /** Names and labels that were counted: `problem noise`. */
  readonly counted: string[];
}

export interface MllpFixtureOptions {
  readonly limits?: Partial<MllpLimits>;
  readonly listener?: Partial<MllpListener>;
  /** Answers `ACK <text>` unless told otherwise. */
  readonly receive?: MllpServerOptions['receive'];
}

export async function startMllp(options: MllpFixtureOptions = {}): Promise<MllpFixture> {
  const received: string[] = [];
  const counted: string[] = [];
  const server = createMllpServer({
    listeners: [{ port: 0, host: '127.0.0.1', partner: 'general-hospital', ...options.listener }],
    limits: { ...generousLimits, ...options.limits },
    log: silentLog,
    count: (name, labels) => counted.push(labels.problem === undefined ? name : `${name} ${labels.problem}`),
    receive: async (input) => {
      received.push(Buffer.from(input.bytes).toString('utf8'));
      return options.receive === undefined ? [acknowledgmentOf(input.bytes)] : await options.receive(input);
    },
  });
  const { ports } = await server.listen();
  return { port: ports[0]!, server, received, counted };
}

export const acknowledgmentOf = (bytes: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from('ACK '), bytes.subarray(0, 100)]);

export interface Peer {
  readonly socket: net.Socket;
  /** Messages that came back, unframed. */
  readonly replies: string[];
  readonly isClosed: () => boolean;
  write(bytes: Uint8Array | string): void;
}

export function connectPeer(port: number, host = '127.0.0.1'): Promise<Peer> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, host);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(peerOn(socket));
    });
  });
}

export function peerOn(socket: net.Socket): Peer {
  const replies: string[] = [];
  let isClosed = false;
  const deframer = createDeframer({
    bytesMax: 1 << 24,
    onMessage: (bytes) => replies.push(Buffer.from(bytes).toString('utf8')),
    onProblem: () => {},
  });
  socket.setNoDelay(true);
  socket.on('data', (chunk: Uint8Array) => deframer.push(chunk));
  socket.on('error', () => {});
  socket.on('close', () => {
    isClosed = true;
  });
  return { socket, replies, isClosed: () => isClosed, write: (bytes) => socket.write(bytes) };
}
