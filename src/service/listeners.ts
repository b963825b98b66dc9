// The MLLP listeners that the partner files ask for: one for each port. Feeds that share a port are told apart by the
// names of their client certificates; the catalogue has checked that these differ.

import { readFileSync } from 'node:fs';
import type { FeedPartner } from '../catalog/partner.ts';
import type { Config } from '../config.ts';
import type { MllpLimits, MllpListener } from '../mllp/server.ts';

export function listenersOf(feeds: readonly FeedPartner[], config: Pick<Config, 'host' | 'mllpPort'>): MllpListener[] {
  const ports = [...new Set(feeds.map((feed) => feed.port ?? config.mllpPort))];
  return ports.flatMap((port) =>
    listenerOf(
      port,
      feeds.filter((feed) => (feed.port ?? config.mllpPort) === port),
      config,
    ),
  );
}

function listenerOf(port: number, feeds: readonly FeedPartner[], { host }: Pick<Config, 'host'>): MllpListener[] {
  const [feed] = feeds;
  if (feed === undefined) return [];
  const names = feeds.flatMap(({ id, tls }) => (tls?.names ?? []).map((name) => [name, id] as const));
  const listener: MllpListener = {
    host,
    port,
    partner: feeds.map(({ id }) => id).join('+'),
    ...(feeds.length > 1 && { partnerOf: new Map(names) }),
    ...(feed.tls && {
      tls: {
        key: readFileSync(feed.tls.keyFile),
        cert: readFileSync(feed.tls.certFile),
        ...(feed.tls.caFile !== undefined && { ca: readFileSync(feed.tls.caFile) }),
        requireClientCertificate: feed.tls.clientCertificate === 'required',
      },
    }),
  };
  return [listener];
}

/** The port of each partner, by its id. */
export const portsByPartner = (
  feeds: readonly FeedPartner[],
  listeners: readonly MllpListener[],
  ports: readonly number[],
  config: Pick<Config, 'mllpPort'>,
): Record<string, number> =>
  Object.fromEntries(
    feeds.map((feed) => {
      const asked = feed.port ?? config.mllpPort;
      return [feed.id, ports[listeners.findIndex(({ port }) => port === asked)] ?? asked];
    }),
  );

type Limits = Pick<
  Config,
  'frameBytesMax' | 'frameSecondsMax' | 'idleSecondsMax' | 'mllpConnectionsMax' | 'mllpConnectionsPerAddressMax'
>;

export const mllpLimitsOf = (config: Limits): MllpLimits => ({
  bytesMax: config.frameBytesMax,
  frameTimeMsMax: config.frameSecondsMax * 1_000,
  idleTimeMsMax: config.idleSecondsMax * 1_000,
  queuedMax: 32,
  connectionsMax: config.mllpConnectionsMax,
  connectionsPerAddressMax: config.mllpConnectionsPerAddressMax,
});
