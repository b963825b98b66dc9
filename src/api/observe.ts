// What every request leaves behind: an id in the answer, one log line and one measurement. The line names the route's
// pattern, never the path or the query, since both may hold what identifies a patient.

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../base/log.ts';
import type { ApiMetrics } from './dependencies.ts';

interface Observed {
  route: string;
  client: string | undefined;
  readonly request: string;
}

const observed = new WeakMap<ServerResponse, Observed>();

/** Says which route answers: `GET /fhir/R4/Task/:id` is `read Task`. */
export function nameRoute(res: ServerResponse, route: string): void {
  const found = observed.get(res);
  if (found !== undefined) found.route = route;
}

export function nameClient(res: ServerResponse, client: string): void {
  const found = observed.get(res);
  if (found !== undefined) found.client = client;
}

export const requestIdOf = (res: ServerResponse): string => observed.get(res)?.request ?? '';

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export function createObserve(log: Log, metrics: ApiMetrics) {
  return (req: IncomingMessage, res: ServerResponse): void => {
    const started = performance.now();
    const entry: Observed = { route: 'other', client: undefined, request: randomUUID() };
    observed.set(res, entry);
    res.once('close', () => {
      const seconds = (performance.now() - started) / 1000;
      const method = methods.has(req.method ?? '') ? (req.method ?? '') : 'other';
      // A connection that broke before the answer was complete counts as 499, as reverse proxies write it.
      const status = res.writableFinished ? res.statusCode : 499;
      metrics.request({ method, route: entry.route, status, seconds });
      const ms = Math.round(seconds * 10_000) / 10;
      const { route, request, client } = entry;
      log.info('request', { method, route, status, ms, request, ...(client === undefined ? {} : { client }) });
    });
  };
}
