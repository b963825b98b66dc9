// The HTTP server around the listener, with limits on what a slow, rude or hostile peer may hold (RFC 9112; faults of
// the parser are answered here, since no request exists yet).

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface HttpServerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly listener: (req: IncomingMessage, res: ServerResponse) => void;
  readonly connectionsMax?: number;
}

export interface HttpServer {
  readonly port: number;
  readonly server: Server;
  /** Takes no more, lets requests under way finish for so long, then closes what is left. */
  stop(graceMs: number): Promise<void>;
}

const headerBytesMax = 65_536;
const headersMsMax = 10_000;
/** A file may take a while; every route limits the time of its body itself, to less than this (body-time.ts). */
const requestMsMax = 900_000;
const keepAliveMs = 65_000;

const statusOf: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = statusOf[error.code ?? ''] ?? '400 Bad Request';
  const body = JSON.stringify({
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'structure', diagnostics: 'This is not an HTTP request that is taken here.' }],
  });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/fhir+json; charset=utf-8\r\nContent-Length: ${body.length}\r\nConnection: close\r\nCache-Control: no-store\r\n\r\n${body}`,
  );
}

export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const server = createServer(
    {
      maxHeaderSize: headerBytesMax,
      headersTimeout: headersMsMax,
      requestTimeout: requestMsMax,
      keepAliveTimeout: keepAliveMs,
      connectionsCheckingInterval: 5_000,
      insecureHTTPParser: false,
      noDelay: true,
    },
    options.listener,
  );
  server.maxConnections = options.connectionsMax ?? 2_000;
  server.maxHeadersCount = 100;
  server.on('clientError', refuse);
  // A peer that waits for "100 Continue" gets the answer of the route at once; nothing is taken unseen.
  server.on('checkContinue', (req, res) => {
    res.writeContinue();
    options.listener(req, res);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    server,
    port: (server.address() as AddressInfo).port,
    stop(graceMs) {
      return new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      });
    },
  };
}
