// What the HTTP edge is given by main.ts, and its limits. The edge reads no setting and opens nothing by itself.

import type { JWK } from 'jose';
import type { NewId } from '../base/id.ts';
import type { Log } from '../base/log.ts';
import type { ClientPartner, FeedPartner } from '../catalog/partner.ts';
import type { Practice } from '../domain/practice.ts';
import type { Decided, ReviewDecision } from '../flow/decide-review.ts';
import type { Told } from '../flow/receive-message.ts';
import type { PostedResource, ResourceKept } from '../flow/receive-resource.ts';
import type { Database } from '../store/pool.ts';
import type { BodyTimes } from './body-time.ts';

/** A system that may fetch tokens (SMART Backend Services). */
export interface ApiClient {
  readonly organisation: string;
  readonly clientId: string;
  /** Scopes it may have: `system/*.rs`. */
  readonly scopes: readonly string[];
  /** May use the addresses under /ops. */
  readonly isOperator?: boolean;
  /** Its public keys, or where it publishes them. */
  readonly keys: { readonly jwks: readonly JWK[] } | { readonly jwksUrl: string };
}

/** The clients of the partner files, each with its keys; `local` ones get the local pair's public part. */
export const apiClients = (partners: readonly ClientPartner[], local: JWK | undefined): ApiClient[] =>
  partners.map(({ organisation, clientId, scopes, isOperator, keys }) => {
    const common = { organisation, clientId, scopes, isOperator };
    if (keys === 'local') return { ...common, keys: { jwks: local === undefined ? [] : [local] } };
    return 'jwks' in keys ? { ...common, keys: { jwks: keys.jwks.keys as readonly JWK[] } } : { ...common, keys };
  });

export interface RequestFigures {
  readonly method: string;
  /** The pattern, never the path. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

export interface ApiMetrics {
  /** Prometheus text of everything that is counted. */
  exposition(): Promise<{ readonly contentType: string; readonly text: string }>;
  request(figures: RequestFigures): void;
}

export interface ApiLimits extends BodyTimes {
  readonly searchBytesMax: number;
  readonly tokenBytesMax: number;
  readonly messageBytesMax: number;
  /** A file of messages; it is read while it arrives. */
  readonly batchBytesMax: number;
  readonly urlLengthMax: number;
  readonly requestsMax: number;
  /** Token requests of one address in a minute. */
  readonly tokensPerMinute: number;
}

export const apiLimits: ApiLimits = {
  searchBytesMax: 32_768,
  tokenBytesMax: 16_384,
  messageBytesMax: 10_485_760,
  batchBytesMax: 134_217_728,
  urlLengthMax: 49_152,
  requestsMax: 1_000,
  tokensPerMinute: 120,
  bodyPauseMsMax: 20_000,
  bodyBytesPerSecondMin: 65_536,
  bodyMsMax: 870_000,
};

export interface ApiDependencies {
  /** Issuer and base of links, without a slash at the end. */
  readonly publicUrl: string;
  readonly canonicalBase: string;
  readonly version: string;
  readonly databases: (organisation: string) => Database | undefined;
  readonly practices: readonly Practice[];
  readonly clients: readonly ClientPartner[];
  readonly feeds: readonly FeedPartner[];
  /** Public part of the local client's key pair, with its `kid`. */
  readonly localClientJwk?: JWK | undefined;
  /** Private EC P-256 key with a `kid`; signs access tokens and sessions of the overview. */
  readonly issuerKey: JWK;
  /** The same function that MLLP hands its frames to. */
  readonly receive: (message: {
    readonly bytes: Uint8Array;
    /** The beginning of a message that is too large: refused, and only its header is kept. */
    readonly isOversize?: true | undefined;
    readonly partner: string;
    readonly isVouchedFor?: true;
    readonly told?: (told: Told) => void;
  }) => Promise<readonly Uint8Array[] | 'close'>;
  /** Keeps a FHIR message or Encounter of a feed in the same inbox. */
  readonly receiveResource: (posted: PostedResource) => Promise<ResourceKept>;
  /** Decides a match review of an organisation (flow/decide-review.ts). */
  readonly decideMatch: (organisation: string, decision: ReviewDecision) => Promise<Decided>;
  /** Named checks of readiness; each is given two seconds. */
  readonly readiness: Readonly<Record<string, () => Promise<boolean>>>;
  readonly metrics: ApiMetrics;
  readonly log: Log;
  readonly limits?: Partial<ApiLimits>;
  /** For saying when raw messages expire. */
  readonly rawRetentionDays?: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: NewId;
}
