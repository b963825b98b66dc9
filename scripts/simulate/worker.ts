// A process that tries the seeds it is handed, on a database of its own that it makes anew for each handful.

import { prepareGround } from './ground.ts';
import { readSetting } from './setting.ts';
import { trySeed, type Verdict } from './try-seed.ts';

export interface Order {
  readonly clusterUrl: string;
  readonly template: string;
  readonly patientsMax: number;
  readonly from: number;
  readonly to: number;
}

const setting = readSetting();

process.on('message', async ({ clusterUrl, template, patientsMax, from, to }: Order) => {
  const ground = await prepareGround(clusterUrl, template, `simulation_${process.pid}_${from}`);
  const verdicts: Verdict[] = [];
  for (let seed = from; seed <= to; seed += 1) {
    const { played: _played, ...verdict } = await trySeed(seed, patientsMax, await setting, ground);
    verdicts.push(verdict);
  }
  await ground.close();
  process.send?.(verdicts);
});
process.on('disconnect', () => process.exit());
