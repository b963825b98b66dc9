// How one feed speaks: what the reader of its messages must know beyond the standard (profiles/partners/*.yaml).

import type { EncounterEventKind } from '../../domain/encounter/event.ts';
import type { OtherMappings } from './other-fact.ts';

export interface Authority {
  /** URI under which identifiers of this authority are matched and published. */
  readonly uri: string;
  readonly name: string;
}

export interface Dialect {
  readonly partner: string;
  /** IANA zone of times that carry no offset and whose MSH-7 carries none. */
  readonly timeZone: string;
  /** Zones of single facilities, by MSH-4 namespace. */
  readonly facilityZones: Readonly<Record<string, string>>;
  /** Character set where MSH-18 is empty; absent: UTF-8, else windows-1252. */
  readonly charset?: string;
  /** For identifiers without an assigning authority. */
  readonly defaultAuthority: Authority;
  /** Known authorities by namespace id or universal id (CX-4). Unknown ones get a URI made from the partner and their name. */
  readonly authorities: Readonly<Record<string, Authority>>;
  /** For visit numbers without an authority; default: the default authority's URI with `/visit`. */
  readonly visitAuthority: Authority;
}

/** What is said of whom an identifier, an account or a visit belongs to; read in merge.ts and decided with identity. */
export const identityEffects = [
  'merge',
  'merge-account',
  'merge-visit',
  'move-identifiers',
  'move-account',
  'move-visit',
  'rename-identifiers',
  'rename-account',
  'rename-visit',
  'link',
  'unlink',
] as const;
export type IdentityEffect = (typeof identityEffects)[number];

/**
 * What happens to each trigger event: an encounter event, two of them (`swap`), demographics, the end of a person's
 * record (`person-deleted`), a word on identity, or nothing, with the reason.
 */
export type EventEffect =
  | { readonly effect: 'encounter'; readonly kind: EncounterEventKind }
  | { readonly effect: 'swap' }
  | { readonly effect: 'person' }
  | { readonly effect: 'person-deleted' }
  | { readonly effect: IdentityEffect }
  | { readonly effect: 'ignored'; readonly reason: string };

/** `mappings/hl7v2/adt.yaml`: effects per trigger event and, per fact, the fields it comes from; first non-empty wins. */
export interface AdtMapping {
  readonly events: Readonly<Record<string, EventEffect>>;
  /** Field paths such as `PV1-19` or `PID-18.1`, by fact name. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
}

/** A code table (`mappings/codes/*.csv`): from → to; `default` row is the empty `from`. */
export interface CodeTable {
  readonly name: string;
  readonly rows: Readonly<Record<string, { readonly to: string; readonly note: string }>>;
}

export interface FeedLanguage {
  readonly dialect: Dialect;
  readonly mapping: AdtMapping;
  readonly others: OtherMappings;
  readonly tables: Readonly<Record<string, CodeTable>>;
}
