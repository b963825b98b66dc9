// `npm run demo -- --check`: the demo on free ports and in a temporary folder, and then every patient, stay, case and task
// read over FHIR and held against what really happened.

import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Config, readConfig } from '../../src/config.ts';
import { type Service, startService } from '../../src/service/start.ts';
import { chooseAccount } from '../../src/store/embedded/account.ts';
import { choosePlace } from '../../src/store/embedded/place.ts';
import { type HospitalWeek, playHospital } from '../hospital/hospital.ts';
import { checkMessages, checkTotals, checkWorklist } from './check-feed.ts';
import { checkPatient } from './check-patient.ts';
import { demoLog } from './demo-log.ts';
import { createFhirReader } from './fhir-reader.ts';
import { createFindings, type Findings } from './findings.ts';
import { type DemoOptions, freshRun } from './options.ts';
import { playFeed } from './play.ts';
import { createProgress } from './progress.ts';
import { settle } from './settle.ts';

const feed = 'general-hospital';
/** Patients looked at side by side. */
const sideBySide = 8;

export async function checkDemo(options: DemoOptions): Promise<number> {
  const from = performance.now();
  const folder = await mkdtemp(path.join(tmpdir(), 'throughline-check-'));
  // Run by root, Postgres has an account of its own that must pass through.
  await chmod(folder, 0o711);
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
  let service: Service | undefined;
  try {
    const config = temporaryConfig(folder);
    console.log('Starting Postgres and the service in a temporary folder …');
    service = await startService(config, { log: demoLog });
    const run = freshRun(options);
    const week = playHospital(run);
    console.log(
      `One week of an invented hospital: ${run.patients} people, ${week.messages.length} messages (seed ${run.seed}).`,
    );
    const findings = await playAndCheck(week, service, { ...config, publicUrl: service.httpUrl }, stopping.signal);
    const seconds = ((performance.now() - from) / 1000).toFixed(0);
    if (!findings) {
      console.log('Stopped before the check was done.');
      return 1;
    }
    const wrong = findings.differences.length;
    console.log(`\nChecked over FHIR, after ${seconds} s:\n${findings.table()}\n`);
    console.log(
      wrong === 0
        ? 'All as it happened.'
        : `${wrong} ${wrong === 1 ? 'difference' : 'differences'} (seed ${run.seed}).`,
    );
    return wrong === 0 ? 0 : 1;
  } finally {
    await service?.stop();
    await removeFolder(folder);
    process.off('SIGINT', stop).off('SIGTERM', stop).off('SIGHUP', stop);
  }
}

/** Everything as by default but the ports and the folder: an environment made for another service must not reach in. */
const temporaryConfig = (folder: string): Config =>
  readConfig({
    ...process.env,
    DATABASE_URL: '',
    DATA_DIR: folder,
    HOST: '127.0.0.1',
    HTTP_PORT: '0',
    MLLP_PORT: '0',
    PUBLIC_URL: '',
    CANONICAL_BASE: '',
  });

async function playAndCheck(
  week: HospitalWeek,
  service: Service,
  settings: Config & { readonly publicUrl: string },
  signal: AbortSignal,
): Promise<Findings | undefined> {
  const port = service.mllpPorts[feed];
  if (port === undefined) throw new Error(`no feed partner ${feed} in the profiles`);
  const sending = createProgress('Sending', week.messages.length);
  const played = await playFeed(week.messages, { host: settings.host, port, signal, onProgress: sending.show });
  if (signal.aborted) return undefined;
  sending.end();
  const figures = await settle(service.httpUrl, week.messages.length, signal);
  const reader = createFhirReader(settings);
  const findings = createFindings();
  checkMessages(findings, week, played, figures);
  await checkTotals(findings, week, reader);
  await checkWorklist(findings, week, reader);
  const reading = createProgress('Checking', week.expected.length);
  const waiting = [...week.expected];
  let done = 0;
  const next = async (): Promise<void> => {
    for (let patient = waiting.shift(); patient && !signal.aborted; patient = waiting.shift()) {
      await checkPatient(findings, patient, reader, settings.canonicalBase);
      reading.show(++done);
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, next));
  if (signal.aborted) return undefined;
  reading.end();
  return findings;
}

/** The database may lie elsewhere, where the account that Postgres runs as could not reach the folder. */
async function removeFolder(folder: string): Promise<void> {
  const account = await chooseAccount();
  const place = account && (await choosePlace(path.join(folder, 'postgres'), account).catch(() => undefined));
  if (place?.isElsewhere) await rm(place.root, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
}
