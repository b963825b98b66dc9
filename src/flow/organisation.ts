// What every use case of one organisation needs, built once by main.ts and handed to the edges.

import type { NewId } from '../base/id.ts';
import type { Instant } from '../base/instant.ts';
import type { Log } from '../base/log.ts';
import type { MatchRules } from '../domain/patient/likeness.ts';
import type { Practice } from '../domain/practice.ts';
import type { Protocol } from '../domain/protocol/protocol.ts';
import type { Database } from '../store/pool.ts';
import type { FeedLanguage } from '../translate/from-hl7/dialect.ts';
import type { ExpressContext } from '../translate/to-fhir/expressed.ts';
import type { HeaderRules } from './receive-message.ts';

export interface Organisation {
  readonly practice: Practice;
  readonly protocols: readonly Protocol[];
  readonly database: Database;
  /** How a feed of this organisation speaks. */
  readonly languageOf: (partner: string) => FeedLanguage | undefined;
  /** Feeds that tell of people of whom only those on the panel are coordinated (`panel: roster`). */
  readonly rosterFeeds: ReadonlySet<string>;
  /** What of a feed its messages' headers are held against. */
  readonly headerRulesOf: (partner: string) => HeaderRules | undefined;
  /** How alike people are. */
  readonly matchRules: MatchRules;
  /** The same, as a partner wants them. */
  readonly matchRulesOf: (partner: string) => MatchRules;
  readonly express: ExpressContext;
  readonly newId: NewId;
  /** The clock; a use case asks it once. */
  readonly now: () => Instant;
  readonly log: Log;
  readonly count: Count;
}

export type Counter = 'decided' | 'unmapped-code' | 'resource-version' | 'batch' | 'retry';

/** Counts something for the metrics. Labels hold events, states and code-table names, never patient data. */
export type Count = (what: Counter, labels: Readonly<Record<string, string>>, by?: number) => void;
