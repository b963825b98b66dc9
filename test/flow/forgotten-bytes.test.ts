// A message that is set back while its bytes are forgotten: it is parked with that reason and holds nobody up.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { anAdmission } from '../support/hl7.ts';
import { aSite, type TestSite } from '../support/site.ts';

let site: TestSite;
beforeAll(async () => {
  site = await aSite({ now: '2026-11-22T15:00:00Z' });
});
afterAll(() => site.close());

it('is parked, and those behind it go on', async () => {
  for (let at = 0; at < 6; at += 1)
    await site.send(
      anAdmission({ mrn: '1', visit: `V${at}`, at: `202611201${at}0000-0500`, controlId: `C${at}`, name: 'Moss^Ada' }),
    );
  await site.owner.query(`delete from message_raw where id < (select max(id) from message_raw)`);
  await site.work(4);
  const { rows } = await site.owner.query('select state, reason from inbox order by message');
  expect(rows).toEqual([
    ...Array.from({ length: 5 }, () => ({ state: 'parked', reason: 'ops.raw-expired' })),
    { state: 'applied', reason: null },
  ]);
});
