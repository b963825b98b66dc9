// What the last look at the feeds found, for alerts: open items, silence, quiet feeds.

import { Gauge, type Registry } from 'prom-client';
import { type Watched, watchKinds } from '../flow/watch-feeds.ts';

export function createFeedMetrics(registry: Registry): (organisation: string, watched: Watched) => void {
  const registers = [registry];
  const open = new Gauge({
    name: 'throughline_operator_items_open',
    help: 'Items for operators that are not closed, by kind.',
    labelNames: ['organisation', 'kind'],
    registers,
  });
  const silent = new Gauge({
    name: 'throughline_feed_silent_seconds',
    help: 'How long nothing came while the service listened, in hours in which messages usually come.',
    labelNames: ['partner'],
    registers,
  });
  const quiet = new Gauge({
    name: 'throughline_feed_quiet',
    help: '1 when a feed is quieter than its history makes probable.',
    labelNames: ['partner'],
    registers,
  });
  const kinds = new Set<string>(watchKinds);
  return (organisation, { feeds, items }) => {
    for (const kind of items.keys()) kinds.add(kind);
    for (const kind of kinds) open.set({ organisation, kind }, items.get(kind) ?? 0);
    for (const { partner, judgement } of feeds) {
      silent.set({ partner }, judgement.silentMinutes * 60);
      quiet.set({ partner }, judgement.isQuiet ? 1 : 0);
    }
  };
}
