// The hostile feed, sent rudely over real connections to a real process, and again while that process is killed and its
// Postgres restarted at random moments: nothing lost, nothing doubled, the end state is the model's.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { fetchLocalToken } from '../../scripts/local-token.ts';
import { type OwnService, startOwn } from '../../scripts/torture/own.ts';
import { readRates } from '../../scripts/torture/rates.ts';
import { isAsExpected, reportComparison, reportSending } from '../../scripts/torture/report.ts';
import { type RunOptions, runTorture } from '../../scripts/torture/run.ts';
import { builtService } from '../support/built-service.ts';

let service: OwnService;

beforeAll(async () => {
  service = await startOwn(await builtService());
});
afterAll(() => service.stop());

async function torture(seed: number, patients: number, more: Partial<RunOptions> = {}) {
  const result = await runTorture({
    ...{ seed, run: 'T', at: Math.floor(Date.now() / 60_000) * 60_000, patients, connections: 4 },
    rates: readRates([]),
    target: { host: '127.0.0.1', port: service.port },
    serviceUrl: service.url,
    fhir: `${service.url}/fhir/R4`,
    token: async () =>
      (
        await fetchLocalToken(
          { dataDir: service.dataDir, host: '', httpPort: 0, publicUrl: service.url },
          'system/*.rs',
        )
      ).token,
    check: true,
    signal: new AbortController().signal,
    quiet: true,
    ...more,
  });
  expect(isAsExpected(result) || reportComparison(result)).toBe(true);
  expect(result.sent.answered).toBe(result.messages);
  return result;
}

it.each([1, 2])('ends as the model says however rudely it is sent, seed %i', { timeout: 60_000 }, async (seed) => {
  const result = await torture(seed, 60);
  expect(result.comparison?.looks.get('tasks: status')?.looks).toBeGreaterThan(50);
});

it.each([
  ['the service is killed', 'kill', 3_000],
  ['Postgres is restarted', 'restart', 2_000],
] as const)('ends as the model says although %s', { timeout: 120_000 }, async (_name, harm, msMax) => {
  const chaos = { service, kinds: [harm], pauseMs: [100, 400], timesMax: 4 } as const;
  const result = await torture(harm === 'kill' ? 3 : 4, 80, { chaos });
  expect(result.harms[harm]).toBeGreaterThan(1);
  console.info(reportSending(result));
  expect(Math.max(...result.outages.map(({ ms }) => ms))).toBeLessThan(msMax * 3);
});
