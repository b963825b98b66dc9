// A process that tries the seeds it is handed, some side by side, on databases of its own that it makes anew for each
// handful.

import type { Answer, Order } from './order.ts';
import { readSetting } from './setting.ts';
import { tryRange } from './try-range.ts';

const setting = readSetting();
const tell = (answer: Answer): unknown => process.send?.(answer);

process.on('message', async (order: Order) => {
  await tryRange({ ...order, setting: await setting, onVerdict: tell });
  tell('done');
});
process.on('disconnect', () => process.exit());
