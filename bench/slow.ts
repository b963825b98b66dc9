// Benchmark (e): how long a good sender waits for its acknowledgment while a thousand connections are half open, beside
// how long it waits when it is alone, in interleaved rounds on one service.

import { startHelper } from './child.ts';
import type { Figure, Say } from './figure.ts';
import { type Ground, startServiceProcess } from './ground.ts';
import { feedOf, range } from './messages.ts';
import type { SlowAnswer, SlowQuestion } from './slow-load.ts';
import { median, percentile, round } from './statistics.ts';
import type { TimeAnswer, TimeQuestion } from './time-load.ts';

const slowConnections = 1_000;

export async function benchSlow(ground: Ground, isQuick: boolean, say: Say): Promise<Figure[]> {
  const url = await ground.database('bench_slow');
  // As many places as there are slow ones, and time enough that none of them is closed while it is measured.
  const service = await startServiceProcess(ground, 'slow', url, {
    MLLP_CONNECTIONS_MAX: '1100',
    MLLP_CONNECTIONS_PER_ADDRESS_MAX: '1100',
    MLLP_FRAME_SECONDS_MAX: '3600',
  });
  const sender = startHelper('./time-load');
  const horde = startHelper('./slow-load');
  let people = 0;

  async function p99(): Promise<number> {
    const messages = feedOf(range(people, isQuick ? 150 : 400));
    people += 400;
    const question: TimeQuestion = { mllpPort: service.mllpPort, messages, pauseMs: 2 };
    const { milliseconds, refused } = await sender.ask<TimeAnswer>(question);
    if (refused > 0) throw new Error(`${refused} messages were not accepted`);
    return percentile(milliseconds, 0.99);
  }

  const stand = (connections: number): Promise<SlowAnswer> =>
    horde.ask({ mllpPort: service.mllpPort, connections } satisfies SlowQuestion);

  try {
    await p99();
    const rounds: { readonly alone: number; readonly crowded: number }[] = [];
    for (let turn = 0; turn < (isQuick ? 2 : 5); turn += 1) {
      const alone = await p99();
      const { open } = await stand(slowConnections);
      if (open < slowConnections) throw new Error(`only ${open} of the slow connections stayed open`);
      const crowded = await p99();
      await stand(0);
      say(`  p99 ${round(alone)} ms alone, ${round(crowded)} ms beside ${open} slow ones`);
      rounds.push({ alone, crowded });
    }
    const ratio = median(rounds.map(({ alone, crowded }) => crowded / alone));
    return [
      {
        part: 'e',
        name: 'p99 of an acknowledgment, 1,000 half-open connections',
        value: median(rounds.map(({ crowded }) => crowded)),
        unit: 'ms',
        beside: { name: 'without them', value: median(rounds.map(({ alone }) => alone)) },
        ratio,
        aim: { text: '≤ 2 ×', met: ratio <= 2 },
        note: 'whole service; the slow ones send a byte of their frame every ten seconds; the ratio is the median of the rounds’ ratios',
      },
    ];
  } finally {
    await horde.stop();
    await sender.stop();
    await service.stop();
  }
}
