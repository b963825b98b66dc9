// What the command line of the torture feed may say.

import { parseArgs } from 'node:util';
import { isDay } from '../../src/base/time.ts';
import { type Rates, ratesHelp, readRates } from './rates.ts';

export const usage = () => `npm run feed -- torture --target HOST:PORT [--fhir URL] [--token TOKEN]
npm run feed -- torture --own [--chaos]

Sends a hostile feed: two days of invented patients, with messages that come late, early, twice, under used numbers and
in pieces, over several connections; then reads over FHIR what came of it and holds it against a model of its own.
Each run makes patients of its own, so it leaves them in the service it is aimed at: aim it at one for tests.

  --target HOST:PORT   the MLLP port of the feed
  --own                starts a service of its own, on free ports, in a temporary folder
  --chaos              with --own: kills the service and restarts its Postgres at once, at random moments
  --fhir URL           the FHIR base (default: of the settings, http://HOST:HTTP_PORT/fhir/R4)
  --token TOKEN        for reading (default: the one in THROUGHLINE_TOKEN, which no process list shows, or one for the
                       local client, by the key in DATA_DIR)
  --seed N             another feed (default 1)
  --seeds A-B          several feeds, one after the other
  --patients N         50 to 5000 (default 200)
  --connections N      1 to 64 (default 8)
  --rate NAME=X        how often a disorder strikes, 0 to 1; may be given again; all=X sets those not named
  --no-check           only sends
  --run ID, --at TIME  as a report names them: sends the same feed again, byte for byte

Exits 0 when all is as the model says, 1 when something differs, 2 when it could not be tried.

Rates, with their defaults:
${ratesHelp()}`;

export interface Options {
  readonly wantsHelp: boolean;
  readonly target: { readonly host: string; readonly port: number } | undefined;
  readonly own: boolean;
  readonly chaos: boolean;
  readonly fhir: string | undefined;
  readonly token: string | undefined;
  readonly seeds: readonly number[];
  readonly patients: number;
  readonly connections: number;
  readonly rates: Rates;
  readonly check: boolean;
  readonly run: string | undefined;
  readonly at: number | undefined;
}

/** Throws an error that says what would be right. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      target: { type: 'string' },
      own: { type: 'boolean' },
      chaos: { type: 'boolean' },
      fhir: { type: 'string' },
      token: { type: 'string' },
      seed: { type: 'string' },
      seeds: { type: 'string' },
      patients: { type: 'string' },
      connections: { type: 'string' },
      rate: { type: 'string', multiple: true },
      check: { type: 'boolean' },
      run: { type: 'string' },
      at: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const wantsHelp = values.help === true;
  const own = values.own === true;
  const target = values.target === undefined ? undefined : targetOf(values.target);
  if (!wantsHelp && own === (target !== undefined))
    throw new Error('give either --target HOST:PORT, the MLLP port of a running service, or --own; --help tells more');
  if (values.chaos && !own) throw new Error('--chaos needs --own: it kills the service, and may do so only to its own');
  if (values.run !== undefined && !/^[A-Z0-9]{1,6}$/.test(values.run))
    throw new Error('--run should be one to six capital letters and digits');
  const at = values.at === undefined ? undefined : timeOf(values.at);
  return {
    ...{ wantsHelp, target, own, chaos: values.chaos === true, token: values.token, run: values.run, at },
    fhir: values.fhir?.replace(/\/+$/, ''),
    seeds: values.seeds === undefined ? [whole('--seed', values.seed ?? '1', 0, 4_294_967_295)] : seedsOf(values.seeds),
    patients: whole('--patients', values.patients ?? '200', 50, 5_000),
    connections: whole('--connections', values.connections ?? '8', 1, 64),
    rates: readRates(values.rate ?? []),
    check: values.check !== false,
  };
}

const timeForm = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** Without a zone the same command would send another feed elsewhere. */
function timeOf(text: string): number {
  const at = isDay(timeForm.exec(text)?.[1] ?? '') ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    throw new Error('--at should be a time with Z or its offset, such as 2026-11-28T14:00Z or 2026-11-28T09:00-05:00');
  return at;
}

function targetOf(text: string): { readonly host: string; readonly port: number } {
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  if (host === '') throw new Error('--target should be HOST:PORT, such as 127.0.0.1:2575');
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: whole('the port of --target', port, 1, 65_535) };
}

function seedsOf(text: string): number[] {
  const [, first = '', last = ''] = /^(\d{1,6})-(\d{1,6})$/.exec(text) ?? [];
  const count = Number(last) - Number(first) + 1;
  if (first === '' || count < 1 || count > 1_000) throw new Error('--seeds should be two numbers such as 1-20');
  return Array.from({ length: count }, (_, at) => Number(first) + at);
}

function whole(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new Error(`${name} should be a whole number from ${min} to ${max}`);
}
