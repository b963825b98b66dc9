// `npm run feed -- torture …`: the hostile feed, against a running service or one of its own.

import { readConfig } from '../../src/config.ts';
import { fetchLocalToken, serviceUrl } from '../local-token.ts';
import { givenToken } from '../service-token.ts';
import type { ChaosPlan } from '../torture/chaos.ts';
import { type Options, readOptions, usage } from '../torture/options.ts';
import { type OwnService, startOwn } from '../torture/own.ts';
import { isAsExpected, reportComparison, reportSending } from '../torture/report.ts';
import { type RunResult, runTorture } from '../torture/run.ts';

/** The exit code when it could not be tried. */
const untried = 2;
/** Well before the five minutes that tokens live. */
const tokenMs = 200_000;
const chaosPlan: ChaosPlan = { kinds: ['kill', 'restart'], pauseMs: [1_000, 8_000], timesMax: 1_000 };

export async function run(args: readonly string[]): Promise<number> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
  let own: OwnService | undefined;
  try {
    const options = readOptions(args);
    if (options.wantsHelp) {
      console.log(usage());
      return 0;
    }
    if (options.own) {
      console.log('Starting Postgres and the service in a temporary folder …');
      own = await startOwn();
    }
    return await runSeeds(options, own, stopping.signal);
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : String(thrown));
    return untried;
  } finally {
    await own?.stop();
    process.off('SIGINT', stop).off('SIGTERM', stop).off('SIGHUP', stop);
  }
}

async function runSeeds(options: Options, own: OwnService | undefined, signal: AbortSignal): Promise<number> {
  const place = placeOf(options, own);
  // Without a token the end state cannot be read: better known before the first message.
  if (options.check) await place.token();
  const name =
    options.run ??
    Math.floor(Date.now() / 10_000)
      .toString(36)
      .toUpperCase()
      .slice(-5);
  const rows: string[] = [];
  let isRight = true;
  for (const seed of options.seeds) {
    const at = options.at ?? Math.floor(Date.now() / 60_000) * 60_000;
    const { patients, connections, rates, check } = options;
    const result = await runTorture({
      ...{ seed, run: name, at, patients, connections, rates, check, signal, ...place },
      ...(own && options.chaos && { chaos: { ...chaosPlan, service: own } }),
    });
    if (signal.aborted) {
      console.log('Stopped before it was done.');
      return untried;
    }
    isRight &&= isAsExpected(result);
    rows.push(rowOf(seed, result));
    console.log(`\nSeed ${seed}: ${reportSending(result)}\n${check ? `${reportComparison(result)}\n` : ''}`);
    if (!isAsExpected(result)) console.log(repeatWith(options, seed, name, at));
  }
  if (rows.length > 1) console.log(['', 'seed  messages  a second  p99 ms  differences', ...rows].join('\n'));
  if (options.check) console.log(isRight ? 'All as the model says.' : 'Not all is as the model says.');
  return isRight ? 0 : 1;
}

/** Where messages go and where their effect is read. */
function placeOf({ target, fhir, token: asked }: Options, own: OwnService | undefined) {
  // A service of its own knows nobody but its own local client.
  const given = asked ?? (own ? undefined : givenToken());
  const config = readConfig();
  const settings = own ? { ...config, dataDir: own.dataDir, publicUrl: own.url } : config;
  const base = fhir ?? `${serviceUrl(settings)}/fhir/R4`;
  let token: Promise<string> | undefined;
  let tokenAt = 0;
  return {
    target: own ? { host: '127.0.0.1', port: own.port } : (target as NonNullable<typeof target>),
    fhir: base,
    serviceUrl: base.replace(/\/fhir\/R4$/, ''),
    token(): Promise<string> {
      if (given !== undefined) return Promise.resolve(given);
      if (token === undefined || Date.now() - tokenAt > tokenMs) {
        tokenAt = Date.now();
        token = fetchLocalToken(settings, 'system/*.rs').then((granted) => granted.token);
      }
      return token;
    },
  };
}

function rowOf(seed: number, { messages, sent, comparison }: RunResult): string {
  const p99 = sent.ackMs[Math.floor(sent.ackMs.length * 0.99)] ?? 0;
  const differences = comparison?.differences.length ?? 'unchecked';
  const figures = [messages, Math.round(messages / sent.seconds), p99.toFixed(1), differences];
  return `${String(seed).padStart(4)}  ${figures.map((figure, at) => String(figure).padStart([8, 8, 6, 11][at] ?? 0)).join('  ')}`;
}

function repeatWith({ patients, rates: _rates }: Options, seed: number, name: string, at: number): string {
  const time = new Date(at).toISOString().replace(':00.000Z', 'Z');
  return `The same feed again: --seed ${seed} --patients ${patients} --run ${name} --at ${time}, with the same --rate.`;
}
