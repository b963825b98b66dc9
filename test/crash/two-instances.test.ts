// Two instances on one database (F-05), as during a rolling deploy: both start at once on an empty database, both take
// messages, both work; what comes of it is what one alone would make.

import { afterAll, expect, it } from 'vitest';
import { publishPractice } from '../../src/flow/publish-practice.ts';
import { expectAsUndisturbed, untilDecided, withOwner } from '../support/aftermath.ts';
import { aDatabase } from '../support/database.ts';
import { aFeed } from '../support/feed.ts';
import { createProgress } from '../support/progress.ts';
import { deliver } from '../support/sender.ts';
import { type ServiceProcess, startProcess } from '../support/service-process.ts';
import { aSite } from '../support/site.ts';

let services: ServiceProcess[] = [];
afterAll(async () => {
  await Promise.all(services.filter((service) => service.isRunning()).map((service) => service.kill('SIGTERM')));
});

it('publish the same practice at the same moment', async () => {
  const site = await aSite();
  await site.owner.query('delete from resource');
  const published = await Promise.all([1, 2, 3].map(() => publishPractice(site.site.organisation)));
  expect(published.sort().slice(0, 2)).toEqual([0, 0]);
  const { rows } = await site.owner.query('select max(version) as version from resource');
  expect(rows).toEqual([{ version: 1 }]);
  await site.close();
});

it('share the work, double nothing, and one may go at any time', { timeout: 120_000 }, async () => {
  const database = await aDatabase({ migrated: false });
  const settings = { DATABASE_URL: database.url, BATCH_MAX: '8' };
  services = await Promise.all([startProcess(settings), startProcess(settings)]);
  const ports = await Promise.all(
    services.map(async (service) => (await service.ready).mllp['general-hospital'] as number),
  );
  const messages = aFeed({ seed: 77, messages: 700, patients: 80, before: Date.parse('2026-11-20T12:00:00Z') });
  const progress = createProgress();
  const [first, second] = services as [ServiceProcess, ServiceProcess];
  let isOneGone = false;
  let turn = 0;
  const delivering = deliver(messages, {
    port: () => ports[isOneGone ? 1 : (turn += 1) % 2] as number,
    connections: 6,
    onAcknowledged: progress.reach,
  });
  await progress.until(350);
  const { rows } = await withOwner(database.ownerUrl, (owner) =>
    owner.query(
      `select count(distinct client_port)::int as workers from pg_stat_activity where application_name = 'throughline work' and datname = current_database()`,
    ),
  );
  expect(rows[0].workers).toBeGreaterThanOrEqual(4);
  isOneGone = true;
  await first.kill('SIGKILL');
  const delivery = await delivering;
  expect(delivery).toMatchObject({ strange: [], stalled: 0 });
  await untilDecided(database.ownerUrl);
  expect(second.isRunning()).toBe(true);
  await expectAsUndisturbed(database.ownerUrl, messages, delivery.acknowledged);
});
