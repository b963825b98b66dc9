// How each feed does, for operators.

import type { FeedPartner } from '../../catalog/partner.ts';
import { type FeedStatus, readFeedStatus, watchedFeeds } from '../../flow/feed-status.ts';
import { type OperatorRoute, parametersOf } from './operator.ts';

const round = (value: number): number => Number(value.toPrecision(4));

const shown = ({ partner, lastAt, judgement, parked, unmapped, ...rest }: FeedStatus) => ({
  partner,
  lastMessageAt: lastAt === undefined ? null : new Date(lastAt).toISOString(),
  isQuiet: judgement.isQuiet,
  ...(judgement.why && { why: judgement.why }),
  silentMinutes: judgement.silentMinutes,
  probability: round(judgement.probability),
  ...rest,
  thisHour: { expected: round(rest.thisHour.expected), got: rest.thisHour.got },
  parkedShareRisen: parked !== undefined,
  unmappedShareRisen: unmapped !== undefined,
});

export const feedRoutes = (feeds: readonly FeedPartner[]): readonly OperatorRoute[] => [
  {
    method: 'GET',
    path: '/feeds',
    name: 'ops feeds',
    async serve({ caller, database, query, now }) {
      parametersOf(query, []);
      const statuses = await readFeedStatus(database, watchedFeeds(feeds, caller.organisation), now);
      return { json: { feeds: statuses.map(shown) } };
    },
  },
];
