// The shipped example practice and its hospital's feed, as every run uses them.

import path from 'node:path';
import { instant } from '../../src/base/instant.ts';
import { silentLog } from '../../src/base/log.ts';
import { readCatalog } from '../../src/catalog/catalog.ts';
import { closeSite, openSite } from '../../src/service/organisations.ts';
import { packageRoot } from '../../src/service/package-root.ts';
import type { Setting } from './service.ts';

const feedName = 'general-hospital';

export async function readSetting(): Promise<Setting> {
  const root = packageRoot();
  const catalog = readCatalog({ profilesDir: path.join(root, 'profiles'), mappingsDir: path.join(root, 'mappings') });
  const feed = catalog.feeds.find(({ id }) => id === feedName);
  const practice = feed && catalog.organisations.get(feed.organisation);
  if (!feed || !practice) throw new Error(`no feed ${feedName} among the profiles`);
  // Its pools open nothing until they are asked something, and they never are.
  const site = openSite(practice, {
    url: 'postgres://127.0.0.1:1/none',
    config: { canonicalBase: 'https://throughline.example/fhir', workers: 1, readConnectionsMax: 1 },
    catalog,
    log: silentLog,
    count: () => undefined,
    now: () => instant(0),
  });
  await closeSite(site);
  const { processingIds, dialect, applications, facilities, acknowledge } = feed;
  return {
    organisation: site.organisation,
    feed: { partner: feed.id, processingIds, charset: dialect.charset, applications, facilities, acknowledge },
  };
}
