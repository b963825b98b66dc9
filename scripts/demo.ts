// `npm run demo`: starts the service, plays a week of an invented hospital over the MLLP port, tells what came of it and
// keeps running. `-- --check` does it in a temporary folder, verifies the outcome over FHIR and exits 0 or 1.

import { asFault } from '../src/base/fault.ts';
import { readConfig } from '../src/config.ts';
import { type Service, startService } from '../src/service/start.ts';
import { checkDemo } from './demo/check.ts';
import { demoLog } from './demo/demo-log.ts';
import { createFhirReader, type FhirReader } from './demo/fhir-reader.ts';
import { type DemoOptions, type DemoRun, findRun, keepRun, readOptions, usage } from './demo/options.ts';
import { playFeed } from './demo/play.ts';
import { requireFreePorts } from './demo/ports.ts';
import { createProgress } from './demo/progress.ts';
import { tellNext, tellPlayed, tellState } from './demo/report.ts';
import { settle } from './demo/settle.ts';
import { playHospital } from './hospital/hospital.ts';
import { fetchLocalToken } from './local-token.ts';

const feed = 'general-hospital';
const stopMsMax = 9_500;
const sameSignalMs = 1_000;

// A reader that goes away (a closed terminal, `| head`) must not end us before the database is stopped.
for (const out of [process.stdout, process.stderr]) out.on('error', () => undefined);

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options.wantsHelp) {
    console.log(usage);
    return 0;
  }
  return options.isCheck ? await checkDemo(options) : await runDemo(options);
}

async function runDemo(options: DemoOptions): Promise<number> {
  const config = readConfig();
  const run = await findRun(config.dataDir, options);
  await requireFreePorts(config);
  const signal = onStop();
  console.log('Starting Postgres and the service …');
  const service = await startService(config, { log: demoLog });
  try {
    const settings = { ...config, publicUrl: service.httpUrl };
    const reader = createFhirReader(settings);
    await requireOwnData(run, reader, config.dataDir);
    await keepRun(config.dataDir, run);
    if (!signal.aborted) await play(run, service, { host: config.host, signal, reader });
    if (!signal.aborted) {
      const { token } = await fetchLocalToken(settings, 'system/*.rs');
      const mllp = `${config.host}:${service.mllpPorts[feed]}`;
      console.log(`\n${tellNext({ httpUrl: service.httpUrl, mllp, link: await service.overviewLink(), token })}`);
      console.log('\nRunning. Ctrl-C stops it.');
    }
    await untilAborted(signal);
  } finally {
    setTimeout(() => process.exit(1), stopMsMax).unref();
    await service.stop();
  }
  console.log('Stopped.');
  return 0;
}

async function play(
  run: DemoRun,
  service: Service,
  { host, signal, reader }: { readonly host: string; readonly signal: AbortSignal; readonly reader: FhirReader },
): Promise<void> {
  const week = playHospital(run);
  const { messages } = week;
  const until = new Date(run.now).toISOString().slice(0, 16).replace('T', ' ');
  console.log(
    run.isKnown
      ? `The data folder holds this demo already (seed ${run.seed}, the week until ${until} UTC): the same messages are sent again, and those that came before change nothing.`
      : `One week of an invented hospital until ${until} UTC: ${run.patients} people, ${messages.length} messages (seed ${run.seed}).`,
  );
  const progress = createProgress('Sending', messages.length);
  const port = service.mllpPorts[feed];
  if (port === undefined)
    throw new Error(`no feed partner ${feed} in the profiles; the demo speaks to profiles/partners/${feed}.yaml`);
  const played = await playFeed(messages, { host, port, signal, onProgress: progress.show });
  if (signal.aborted) return;
  progress.end();
  const figures = await settle(service.httpUrl, messages.length, signal);
  console.log(`\n${tellPlayed(week, played, figures)}`);
  console.log(await tellState(reader));
  for (const surprise of played.surprises.slice(0, 10)) console.log(`Unexpected: ${surprise}`);
}

/** Nobody wants invented patients among real ones. */
async function requireOwnData(run: DemoRun, reader: FhirReader, dataDir: string): Promise<void> {
  if (run.isKnown || (await reader.count('Patient')) === 0) return;
  throw new Error(
    `the database holds patients that no demo made, so nothing was sent; choose a new folder: DATA_DIR=${dataDir}-demo npm run demo`,
  );
}

/**
 * Aborts at the first SIGINT, SIGTERM or SIGHUP. Another SIGINT later does not wait for anything; one at the same moment is the
 * same one, which reaches us through npm as well.
 */
function onStop(): AbortSignal {
  const controller = new AbortController();
  let since = 0;
  const stop = (signal: NodeJS.Signals) => {
    if (!controller.signal.aborted) {
      since = Date.now();
      process.stderr.write('\nStopping …\n');
      controller.abort();
    } else if (signal === 'SIGINT' && Date.now() - since > sameSignalMs) process.exit(1);
  };
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
  return controller.signal;
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** What to tell a person; the stack only of what is our own mistake. */
function explain(thrown: unknown): string {
  const { code, detail, message } = asFault(thrown);
  if (code !== 'defect.unexpected') return detail === undefined ? message : `${message}\n${detail}`;
  return thrown instanceof Error ? thrown.message : String(thrown);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (thrown) {
  process.stderr.write(`${explain(thrown)}\n`);
  process.exitCode = 1;
}
