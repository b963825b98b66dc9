// One organisation's needs, built from the catalogue: its practice, its protocols, its feeds' languages, its databases.

import { createHash } from 'node:crypto';
import type { Instant } from '../base/instant.ts';
import type { Log } from '../base/log.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { feedLanguage } from '../catalog/feed-language.ts';
import type { Config } from '../config.ts';
import type { Practice } from '../domain/practice.ts';
import type { Count, Organisation } from '../flow/organisation.ts';
import type { HeaderRules } from '../flow/receive-message.ts';
import { type Database, openDatabase } from '../store/pool.ts';
import type { FeedLanguage } from '../translate/from-hl7/dialect.ts';
import { newId } from './new-id.ts';

/** One organisation with its pools: reading never waits for the feed, nor the feed for readers. */
export interface Site {
  readonly organisation: Organisation;
  readonly intake: Database;
  readonly work: Database;
  readonly reads: Database;
}

const intakeConnections = 3;

export interface SiteOptions {
  readonly url: string;
  readonly config: Pick<Config, 'canonicalBase' | 'workers' | 'readConnectionsMax'> &
    Partial<Pick<Config, 'segmentsMax'>>;
  readonly catalog: Catalog;
  readonly log: Log;
  readonly count: Count;
  readonly now: () => Instant;
}

export function openSite(practice: Practice, options: SiteOptions): Site {
  const open = (application: string, connectionsMax: number, statementMsMax: number, plansOnce: boolean): Database =>
    openDatabase({
      url: options.url,
      organisation: practice.id,
      application: `throughline ${application}`,
      connectionsMax,
      statementMsMax,
      plansOnce,
    });
  const work = open('work', options.config.workers + 2, 60_000, true);
  return {
    organisation: describe(practice, work, options),
    intake: open('intake', intakeConnections, 15_000, true),
    work,
    reads: open('reads', options.config.readConnectionsMax, 15_000, false),
  };
}

function describe(
  practice: Practice,
  database: Database,
  { config, catalog, log, count, now }: SiteOptions,
): Organisation {
  const feeds = catalog.feeds.filter((feed) => feed.organisation === practice.id);
  const languages = new Map(feeds.map((feed): [string, FeedLanguage] => [feed.id, feedLanguage(feed, catalog)]));
  const rules = new Map(
    feeds.map(({ id, processingIds, dialect, applications, facilities }): [string, HeaderRules] => [
      id,
      { processingIds, charset: dialect.charset, applications, facilities, segmentsMax: config.segmentsMax },
    ]),
  );
  const waiting = new Set(feeds.filter((feed) => feed.namesakes === 'wait').map((feed) => feed.id));
  const waitingRules = { ...catalog.matchRules, namesakesWait: true };
  const names = new Map(feeds.map((feed) => [feed.id, feed.name]));
  return {
    practice,
    protocols: catalog.protocols,
    database,
    languageOf: (partner) => languages.get(partner),
    rosterFeeds: new Set(feeds.filter((feed) => feed.panel === 'roster').map((feed) => feed.id)),
    headerRulesOf: (partner) => rules.get(partner),
    matchRules: catalog.matchRules,
    matchRulesOf: (partner) => (waiting.has(partner) ? waitingRules : catalog.matchRules),
    express: {
      practice,
      canonicalBase: config.canonicalBase,
      protocols: catalog.protocols,
      idFor: rememberingIds(practice.id),
      feedName: (partner) => names.get(partner) ?? partner,
    },
    newId,
    now,
    log,
    count,
  };
}

const idsRememberedMax = 20_000;

/** The same hospitals, places, doctors and codes come up message after message. */
function rememberingIds(organisation: string): (kind: string, ...parts: string[]) => string {
  const known = new Map<string, string>();
  return (kind, ...parts) => {
    const words = [organisation, kind, ...parts].join('\u0000');
    let id = known.get(words);
    if (id === undefined) {
      if (known.size >= idsRememberedMax) known.clear();
      known.set(words, (id = stableId(words)));
    }
    return id;
  };
}

/** An id that the same words always give: SHA-256 in the form of a UUID version 8 (RFC 9562 §5.8). */
function stableId(words: string): string {
  const hex = createHash('sha256').update(words).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-9${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export async function closeSite(site: Site): Promise<void> {
  await Promise.all([site.intake.close(), site.work.close(), site.reads.close()]);
}
