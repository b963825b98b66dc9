// Runs from seeds: whatever the order of arrival and work, whatever is lost, cut or killed, nothing is lost, doubled or
// other than the model of the feed says.

import { expect, inject, it } from 'vitest';
import { readSetting } from '../../scripts/simulate/setting.ts';
import { tryRange } from '../../scripts/simulate/try-range.ts';

it('holds for 300 seeds', { timeout: 120_000 }, async () => {
  const found: string[] = [];
  const faults = new Set<string>();
  let count = 0;
  await tryRange({
    ...{ clusterUrl: inject('clusterUrl'), template: inject('templateName'), setting: await readSetting() },
    ...{ patientsMax: 3, from: 1, to: 300 },
    onVerdict(verdict) {
      count += 1;
      found.push(...verdict.findings.map((finding) => `seed ${verdict.seed}: ${finding}`));
      for (const kind of Object.keys(verdict.faults)) faults.add(kind);
    },
  });
  expect(count).toBe(300);
  expect(found).toEqual([]);
  expect([...faults].sort()).toEqual([
    ...['conflict', 'database-restarts', 'killed-after', 'killed-before', 'lost-after', 'lost-before'],
  ]);
});
