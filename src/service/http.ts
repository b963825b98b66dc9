// The HTTP edge on its port, with what it needs of the rest.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JWK } from 'jose';
import { createApi } from '../api/app.ts';
import { appLink } from '../api/ops/app-session.ts';
import { startHttpServer } from '../api/server.ts';
import { Fault } from '../base/fault.ts';
import type { Instant } from '../base/instant.ts';
import type { Log } from '../base/log.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config.ts';
import { decideMatch } from '../flow/decide-review.ts';
import type { Received, Reply } from '../flow/receive-message.ts';
import type { PostedResource, ResourceKept } from '../flow/receive-resource.ts';
import { inboxFigures } from '../store/inbox.ts';
import type { ServiceKeys } from './keys.ts';
import { asListenFault } from './listen-fault.ts';
import type { Metrics } from './metrics.ts';
import { newId } from './new-id.ts';
import type { Site } from './organisations.ts';
import { version } from './package-root.ts';

export interface HttpParts {
  readonly config: Config;
  readonly catalog: Catalog;
  readonly sites: ReadonlyMap<string, Site>;
  readonly keys: ServiceKeys;
  readonly metrics: Metrics;
  readonly receive: (message: Received) => Promise<Reply>;
  readonly receiveResource: (posted: PostedResource) => Promise<ResourceKept>;
  readonly log: Log;
  readonly now: () => Instant;
}

export interface Http {
  readonly url: string;
  overviewLink(organisation: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startHttp({
  config,
  catalog,
  sites,
  keys,
  metrics,
  receive,
  receiveResource,
  log,
  now,
}: HttpParts): Promise<Http> {
  let listener: (req: IncomingMessage, res: ServerResponse) => void = (_req, res) => res.writeHead(503).end();
  const server = await startHttpServer({
    host: config.host,
    port: config.httpPort,
    listener: (req, res) => listener(req, res),
  }).catch((thrown: unknown) => {
    throw asListenFault(thrown, () => 'HTTP_PORT');
  });
  const publicUrl =
    config.publicUrl ?? `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${server.port}`;
  const api = createApi({
    publicUrl,
    canonicalBase: config.canonicalBase,
    version: version(),
    databases: (organisation) => sites.get(organisation)?.reads,
    practices: [...catalog.organisations.values()],
    clients: catalog.clients,
    feeds: catalog.feeds,
    localClientJwk: publicPart(keys.localClient),
    issuerKey: keys.issuer,
    receive,
    receiveResource,
    decideMatch(organisation, decision) {
      const site = sites.get(organisation);
      if (site === undefined) throw new Fault('auth.token-invalid');
      return decideMatch(site.organisation, decision);
    },
    readiness: Object.fromEntries(
      [...sites].map(([id, site]) => [`database ${id}`, () => inboxFigures(site.reads).then(() => true)]),
    ),
    metrics: {
      exposition: async () => ({ contentType: metrics.registry.contentType, text: await metrics.registry.metrics() }),
      request: ({ method, route, status, seconds }) =>
        metrics.request({ method, route, status: String(status) }, seconds),
    },
    log,
    limits: {
      messageBytesMax: config.bodyBytesMax,
      batchBytesMax: config.batchBytesMax,
      tokensPerMinute: config.tokenRequestsPerMinute,
    },
    now,
    newId,
  });
  listener = api.listener;
  return {
    url: publicUrl,
    overviewLink: (organisation) => appLink({ publicUrl, issuerKey: keys.issuer, now, newId }, organisation),
    stop: () => server.stop((config.stopSecondsMax * 1_000) / 2),
  };
}

function publicPart({ d: _private, ...jwk }: JWK): JWK {
  return jwk;
}
