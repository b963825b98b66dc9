// Every setting: name, default, check, one sentence. The README's table is made from this list, and no other file reads
// the environment. A wrong setting stops the start, and all wrong ones are listed.

import path from 'node:path';
import { Fault } from './base/fault.ts';

interface Setting<Value> {
  readonly name: string;
  readonly default: string;
  readonly describes: string;
  /** The value, or what would be right. */
  readonly read: (text: string) => { readonly value: Value } | { readonly wanted: string };
}

const text = (text: string) => ({ value: text });
const whole =
  (min: number, max: number) =>
  (text: string): { value: number } | { wanted: string } => {
    const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? { value } : { wanted: `a whole number from ${min} to ${max}` };
  };
const optionalUrl = (protocols: readonly string[]) => (text: string) => {
  if (text === '') return { value: undefined };
  return URL.canParse(text) && protocols.includes(new URL(text).protocol)
    ? { value: text.replace(/\/+$/, '') }
    : { wanted: `an address that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}` };
};
const oneOf =
  <Choice extends string>(...choices: readonly Choice[]) =>
  (text: string): { value: Choice } | { wanted: string } =>
    choices.includes(text as Choice) ? { value: text as Choice } : { wanted: `one of ${choices.join(', ')}` };

const define = <Value>(
  name: string,
  byDefault: string,
  describes: string,
  read: Setting<Value>['read'],
): Setting<Value> => ({
  name,
  default: byDefault,
  describes,
  read,
});

const declared = {
  databaseUrl: define(
    'DATABASE_URL',
    '',
    'Postgres 15 or later; unset: an embedded Postgres under `DATA_DIR`.',
    optionalUrl(['postgres:', 'postgresql:']),
  ),
  dataDir: define('DATA_DIR', '.data', 'Embedded database and keys.', (value) => ({ value: path.resolve(value) })),
  host: define('HOST', '127.0.0.1', 'Address to listen on, for HTTP and MLLP.', text),
  httpPort: define(
    'HTTP_PORT',
    '8080',
    'Port of the FHIR API, the application and the operating addresses.',
    whole(0, 65_535),
  ),
  mllpPort: define(
    'MLLP_PORT',
    '2575',
    'MLLP port of the feed partner that names no port of its own.',
    whole(0, 65_535),
  ),
  publicUrl: define(
    'PUBLIC_URL',
    '',
    'Address under which others reach the service: issuer and base of links; unset: `http://HOST:HTTP_PORT`.',
    optionalUrl(['http:', 'https:']),
  ),
  profilesDir: define('PROFILES_DIR', 'profiles', 'Organisations, partners and protocols.', (value) => ({
    value: path.resolve(value),
  })),
  mappingsDir: define('MAPPINGS_DIR', 'mappings', 'Field mappings and code tables.', (value) => ({
    value: path.resolve(value),
  })),
  canonicalBase: define(
    'CANONICAL_BASE',
    'https://throughline.example/fhir',
    'Base of our own code systems, profiles and plan definitions.',
    optionalUrl(['http:', 'https:']),
  ),
  logLevel: define(
    'LOG_LEVEL',
    'info',
    'Least level that is logged: info, warn, error or silent.',
    oneOf('info', 'warn', 'error', 'silent'),
  ),
  frameBytesMax: define(
    'MLLP_FRAME_BYTES_MAX',
    '8388608',
    'Largest MLLP frame; a larger one is refused with AR and not kept.',
    whole(1_024, 268_435_456),
  ),
  segmentsMax: define(
    'MESSAGE_SEGMENTS_MAX',
    '20000',
    'Most segments (lines) of one HL7 v2 message; one with more is refused, kept and parked.',
    whole(100, 10_000_000),
  ),
  frameSecondsMax: define(
    'MLLP_FRAME_SECONDS_MAX',
    '30',
    'Longest time from the first to the last byte of a frame.',
    whole(1, 3_600),
  ),
  idleSecondsMax: define(
    'MLLP_IDLE_SECONDS_MAX',
    '0',
    'A connection silent for this long is closed; 0: never.',
    whole(0, 86_400),
  ),
  mllpConnectionsMax: define('MLLP_CONNECTIONS_MAX', '512', 'MLLP connections at once.', whole(1, 10_000)),
  mllpConnectionsPerAddressMax: define(
    'MLLP_CONNECTIONS_PER_ADDRESS_MAX',
    '256',
    'MLLP connections at once from one address.',
    whole(1, 10_000),
  ),
  bodyBytesMax: define('HTTP_BODY_BYTES_MAX', '8388608', 'Largest HTTP request body.', whole(1_024, 268_435_456)),
  batchBytesMax: define(
    'HTTP_BATCH_BYTES_MAX',
    '134217728',
    'Largest file that is posted: messages (FHS, BHS), of which larger ones go through the drop folder, or a list of members.',
    whole(1_024, 4_294_967_296),
  ),
  dropDir: define(
    'DROP_DIR',
    '',
    'Folder below which the drop folders of the partner files lie; unset: none is watched.',
    (value) => ({ value: value === '' ? undefined : path.resolve(value) }),
  ),
  workers: define('WORKERS', '2', 'Inbox workers per organisation.', whole(0, 32)),
  batchMax: define('BATCH_MAX', '128', 'Messages worked in one transaction.', whole(1, 2_000)),
  reviewSeconds: define(
    'REVIEW_SECONDS',
    '15',
    'How often charts are reviewed for what time alone changes; a divisor of 60.',
    (value) =>
      /^\d{1,2}$/.test(value) && 60 % Number(value) === 0 ? { value: Number(value) } : { wanted: 'a divisor of 60' },
  ),
  rawRetentionDays: define(
    'RAW_RETENTION_DAYS',
    '90',
    'Days after which raw messages expire, in whole weeks; what they changed stays, and what is not decided is kept.',
    whole(1, 3_650),
  ),
  readConnectionsMax: define(
    'READ_CONNECTIONS_MAX',
    '6',
    'Database connections per organisation for the API.',
    whole(1, 200),
  ),
  tokenRequestsPerMinute: define(
    'TOKEN_REQUESTS_PER_MINUTE',
    '120',
    'Token requests taken from one address per minute.',
    whole(1, 100_000),
  ),
  stopSecondsMax: define(
    'STOP_SECONDS_MAX',
    '8',
    'Longest time to finish what is in hand when stopping.',
    whole(1, 120),
  ),
} as const;

type Declared = typeof declared;
type Values = {
  readonly [Name in keyof Declared]: Extract<ReturnType<Declared[Name]['read']>, { value: unknown }>['value'];
};

export type Config = Omit<Values, 'canonicalBase'> & { readonly canonicalBase: string };

/** For the README's table. */
export const settings: readonly { readonly name: string; readonly default: string; readonly describes: string }[] =
  Object.values(declared);

/** Reads all settings. Throws `config.invalid` naming every wrong one and what would be right. */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [key, setting] of Object.entries(declared)) {
    const given = environment[setting.name];
    const result = setting.read(given === undefined || given === '' ? setting.default : given);
    if ('value' in result) values[key] = result.value;
    else problems.push(`${setting.name}: should be ${result.wanted}`);
  }
  if (problems.length > 0) throw new Fault('config.invalid', { detail: problems.join('\n') });
  return values as unknown as Config;
}
