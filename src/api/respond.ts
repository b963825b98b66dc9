// Answers: JSON with its length, and faults in the form that the address speaks (FHIR R4 http.html#Status-Codes;
// RFC 6750 section 3 for WWW-Authenticate).

import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Fault, FaultCode } from '../base/fault.ts';
import { fhirJson } from '../fhir/http-headers.ts';
import { outcomeOf, statusOf } from '../fhir/outcome.ts';
import { requestIdOf } from './observe.ts';

/** Every answer: never stored, never sniffed, never framed, and nothing in it may run. */
const always = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
} as const;

export function send(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  body: string | Uint8Array,
  headers: OutgoingHttpHeaders,
): void {
  if (res.headersSent) return;
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  res.writeHead(status, { ...always, 'X-Request-Id': requestIdOf(res), 'Content-Length': length, ...headers });
  res.end(req.method === 'HEAD' ? undefined : body);
}

export const sendFhir = (
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  body: string,
  headers: OutgoingHttpHeaders = {},
): void => send(req, res, status, body, { 'Content-Type': fhirJson, ...headers });

export const sendJson = (
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: OutgoingHttpHeaders = {},
): void =>
  send(req, res, status, JSON.stringify(body), { 'Content-Type': 'application/json; charset=utf-8', ...headers });

/** 304: the headers of the answer without its body. */
export function sendNotModified(res: ServerResponse, headers: OutgoingHttpHeaders): void {
  res.writeHead(304, { ...always, 'X-Request-Id': requestIdOf(res), ...headers });
  res.end();
}

function faultHeaders(fault: Fault): OutgoingHttpHeaders {
  switch (fault.kind) {
    case 'unauthenticated':
      return {
        'WWW-Authenticate':
          fault.code === 'auth.token-missing'
            ? 'Bearer realm="throughline"'
            : 'Bearer realm="throughline", error="invalid_token"',
      };
    case 'forbidden':
      return { 'WWW-Authenticate': 'Bearer realm="throughline", error="insufficient_scope"' };
    case 'busy':
    case 'unavailable':
      return { 'Retry-After': '5' };
    case 'invalid':
    case 'not-found':
    case 'gone':
    case 'conflict':
    case 'unsupported':
    case 'defect':
      return {};
  }
}

/** After these the rest of the body may still come, and nothing else can follow it. */
const leftUnread: ReadonlySet<string> = new Set<FaultCode>(['http.body-too-large', 'http.body-unfinished']);

/** A fault under the FHIR base: an OperationOutcome. */
export function sendOutcome(
  req: IncomingMessage,
  res: ServerResponse,
  fault: Fault,
  headers: OutgoingHttpHeaders = {},
): void {
  const closing = leftUnread.has(fault.code) ? { Connection: 'close' } : {};
  sendFhir(req, res, statusOf(fault), JSON.stringify(outcomeOf(fault)), {
    ...faultHeaders(fault),
    ...closing,
    ...headers,
  });
}

/** A fault elsewhere: plain JSON. */
export function sendFault(
  req: IncomingMessage,
  res: ServerResponse,
  fault: Fault,
  headers: OutgoingHttpHeaders = {},
  detail?: unknown,
): void {
  const closing = leftUnread.has(fault.code) ? { Connection: 'close' } : {};
  sendJson(
    req,
    res,
    statusOf(fault),
    { error: fault.code, message: fault.message, ...(detail === undefined ? {} : { detail }) },
    { ...faultHeaders(fault), ...closing, ...headers },
  );
}
