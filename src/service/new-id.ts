// Fresh ids: UUID version 7 (RFC 9562 §5.7), so that new rows land at the end of their indexes.

import { randomFillSync } from 'node:crypto';
import type { Id, NewId } from '../base/id.ts';

const pool = Buffer.alloc(4_096);
let used = pool.length;

export const newId: NewId = <Name extends string>(): Id<Name> => {
  if (used + 10 > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const time = Date.now().toString(16).padStart(12, '0');
  const random = pool.toString('hex', used, used + 10);
  used += 10;
  const variant = ((Number.parseInt(random[3] as string, 16) & 3) | 8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}` as Id<Name>;
};
