// The drop folders that the partner files name.

import type { Instant } from '../base/instant.ts';
import type { FeedPartner } from '../catalog/partner.ts';
import type { Config } from '../config.ts';
import type { WatchedFolder } from '../drop/watch.ts';
import type { Received, Reply } from '../flow/receive-message.ts';
import { newId } from './new-id.ts';
import type { Site } from './organisations.ts';

interface Parts {
  readonly config: Pick<Config, 'frameBytesMax'>;
  readonly receive: (message: Received) => Promise<Reply>;
  readonly now: () => Instant;
}

export const foldersOf = (
  feeds: readonly FeedPartner[],
  sites: ReadonlyMap<string, Site>,
  { config, receive, now }: Parts,
): WatchedFolder[] =>
  feeds.flatMap(({ id, organisation, folder }) => {
    const site = sites.get(organisation);
    if (!folder || !site) return [];
    const newControlId = (): string => newId<'acknowledgment'>().replaceAll('-', '').slice(-20);
    const given = { receive, database: site.work, now, newControlId, messageBytesMax: config.frameBytesMax };
    return [{ partner: id, ...folder, given }];
  });
