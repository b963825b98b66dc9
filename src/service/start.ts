// Builds everything once and starts it: database, organisations, workers, timers, MLLP, HTTP. What one edge needs of
// another is a function handed over here.

import { randomBytes } from 'node:crypto';
import { instant } from '../base/instant.ts';
import type { Log } from '../base/log.ts';
import { readCatalog } from '../catalog/catalog.ts';
import type { Config } from '../config.ts';
import { startDropWatch } from '../drop/watch.ts';
import { watchedFeeds } from '../flow/feed-status.ts';
import { createIntake } from '../flow/intake.ts';
import { keepRaw } from '../flow/keep-raw.ts';
import { publishPractice } from '../flow/publish-practice.ts';
import { type Received, type ReceivingFeed, receiveMessage } from '../flow/receive-message.ts';
import { type PostedResource, receiveResource } from '../flow/receive-resource.ts';
import { createMllpServer } from '../mllp/server.ts';
import { inboxFigures } from '../store/inbox.ts';
import { startInboxWorker } from '../worker/inbox.ts';
import { startTimers } from '../worker/timers.ts';
import { createWake } from '../worker/wake.ts';
import { startFeedWatch } from '../worker/watch.ts';
import { foldersOf } from './drop-folders.ts';
import { createFeedMetrics } from './feed-metrics.ts';
import { startHttp } from './http.ts';
import { loadKeys } from './keys.ts';
import { asListenFault } from './listen-fault.ts';
import { listenersOf, mllpLimitsOf, portsByPartner } from './listeners.ts';
import { createMetrics, type InboxGauges } from './metrics.ts';
import { closeSite, openSite, type Site } from './organisations.ts';
import { startPostgres } from './postgres.ts';
import { writeLog } from './write-log.ts';

export interface Service {
  readonly httpUrl: string;
  /** Listening port by partner id. */
  readonly mllpPorts: Readonly<Record<string, number>>;
  readonly databaseUrl: string;
  /** A one-time link to the overview page of the first organisation. */
  overviewLink(): Promise<string>;
  /** Stops taking work, finishes what is in hand and closes everything, within STOP_SECONDS_MAX. */
  stop(): Promise<void>;
}

export async function startService(config: Config, options: { readonly log?: Log } = {}): Promise<Service> {
  const log = options.log ?? writeLog(config.logLevel);
  const stops: (() => Promise<unknown>)[] = [];
  const stopAll = async () => {
    for (const stop of stops.reverse()) await stop().catch(() => undefined);
  };
  try {
    return await assemble(config, log, stops);
  } catch (thrown) {
    await stopAll();
    throw thrown;
  }
}

async function assemble(config: Config, log: Log, stops: (() => Promise<unknown>)[]): Promise<Service> {
  const catalog = readCatalog(config);
  const listeners = listenersOf(catalog.feeds, config);
  const keys = await loadKeys(config.dataDir);
  const postgres = await startPostgres(config, keys.databasePassword, log);
  stops.push(() => postgres.stop());
  const now = () => instant(Date.now());
  const sites = new Map<string, Site>();
  stops.push(() => Promise.all([...sites.values()].map(closeSite)));
  const metrics = createMetrics(() => gauges(sites));
  for (const practice of catalog.organisations.values()) {
    sites.set(practice.id, openSite(practice, { url: postgres.url, config, catalog, log, count: metrics.count, now }));
  }
  const organisations = [...sites.values()].map((site) => site.organisation);
  for (const organisation of organisations) await publishPractice(organisation);
  await keepRaw(organisations, config.rawRetentionDays);

  const wakes = new Map(organisations.map((organisation) => [organisation.practice.id, createWake()]));
  const feeds = new Map<string, ReceivingFeed>();
  for (const site of sites.values()) {
    const intake = createIntake(site.intake, now, () => wakes.get(site.intake.organisation)?.wake());
    for (const feed of catalog.feeds.filter((feed) => feed.organisation === site.intake.organisation)) {
      feeds.set(feed.id, {
        partner: feed.id,
        processingIds: feed.processingIds,
        charset: feed.dialect.charset,
        applications: feed.applications,
        facilities: feed.facilities,
        certificateNames: feed.tls?.names,
        acknowledge: feed.acknowledge,
        segmentsMax: config.segmentsMax,
        intake,
      });
    }
  }
  const receiving = {
    feedOf: (partner: string) => feeds.get(partner),
    now,
    newControlId: controlIds(),
    count: metrics.intake,
    warn: log.warn,
  };
  const receive = async (message: Received) => {
    const from = performance.now();
    const reply = await receiveMessage(receiving, message);
    if (reply !== 'close') metrics.acknowledged((performance.now() - from) / 1_000);
    return reply;
  };

  const languageOf = (partner: string) =>
    organisations.map((organisation) => organisation.languageOf(partner)).find((language) => language !== undefined);
  const posted = (resource: PostedResource) => receiveResource({ ...receiving, languageOf }, resource);

  for (const organisation of organisations) {
    const wake = wakes.get(organisation.practice.id) ?? createWake();
    for (let worker = 0; worker < config.workers; worker += 1) {
      const started = startInboxWorker(organisation, { entriesMax: config.batchMax, shardsMax: 32 }, wake, log);
      stops.push(() => started.stop());
    }
  }
  const timers = startTimers(organisations, config.reviewSeconds, config.rawRetentionDays, log);
  stops.push(() => timers.stop());
  const feedsOf = (organisation: string) => watchedFeeds(catalog.feeds, organisation);
  const watch = startFeedWatch(organisations, feedsOf, createFeedMetrics(metrics.registry), log);
  stops.push(() => watch.stop());
  if (config.dropDir !== undefined) {
    const drop = startDropWatch(config.dropDir, foldersOf(catalog.feeds, sites, { config, receive, now }), log);
    stops.push(() => drop.stop());
  }

  const http = await startHttp({ config, catalog, sites, keys, metrics, receive, receiveResource: posted, log, now });
  stops.push(() => http.stop());
  const mllp = createMllpServer({ listeners, receive, limits: mllpLimitsOf(config), log, count: metrics.mllp });
  stops.push(() => mllp.stop((config.stopSecondsMax * 1_000) / 2));
  const { ports } = await mllp.listen().catch((thrown: unknown) => {
    const ownPort = (port: number) => catalog.feeds.find((feed) => feed.port === port);
    throw asListenFault(thrown, (port) => (ownPort(port) ? `port in partners/${ownPort(port)?.id}.yaml` : 'MLLP_PORT'));
  });
  const mllpPorts = portsByPartner(catalog.feeds, listeners, ports, config);
  for (const [partner, port] of Object.entries(mllpPorts)) log.info('listening for HL7 v2', { partner, port });
  log.info('listening for HTTP', { address: http.url });

  let stopped: Promise<void> | undefined;
  return {
    httpUrl: http.url,
    mllpPorts,
    databaseUrl: postgres.ownerUrl,
    overviewLink: () => http.overviewLink(organisations[0]?.practice.id ?? ''),
    stop: () => (stopped ??= stopWithin(stops, config.stopSecondsMax * 1_000, log)),
  };
}

/** MSH-10 of our acknowledgments, at most 20 characters: this process's random beginning and a count. */
function controlIds(): () => string {
  const beginning = randomBytes(6).toString('hex');
  let count = 0;
  return () => `${beginning}${(count++).toString(36)}`;
}

/** In reverse order of starting: first the doors, then the work, last the database. */
async function stopWithin(stops: readonly (() => Promise<unknown>)[], msMax: number, log: Log): Promise<void> {
  const deadline = Date.now() + msMax;
  for (const stop of [...stops].reverse()) {
    const left = Math.max(200, deadline - Date.now());
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), left);
    });
    const outcome = await Promise.race([stop().catch(() => undefined), late]);
    clearTimeout(timer);
    if (outcome === 'late') log.warn('a part did not stop in time');
  }
  log.info('stopped');
}

async function gauges(sites: ReadonlyMap<string, Site>): Promise<ReadonlyMap<string, InboxGauges>> {
  const all = new Map<string, InboxGauges>();
  for (const [id, site] of sites) {
    const { received, parked, waiting, oldest } = await inboxFigures(site.reads);
    all.set(id, {
      received,
      parked,
      waiting,
      oldestSeconds: oldest ? Math.max(0, (Date.now() - oldest.getTime()) / 1_000) : 0,
    });
  }
  return all;
}
