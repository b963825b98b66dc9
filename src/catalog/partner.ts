// What the catalogue knows of one partner: a system that sends to us or takes from us (profiles/partners/*.yaml).

import type { Heartbeat } from '../domain/silence/heartbeat.ts';
import type { AcknowledgmentPolicy } from '../hl7/acknowledgments.ts';
import type { Dialect, EventEffect } from '../translate/from-hl7/dialect.ts';

/** A system that sends HL7 v2 messages. Its connection says who it is: its port, its certificate, or its token. */
export interface FeedPartner {
  readonly kind: 'feed';
  readonly id: string;
  readonly organisation: string;
  readonly name: string;
  /** Absent: the MLLP port of the settings. */
  readonly port?: number;
  /** Client ids whose tokens may post messages at /hl7. */
  readonly http?: { readonly clients: readonly string[] };
  readonly tls?: FeedTls;
  /** Namespaces allowed in MSH-3 and MSH-4. Absent: any. */
  readonly applications?: readonly string[];
  readonly facilities?: readonly string[];
  /** Taken in MSH-11 (table 0103). */
  readonly processingIds: readonly string[];
  /** Whose patients are coordinated: everyone the feed tells of, or those on the panel. */
  readonly panel: 'all' | 'roster';
  /** What a newcomer waits for who has the name and birth date of another of the same authority; absent: `apply`. */
  readonly namesakes?: 'apply' | 'wait';
  readonly dialect: Dialect;
  /** Absent: as the standard has it. */
  readonly acknowledge?: AcknowledgmentPolicy;
  readonly overrides?: FeedOverrides;
  /** Whether files of messages are taken over HTTP; absent: they are. MLLP takes single messages only. */
  readonly batch?: boolean;
  readonly folder?: DropFolder;
  readonly heartbeat?: Heartbeat;
}

/** What a partner says otherwise than the site's mappings: laid over them, entry by entry. */
export interface FeedOverrides {
  /** By fact; the list replaces the site's. */
  readonly fields?: Readonly<Record<string, readonly string[]>>;
  /** By trigger event, Z events too. */
  readonly events?: Readonly<Record<string, EventEffect>>;
  /** By table, then by code. */
  readonly codes?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Where files of messages are dropped (an SFTP account's folder). */
export interface DropFolder {
  /** Below DROP_DIR. */
  readonly path: string;
  /** A name with `*` for any characters. */
  readonly pattern: string;
  /** A file is taken when it has not changed for so long. */
  readonly settleSeconds: number;
}

export interface FeedTls {
  /** Paths of PEM files. */
  readonly keyFile: string;
  readonly certFile: string;
  readonly caFile?: string;
  readonly clientCertificate: 'required' | 'optional';
  /** Common names of which a client certificate must bear one. */
  readonly names?: readonly string[];
}

/** A system that reads and writes over FHIR with tokens of its own (SMART Backend Services). */
export interface ClientPartner {
  readonly kind: 'client';
  readonly id: string;
  readonly organisation: string;
  readonly clientId: string;
  readonly name: string;
  /** The most it may be granted. */
  readonly scopes: readonly string[];
  /** May use the addresses under /ops: fates of messages, reviews, panel, partners. */
  readonly isOperator: boolean;
  readonly keys: Keys;
}

/** The public keys of a client: the local pair made in DATA_DIR, a key set written in the file, or one at an address. */
export type Keys =
  | 'local'
  | { readonly jwks: { readonly keys: readonly Readonly<Record<string, unknown>>[] } }
  | { readonly jwksUrl: string };
