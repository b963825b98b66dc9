// Two transactions of a simulated run that wait for one another: the one that asked last is refused, every time, long
// before the server would choose one by its clock.

import { expect, inject, it } from 'vitest';
import { simulateDatabase } from '../../scripts/simulate/database.ts';
import { prepareGround } from '../../scripts/simulate/ground.ts';
import { createSchedule, type Step } from '../../scripts/simulate/schedule.ts';
import { asFault } from '../../src/base/fault.ts';

it.each(['left', 'right'] as const)(
  'of two that wait for one another the %s one is refused when it asks last',
  async (last) => {
    const ground = await prepareGround(inject('clusterUrl'), inject('templateName'), `knot_${process.pid}_${last}`);
    try {
      const schedule = createSchedule(ground.lookAtLocks);
      const database = simulateDatabase('knot', await ground.linesFor('knot', 2), schedule);
      const take = (first: number, second: number): Promise<string> =>
        database
          .transaction(async (tx) => {
            for (const key of [first, second]) await tx.query('knot.lock', 'select pg_advisory_xact_lock($1)', [key]);
          })
          .then(
            () => 'done',
            (thrown: unknown) => asFault(thrown).code,
          );
      const outcomes = { left: take(1, 2), right: take(2, 1) };
      await schedule.settle();
      const [left, right] = schedule.waiting.map(({ pid }) => pid);
      const stepOf = { left, right };
      const letThrough = async (which: 'left' | 'right'): Promise<void> => {
        const step = schedule.waiting.find(({ pid }) => pid === stepOf[which]);
        await schedule.letThrough(step as Step);
        await schedule.settle();
      };
      await letThrough('left');
      await letThrough('right');
      const first = last === 'left' ? 'right' : 'left';
      await letThrough(first);
      expect(schedule.locked).toBe(1);
      await letThrough(last);
      while (schedule.waiting.length > 0) {
        await schedule.letThrough(schedule.waiting[0] as Step);
        await schedule.settle();
      }
      expect(await outcomes[last]).toBe('store.conflict');
      expect(await outcomes[first]).toBe('done');
    } finally {
      await ground.close();
    }
  },
);
