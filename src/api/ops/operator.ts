// The addresses under /ops: JSON for operators, guarded by a token whose client is one, audited like every other look
// at patient data. A route says what it takes and gives; who asks, whose data and how a fault is told stand here.

import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type Router } from 'express';
import { asFault, Fault } from '../../base/fault.ts';
import { describeCause, type Log } from '../../base/log.ts';
import { type Parameters, parseParameters } from '../../fhir/search-parse.ts';
import { keepAudit } from '../../store/audit.ts';
import type { Database } from '../../store/pool.ts';
import type { Authenticate } from '../authenticate.ts';
import type { Caller } from '../caller.ts';
import type { ApiLimits } from '../dependencies.ts';
import { nameClient, nameRoute } from '../observe.ts';
import { readBody } from '../read-body.ts';
import { send, sendFault, sendJson } from '../respond.ts';
import { checkLine, checkTexts } from './text.ts';

export interface OperatorRequest {
  readonly caller: Caller;
  readonly database: Database;
  /** Parts of the path by the names of the pattern: `/messages/:id`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Parameters;
  /** Empty where the method has none. */
  readonly body: Buffer;
  readonly contentType: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What was looked at or changed, for the audit row that every answer leaves. */
export interface OperatorReply {
  readonly status?: number;
  /** JSON, or a text with its content type. */
  readonly json?: unknown;
  readonly text?: { readonly body: string | Uint8Array; readonly contentType: string };
  readonly patients?: readonly string[];
  readonly resources?: readonly string[];
  /** Set when the route has kept its audit row itself, with what it changed. */
  readonly isAudited?: boolean;
}

export interface OperatorRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below /ops, as Express writes patterns: `/messages/:id`. */
  readonly path: string;
  /** In logs, metrics and audit rows: `ops message`. Never data. */
  readonly name: string;
  /** FHIR audit-event-action: C, R, U, D, E. Reading by default. */
  readonly action?: 'C' | 'R' | 'U' | 'D' | 'E';
  /** The body is a file, which may be larger than other bodies. */
  readonly takesFile?: boolean;
  readonly serve: (request: OperatorRequest) => Promise<OperatorReply>;
}

interface Given {
  readonly authenticate: Authenticate;
  readonly databaseOf: (organisation: string) => Database;
  readonly limits: ApiLimits;
  readonly now: () => number;
  readonly log: Log;
}

const methodsOf = (routes: readonly OperatorRoute[], path: string): string =>
  routes
    .filter((route) => route.path === path)
    .map((route) => route.method)
    .join(', ');

export function createOperatorRoutes(given: Given, routes: readonly OperatorRoute[]): Router {
  const router = express.Router({ caseSensitive: true });
  for (const route of routes)
    router[route.method.toLowerCase() as 'get'](route.path, (req, res) => answer(given, route, req, res));
  for (const path of new Set(routes.map((route) => route.path)))
    router.all(path, (req, res) => {
      nameRoute(res, 'ops');
      sendFault(req, res, new Fault('http.method-not-allowed'), { Allow: methodsOf(routes, path) });
    });
  return router;
}

async function answer(
  given: Given,
  route: OperatorRoute,
  req: IncomingMessage & { readonly params: unknown },
  res: ServerResponse,
): Promise<void> {
  nameRoute(res, route.name);
  let caller: Caller | undefined;
  try {
    caller = await given.authenticate(req.headers.authorization);
    nameClient(res, caller.client);
    if (!caller.isOperator) throw new Fault('auth.operator-only');
    const params = req.params as Readonly<Record<string, string>>;
    for (const [name, value] of Object.entries(params)) checkLine(value, name);
    const hasBody = route.method === 'POST' || route.method === 'PUT';
    const url = req.url ?? '';
    const at = url.indexOf('?');
    const reply = await route.serve({
      caller,
      database: given.databaseOf(caller.organisation),
      params,
      query: at < 0 ? [] : parseParameters(url.slice(at + 1)),
      body: hasBody ? await readBody(req, bytesMaxOf(route, given.limits), given.limits) : Buffer.alloc(0),
      contentType: req.headers['content-type'] ?? '',
      now: given.now(),
    });
    if (reply.isAudited !== true) await audit(given, route, caller, 0, reply);
    if (reply.text !== undefined)
      send(req, res, reply.status ?? 200, reply.text.body, { 'Content-Type': reply.text.contentType });
    else sendJson(req, res, reply.status ?? 200, reply.json ?? {});
  } catch (thrown) {
    const fault = asFault(thrown);
    if (fault.kind === 'defect') given.log.error('operator request failed', { cause: describeCause(fault) });
    if (caller && fault.kind === 'forbidden') await audit(given, route, caller, 8, {}).catch(() => undefined);
    // Details of these faults name parameters and places, never data (base/fault.ts).
    sendFault(req, res, fault, {}, fault.kind === 'invalid' || fault.kind === 'conflict' ? fault.detail : undefined);
  }
}

const bytesMaxOf = ({ takesFile }: OperatorRoute, limits: ApiLimits): number =>
  takesFile === true ? limits.batchBytesMax : limits.messageBytesMax;

const audit = (
  given: Given,
  route: OperatorRoute,
  caller: Caller,
  outcome: 0 | 8,
  { patients = [], resources = [] }: OperatorReply,
): Promise<void> =>
  keepAudit(
    given.databaseOf(caller.organisation),
    caller.organisation,
    [{ actor: caller.actor, action: route.action ?? 'R', interaction: route.name, outcome, patients, resources }],
    given.now(),
  );

/** The body as JSON, its texts such as a database takes. Throws `ops.request-invalid`. */
export function jsonOf(request: OperatorRequest): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(request.body));
  } catch {
    // What is not JSON is told below.
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Fault('ops.request-invalid', { detail: 'send a JSON object in UTF-8' });
  const body = value as Readonly<Record<string, unknown>>;
  checkTexts(body);
  return body;
}

/**
 * The parameters, each at most once and of one line. Throws `ops.request-invalid` naming the first that is unknown, and
 * those known.
 */
export function parametersOf<Name extends string>(
  query: Parameters,
  known: readonly Name[],
): { readonly [Key in Name]?: string } {
  const found: { [Key in Name]?: string } = {};
  for (const [name, value] of query) {
    if (!known.includes(name as Name) || found[name as Name] !== undefined)
      throw new Fault('ops.request-invalid', { detail: `known parameters, each once: ${known.join(', ')}` });
    checkLine(value, name);
    if (value !== '') found[name as Name] = value;
  }
  return found;
}
