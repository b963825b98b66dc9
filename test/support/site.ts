// A whole organisation on a test database: messages in by the front door, worked to the end, looked at as stored.

import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { instant } from '../../src/base/instant.ts';
import { silentLog } from '../../src/base/log.ts';
import { readCatalog } from '../../src/catalog/catalog.ts';
import { createIntake } from '../../src/flow/intake.ts';
import { processMessages } from '../../src/flow/process-messages.ts';
import { publishPractice } from '../../src/flow/publish-practice.ts';
import { type Received, type ReceivingFeed, type Reply, receiveMessage } from '../../src/flow/receive-message.ts';
import { reviewCharts } from '../../src/flow/review-charts.ts';
import { closeSite, openSite, type Site } from '../../src/service/organisations.ts';
import { aDatabase, type TestDatabase } from './database.ts';

export interface TestSite {
  readonly site: Site;
  readonly owner: pg.Client;
  readonly url: string;
  /** Sets the clock. */
  setNow(iso: string): void;
  /** Sends one message as a feed would; gives the acknowledgments, or `close`. */
  send(message: string | Uint8Array, partner?: string): Promise<string[] | 'close'>;
  /** The intake itself, as the edges are given it. */
  receive(message: Received): Promise<Reply>;
  /** Works everything that waits. */
  work(limit?: number): Promise<void>;
  /** Lets timers look at everything that is due. */
  review(): Promise<void>;
  /** The current resources of a type, parsed. */
  resources<Body>(type: string): Promise<Body[]>;
  close(): Promise<void>;
}

export const defaultPartner = 'general-hospital';

export async function aSite(
  options: {
    readonly now?: string;
    readonly profilesDir?: string;
    readonly mappingsDir?: string;
    readonly practice?: string;
    readonly database?: TestDatabase;
  } = {},
): Promise<TestSite> {
  const database = options.database ?? (await aDatabase());
  const catalog = readCatalog({
    profilesDir: options.profilesDir ?? 'profiles',
    mappingsDir: options.mappingsDir ?? 'mappings',
  });
  const practice =
    options.practice === undefined
      ? [...catalog.organisations.values()][0]
      : catalog.organisations.get(options.practice);
  if (!practice) throw new Error('no such practice');
  let now = Date.parse(options.now ?? '2026-11-22T15:00:00Z');
  const clock = () => instant(now);
  const config = { canonicalBase: 'https://throughline.example/fhir', workers: 2, readConnectionsMax: 2 };
  const site = openSite(practice, {
    url: database.url,
    config,
    catalog,
    log: silentLog,
    count: () => undefined,
    now: clock,
  });
  await publishPractice(site.organisation);
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const intake = createIntake(site.intake, clock, () => undefined);
  const feeds = new Map<string, ReceivingFeed>(
    catalog.feeds
      .filter((feed) => feed.organisation === practice.id)
      .map((feed) => [
        feed.id,
        {
          partner: feed.id,
          processingIds: feed.processingIds,
          charset: feed.dialect.charset,
          applications: feed.applications,
          facilities: feed.facilities,
          acknowledge: feed.acknowledge,
          intake,
        },
      ]),
  );
  const receiving = {
    feedOf: (partner: string) => feeds.get(partner),
    now: clock,
    newControlId: () => randomBytes(10).toString('hex'),
    count: () => undefined,
    warn: () => undefined,
  };
  return {
    site,
    owner,
    url: database.url,
    setNow: (iso) => {
      now = Date.parse(iso);
    },
    async send(message, partner = defaultPartner) {
      const bytes = typeof message === 'string' ? Buffer.from(message, 'utf8') : message;
      const reply = await receiveMessage(receiving, { bytes, partner });
      return reply === 'close' ? reply : reply.map((ack) => Buffer.from(ack).toString('utf8'));
    },
    receive: (message) => receiveMessage(receiving, message),
    async work(limit = 128) {
      while ((await processMessages(site.organisation, { entriesMax: limit, shardsMax: 64 })) > 0);
    },
    async review() {
      while ((await reviewCharts(site.organisation, 50)) > 0);
    },
    async resources<Body>(type: string) {
      const { rows } = await owner.query(
        'select body from resource where organisation = $1 and type = $2 order by id',
        [practice.id, type],
      );
      return rows.map((row: { body: string }) => JSON.parse(row.body) as Body);
    },
    async close() {
      await owner.end();
      await closeSite(site);
    },
  };
}
