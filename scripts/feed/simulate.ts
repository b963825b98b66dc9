// `npm run feed -- simulate …`: runs from seeds in which order, faults and time are drawn, held against a model.

import { trySeeds } from '../simulate/crew.ts';
import { type Cluster, prepareGround, startCluster, templateName } from '../simulate/ground.ts';
import { type Options, readOptions, usage } from '../simulate/options.ts';
import { add, nothing, reportSeed, reportSteps, reportSum } from '../simulate/report.ts';
import { readSetting } from '../simulate/setting.ts';
import { trySeed } from '../simulate/try-seed.ts';

/** The exit code when it could not be tried. */
const untried = 2;
const progressEverySeconds = 10;

export async function run(args: readonly string[]): Promise<number> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
  let cluster: Cluster | undefined;
  try {
    const options = readOptions(args);
    if (options.wantsHelp) {
      console.log(usage);
      return 0;
    }
    cluster = await startCluster();
    return await (options.tells ? tell(options, cluster) : runAll(options, cluster, stopping.signal));
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : String(thrown));
    return untried;
  } finally {
    await cluster?.stop();
    process.off('SIGINT', stop).off('SIGTERM', stop).off('SIGHUP', stop);
  }
}

async function tell({ seeds, patientsMax }: Options, cluster: Cluster): Promise<number> {
  const ground = await prepareGround(cluster.url, templateName, 'simulation_one');
  const told = await trySeed(seeds.first, patientsMax, await readSetting(), ground);
  await ground.close();
  console.log(reportSteps(told));
  const isRight = told.findings.length === 0;
  console.log(isRight ? 'All holds.' : reportSeed(told, patientsMax));
  return isRight ? 0 : 1;
}

async function runAll(options: Options, cluster: Cluster, signal: AbortSignal): Promise<number> {
  const { seeds, patientsMax, workers } = options;
  const from = performance.now();
  const seconds = (): number => (performance.now() - from) / 1000;
  let sum = nothing;
  let toldAt = 0;
  await trySeeds({
    ...{ cluster, seeds, patientsMax, workers, signal },
    onVerdict(verdict) {
      sum = add(sum, verdict);
      if (verdict.findings.length > 0) console.log(reportSeed(verdict, patientsMax));
      if (seconds() - toldAt < progressEverySeconds) return;
      toldAt = seconds();
      console.log(`${sum.seeds} seeds, ${(sum.seeds / toldAt).toFixed(1)} a second, ${sum.failed.length} failed`);
    },
  });
  console.log(reportSum(sum, seconds()));
  if (signal.aborted) console.log('Stopped before it was done.');
  return signal.aborted ? untried : sum.failed.length === 0 ? 0 : 1;
}
