// Runs from seeds: whatever the order of arrival and work, whatever is lost, cut or killed, nothing is lost, doubled or
// other than the model of the feed says.

import { expect, inject, it } from 'vitest';
import { prepareGround } from '../../scripts/simulate/ground.ts';
import { readSetting } from '../../scripts/simulate/setting.ts';
import { trySeed } from '../../scripts/simulate/try-seed.ts';

const patientsMax = 3;
const seeds = Array.from({ length: 300 }, (_, at) => at + 1);

it('holds for 300 seeds', { timeout: 120_000 }, async () => {
  const [setting, ground] = await Promise.all([
    readSetting(),
    prepareGround(inject('clusterUrl'), inject('templateName'), `simulation_${process.pid}`),
  ]);
  const found: string[] = [];
  const faults = new Set<string>();
  try {
    for (const seed of seeds) {
      const verdict = await trySeed(seed, patientsMax, setting, ground);
      found.push(...verdict.findings.map((finding) => `seed ${seed}: ${finding}`));
      for (const kind of Object.keys(verdict.faults)) faults.add(kind);
    }
  } finally {
    await ground.close();
  }
  expect(found).toEqual([]);
  expect([...faults].sort()).toEqual([
    ...['conflict', 'database-restarts', 'killed-after', 'killed-before', 'lost-after', 'lost-before'],
  ]);
});
