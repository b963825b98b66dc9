// The MLLP listeners that the partner files ask for.

import { readFileSync } from 'node:fs';
import type { FeedPartner } from '../catalog/partner.ts';
import type { Config } from '../config.ts';
import type { MllpLimits, MllpListener } from '../mllp/server.ts';

export function listenersOf(feeds: readonly FeedPartner[], config: Pick<Config, 'host' | 'mllpPort'>): MllpListener[] {
  return feeds.map((feed) => ({
    host: config.host,
    port: feed.port ?? config.mllpPort,
    partner: feed.id,
    ...(feed.tls && {
      tls: {
        key: readFileSync(feed.tls.keyFile),
        cert: readFileSync(feed.tls.certFile),
        ...(feed.tls.caFile !== undefined && { ca: readFileSync(feed.tls.caFile) }),
        requireClientCertificate: feed.tls.clientCertificate === 'required',
      },
    }),
  }));
}

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
