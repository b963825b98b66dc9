// The MLLP listeners, one per port: plain TCP or TLS with client certificates. The port or certificate says which
// partner speaks; nothing in a message does. Limits hold over all listeners together.

import { constants } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';
import { describeCause, type Log } from '../base/log.ts';
import { type ConnectionLimits, type ConnectionProblem, MllpConnection, type Receive } from './connection.ts';
import { createSlots, type Slot, type SlotLimits } from './slots.ts';

export interface MllpListener {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  readonly partner: string;
  /** Where several partners share the port: which one, by the common name of its client certificate. */
  readonly partnerOf?: ReadonlyMap<string, string>;
  readonly tls?: {
    readonly key: string | Uint8Array;
    readonly cert: string | Uint8Array;
    readonly ca?: string | Uint8Array;
    readonly requireClientCertificate?: boolean;
  };
}

export type MllpLimits = ConnectionLimits & SlotLimits;

export interface MllpServerOptions {
  readonly listeners: readonly MllpListener[];
  readonly receive: Receive;
  readonly limits: MllpLimits;
  readonly log: Pick<Log, 'info' | 'warn'>;
  readonly count?: (name: 'connection' | 'refused' | 'problem', labels: Readonly<Record<string, string>>) => void;
}

export interface MllpServer {
  /** The ports in the order of the listeners. Rejects when one cannot be had, and then holds none. */
  listen(): Promise<{ ports: number[] }>;
  /** Accepts no more, lets what is in progress be received and acknowledged, then closes all connections. */
  stop(graceMs: number): Promise<void>;
  readonly connectionCount: number;
}

/** A handshake that takes longer is a peer that does not speak TLS. */
const handshakeTimeMsMax = 10_000;

/** Senders write a message in one go: a frame that is still open after this may be closed when others need the place. */
const stuckMs = 2_000;

export function createMllpServer(options: MllpServerOptions): MllpServer {
  const { listeners, receive, limits, log } = options;
  const slots = createSlots(limits);
  const connections = new Set<MllpConnection>();
  /** All TCP sockets with the place each took; a TLS socket finds its own here. */
  const peers = new Map<string, { readonly slot: Slot; readonly socket: net.Socket }>();
  const servers = listeners.map(createServer);
  let isStopping = false;

  function createServer(listener: MllpListener): net.Server {
    const server =
      listener.tls === undefined
        ? net.createServer({ allowHalfOpen: true })
        : tls.createServer({
            allowHalfOpen: true,
            handshakeTimeout: handshakeTimeMsMax,
            ...secureOptions(listener.tls),
          });
    server.on('connection', (socket: net.Socket) => accept(socket, listener));
    server.on('secureConnection', (socket: tls.TLSSocket) => {
      const peer = peers.get(peerOf(socket));
      if (peer === undefined || isStopping) socket.destroy();
      else serve(socket, listener, peer.slot);
    });
    server.on('tlsClientError', (_error: Error, socket: net.Socket) => {
      report('handshake', listener.partner, socket.remoteAddress);
      socket.destroy();
    });
    return server;
  }

  function accept(socket: net.Socket, listener: MllpListener): void {
    const address = socket.remoteAddress;
    if (isStopping || address === undefined) return void socket.destroy();
    const slot: Slot = {
      address,
      hasBroughtMessage: false,
      isStuck: () => false,
      evict: () => evict(socket, listener.partner),
    };
    if (!slots.take(slot)) {
      options.count?.('refused', { partner: listener.partner });
      log.warn('connection refused: too many', { partner: listener.partner, remote: address });
      socket.destroy();
      return;
    }
    const peer = peerOf(socket);
    peers.set(peer, { slot, socket });
    socket.on('error', () => {}); // 'close' follows
    socket.on('close', () => {
      slots.free(slot);
      if (peers.get(peer)?.slot === slot) peers.delete(peer);
    });
    options.count?.('connection', { partner: listener.partner });
    if (listener.tls === undefined) serve(socket, listener, slot);
  }

  function serve(socket: net.Socket, listener: MllpListener, slot: Slot): void {
    const clientName = clientNameOf(socket);
    const partner = listener.partnerOf === undefined ? listener.partner : listener.partnerOf.get(clientName ?? '');
    if (partner === undefined) {
      report('unknown-certificate', listener.partner, slot.address);
      socket.destroy();
      return;
    }
    const connection = new MllpConnection(socket, {
      origin: { partner, remote: slot.address, ...(clientName !== undefined && { clientName }) },
      receive,
      limits,
      onMessage: () => {
        slot.hasBroughtMessage = true;
      },
      onProblem: (problem, thrown) => report(problem, partner, slot.address, thrown),
    });
    slot.isStuck = () => performance.now() - (connection.unfinishedSince ?? Infinity) > stuckMs;
    connections.add(connection);
    socket.on('close', () => connections.delete(connection));
  }

  function evict(socket: net.Socket, partner: string): void {
    report('evicted', partner, socket.remoteAddress);
    socket.destroy();
  }

  function report(
    problem: ConnectionProblem | 'handshake' | 'evicted' | 'unknown-certificate',
    partner: string,
    remote: string | undefined,
    thrown?: unknown,
  ): void {
    options.count?.('problem', { partner, problem });
    const cause = thrown === undefined ? undefined : describeCause(thrown);
    log.warn('connection problem', { partner, remote, kind: problem, cause });
  }

  async function listen(): Promise<{ ports: number[] }> {
    try {
      const ports: number[] = [];
      for (const [index, server] of servers.entries()) ports.push(await listenOn(server, listeners[index]!, log));
      for (const [index, port] of ports.entries()) log.info('listening', { partner: listeners[index]!.partner, port });
      return { ports };
    } catch (thrown) {
      await stop(0);
      throw thrown;
    }
  }

  async function stop(graceMs: number): Promise<void> {
    isStopping = true;
    const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    const finished = Promise.all([...connections].map((connection) => connection.finish()));
    await within(graceMs, finished);
    for (const connection of connections) connection.destroy();
    for (const { socket } of peers.values()) socket.destroy();
    await Promise.all(closed);
  }

  return {
    listen,
    stop,
    get connectionCount() {
      return slots.count;
    },
  };
}

function secureOptions(settings: NonNullable<MllpListener['tls']>): tls.TlsOptions {
  const { key, cert, ca, requireClientCertificate = false } = settings;
  return {
    key: Buffer.from(key),
    cert: Buffer.from(cert),
    ...(ca !== undefined && { ca: Buffer.from(ca) }),
    minVersion: 'TLSv1.2',
    // A new handshake costs the server far more than the client, and could bring another certificate.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    requestCert: requireClientCertificate || ca !== undefined,
    rejectUnauthorized: requireClientCertificate,
  };
}

/** Only a certificate that was verified names anyone. */
function clientNameOf(socket: net.Socket): string | undefined {
  if (!(socket instanceof tls.TLSSocket) || !socket.authorized) return undefined;
  const name: unknown = socket.getPeerCertificate().subject?.CN;
  return typeof name === 'string' ? name : undefined;
}

const peerOf = (socket: net.Socket): string =>
  `${socket.remoteAddress} ${socket.remotePort} ${socket.localAddress} ${socket.localPort}`;

function listenOn(server: net.Server, { port, host }: MllpListener, log: Pick<Log, 'warn'>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      // A failed accept (no descriptors left) must not end the process.
      server.on('error', (error) => log.warn('listener failed', { port, cause: describeCause(error) }));
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Waits for the work, but no longer than this. */
async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
