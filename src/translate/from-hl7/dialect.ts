// How one feed speaks: what the reader of its messages must know beyond the standard (profiles/partners/*.yaml).

import type { LocalDate } from '../../base/instant.ts';
import type { EncounterEventKind } from '../../domain/encounter/event.ts';
import type { Path } from './field-path.ts';
import type { OtherMappings } from './other-fact.ts';
import type { Trace } from './trace.ts';

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
  readonly facilityZones: Readonly<Record<string, FacilityZone>>;
  /** Character set where MSH-18 is empty; absent: UTF-8, else windows-1252. */
  readonly charset?: string;
  /** For identifiers without an assigning authority. */
  readonly defaultAuthority: Authority;
  /** The same for single facilities, by MSH-4 as `facilityZones` is; their visit numbers have its URI with `/visit`. */
  readonly facilityAuthorities?: Readonly<Record<string, Authority>>;
  /** Known authorities by namespace id or universal id (CX-4). Unknown ones get a URI made from the partner and their name. */
  readonly authorities: Readonly<Record<string, Authority>>;
  /** For visit numbers without an authority; default: the default authority's URI with `/visit`. */
  readonly visitAuthority: Authority;
  readonly identifierTypes?: IdentifierTypes;
  /** A message that meets any of them tells of an observation stay, whatever its class says. */
  readonly observation?: readonly ObservationRule[];
  /** `action`: DG1-21 adds, updates and deletes single diagnoses. Absent: `snapshot`, the group replaces the group. */
  readonly mode?: 'snapshot' | 'action';
  /** What `0000` after a day means. Absent: `midnight`. */
  readonly trailingZeros?: 'midnight' | 'no-time';
  /** Absent: `plausibleClock` of clock.ts. */
  readonly clock?: ClockLimits;
}

/** One zone, or those a facility has had one after the other: each from its day on, the first from the beginning. */
export type FacilityZone = string | readonly DatedZone[];

export interface DatedZone {
  /** First day in the zone, by the facility's own calendar. */
  readonly from?: LocalDate;
  readonly zone: string;
}

/** CX-5 types, in capitals, that this feed uses otherwise than table 0203 is taken here. */
export interface IdentifierTypes {
  readonly person: readonly string[];
  readonly leftOut: readonly string[];
}

export interface ObservationRule {
  readonly path: Path;
  /** In capitals. */
  readonly values: readonly string[];
}

/** How far MSH-7 may be from the arrival of its message before the sender's clock is not believed. */
export interface ClockLimits {
  readonly aheadMaxMinutes: number;
  readonly behindMaxDays: number;
}

/** What is said of whom an identifier, an account or a visit belongs to; read in identity.ts and decided with identity. */
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
  /** Hears how each fact was found; only `feed check` listens. */
  readonly trace?: Trace;
}
