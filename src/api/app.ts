// The HTTP edge put together: every address of the service, the fast path of reads, and what guards them all.
// Express answers what is rare; helmet sets the headers of the pages.

import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { Fault } from '../base/fault.ts';
import { describeCause } from '../base/log.ts';
import { resolveLocal } from '../base/time.ts';
import { statusOf } from '../fhir/outcome.ts';
import type { WallClock } from '../fhir/search-date.ts';
import { createReader, type ReadResource } from '../flow/read-resource.ts';
import type { Database } from '../store/pool.ts';
import { createAuthenticate } from './authenticate.ts';
import { type ApiDependencies, type ApiLimits, apiClients, apiLimits } from './dependencies.ts';
import type { FhirEdge } from './fhir/edge.ts';
import { createFastRead } from './fhir/fast-read.ts';
import { createDiscovery } from './fhir/metadata.ts';
import { createFeedWrites } from './fhir/receive.ts';
import { fhirRoutes } from './fhir/routes.ts';
import { createMessagePost } from './hl7/receive.ts';
import { createTokenEndpoint } from './oauth/token.ts';
import { createObserve, nameRoute } from './observe.ts';
import { createHealth } from './ops/health.ts';
import { createOperatorRoutes } from './ops/operator.ts';
import { createOverview } from './ops/overview.ts';
import { operatorRoutes } from './ops/routes.ts';
import { sendFault, sendOutcome } from './respond.ts';

export interface Api {
  /** For `http.createServer`. */
  readonly listener: (req: IncomingMessage, res: ServerResponse) => void;
  /** Requests under way. */
  readonly underWay: () => number;
}

const clockOf =
  (zone: string): WallClock =>
  (localMs) => {
    const at = new Date(localMs);
    const local = {
      year: at.getUTCFullYear(),
      month: at.getUTCMonth() + 1,
      day: at.getUTCDate(),
      hour: at.getUTCHours(),
      minute: at.getUTCMinutes(),
      second: at.getUTCSeconds(),
      millis: at.getUTCMilliseconds(),
    };
    return resolveLocal(local, zone).at;
  };

function onceEach<Value>(make: (key: string) => Value): (key: string) => Value {
  const made = new Map<string, Value>();
  return (key) => {
    let value = made.get(key);
    if (value === undefined) made.set(key, (value = make(key)));
    return value;
  };
}

function fhirEdge(given: ApiDependencies, limits: ApiLimits, base: string): FhirEdge {
  const databaseOf = (organisation: string): Database => {
    const database = given.databases(organisation);
    if (database === undefined) throw new Fault('auth.token-invalid');
    return database;
  };
  return {
    base,
    limits,
    databaseOf,
    authenticate: createAuthenticate({
      issuer: given.publicUrl,
      audience: base,
      issuerKey: given.issuerKey,
      clients: apiClients(given.clients, given.localClientJwk),
      now: given.now,
    }),
    readerOf: onceEach<ReadResource>((organisation) => createReader(databaseOf(organisation), given.now)),
    clockOf: onceEach((organisation) =>
      clockOf(given.practices.find(({ id }) => id === organisation)?.timeZone ?? 'UTC'),
    ),
    now: given.now,
    newId: given.newId,
    log: given.log,
  };
}

function createApp(given: ApiDependencies, edge: FhirEdge, fast: ReturnType<typeof createFastRead>): express.Express {
  const tokenUrl = `${given.publicUrl}/oauth/token`;
  const common = { ...given, limits: edge.limits, authenticate: edge.authenticate };
  const health = createHealth(given);
  const overview = createOverview(common);
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false).enable('case sensitive routing');
  const discovery = createDiscovery(edge, { ...given, tokenUrl, issuer: given.publicUrl });
  app.use('/fhir/R4', fhirRoutes(edge, discovery, fast, createFeedWrites(edge, given)));
  app.all(
    '/oauth/token',
    createTokenEndpoint({
      ...common,
      tokenUrl,
      issuer: given.publicUrl,
      audience: edge.base,
      clients: apiClients(given.clients, given.localClientJwk),
      databaseOf: edge.databaseOf,
    }),
  );
  app.all('/hl7', createMessagePost(common));
  app.use('/ops', createOperatorRoutes({ ...common, databaseOf: edge.databaseOf }, operatorRoutes(given)));
  app.get('/healthz', health.live);
  app.get('/readyz', health.ready);
  app.get('/metrics', health.figures);
  // The page's own Content-Security-Policy is stricter than helmet's; plain http on loopback must stay plain.
  app.use(
    '/app',
    helmet({ contentSecurityPolicy: false, strictTransportSecurity: given.publicUrl.startsWith('https:') }),
  );
  app.all('/app/link', overview.link);
  app.all(['/app', '/app/'], overview.page);
  app.use((req: Request, res: Response) => {
    nameRoute(res, 'unknown');
    sendFault(req, res, new Fault('http.unknown-address'));
  });
  app.use((error: unknown, req: Request, res: Response, _next: NextFunction) => {
    // Express's own faults (a path that cannot be decoded) carry a status; anything else is ours.
    const status = (error as { status?: unknown }).status;
    const fault = status === 400 ? new Fault('http.unknown-address') : new Fault('defect.unexpected', { cause: error });
    if (statusOf(fault) === 500) given.log.error('request failed', { cause: describeCause(error) });
    sendFault(req, res, fault);
  });
  return app;
}

export function createApi(given: ApiDependencies): Api {
  const limits: ApiLimits = { ...apiLimits, ...given.limits };
  const edge = fhirEdge(given, limits, `${given.publicUrl}/fhir/R4`);
  const fast = createFastRead(edge);
  const app = createApp(given, edge, fast);
  const observe = createObserve(given.log, given.metrics);
  let underWay = 0;

  function refuse(req: IncomingMessage, res: ServerResponse, fault: Fault): void {
    const tell = req.url?.startsWith('/fhir/') === true ? sendOutcome : sendFault;
    tell(req, res, fault, { Connection: 'close' });
  }

  return {
    underWay: () => underWay,
    listener(req, res) {
      underWay += 1;
      res.once('close', () => (underWay -= 1));
      observe(req, res);
      if (underWay > limits.requestsMax) refuse(req, res, new Fault('service.busy'));
      else if ((req.url?.length ?? 0) > limits.urlLengthMax)
        refuse(req, res, new Fault('http.body-too-large', { detail: 'the address is too long' }));
      else if (!fast.take(req, res)) app(req, res);
    },
  };
}
