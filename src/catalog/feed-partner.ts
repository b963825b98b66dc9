// The file of a feed: a system that sends HL7 v2 messages (profiles/partners/*.yaml, kind: feed).

import { decodeMessage } from '../hl7/charset.ts';
import type { Authority, Dialect } from '../translate/from-hl7/dialect.ts';
import {
  dialectKeys,
  readAcknowledge,
  readClockLimits,
  readFacilityZone,
  readIdentifierTypes,
  readObservation,
  readOverrides,
  readZone,
} from './feed-dialect.ts';
import { fileKeys, readFeedFiles } from './feed-files.ts';
import type { FeedPartner, FeedTls } from './partner.ts';
import { entries, type Field, identifier, list, oneOf, record, report, text, wholeNumber } from './reading.ts';

/** Table 0103. */
const processingIds = ['P', 'T', 'D'] as const;

export function readFeedPartner(field: Field, fileId: string): FeedPartner {
  const keys = record(
    field,
    ['kind', 'id', 'organisation', 'name', 'processing-ids', 'panel', 'zone', 'authority'],
    [
      'port',
      'http',
      'tls',
      'applications',
      'facilities',
      'facility-zones',
      'facility-authorities',
      'charset',
      'namesakes',
      'authorities',
      'visit-authority',
      ...fileKeys,
      ...dialectKeys,
    ],
  );
  const id = identifier(keys.id);
  if (id !== fileId) report(keys.id, `the id "${id}" is not the name of its file`, `write ${fileId}`);
  const defaultAuthority = readAuthority(keys.authority);
  const dialect: Dialect = {
    partner: id,
    timeZone: readZone(keys.zone),
    facilityZones: keys['facility-zones'] ? pairs(keys['facility-zones'], readFacilityZone) : {},
    ...(keys.charset && { charset: readCharset(keys.charset) }),
    defaultAuthority,
    ...(keys['facility-authorities'] && { facilityAuthorities: pairs(keys['facility-authorities'], readAuthority) }),
    authorities: keys.authorities ? pairs(keys.authorities, readAuthority) : {},
    visitAuthority: keys['visit-authority']
      ? readAuthority(keys['visit-authority'])
      : { uri: `${defaultAuthority.uri}/visit`, name: defaultAuthority.name },
    ...(keys['identifier-types'] && { identifierTypes: readIdentifierTypes(keys['identifier-types']) }),
    ...(keys.observation && { observation: readObservation(keys.observation) }),
    ...(keys.mode && { mode: oneOf(keys.mode, ['snapshot', 'action'], 'mode') }),
    ...(keys['trailing-zeros'] && {
      trailingZeros: oneOf(keys['trailing-zeros'], ['midnight', 'no-time'], 'meaning'),
    }),
    ...(keys.clock && { clock: readClockLimits(keys.clock) }),
  };
  const overrides = readOverrides(keys);
  return {
    kind: 'feed',
    id,
    organisation: identifier(keys.organisation),
    name: text(keys.name),
    ...(keys.port && { port: readPort(keys.port) }),
    ...(keys.http && { http: { clients: list(record(keys.http, ['clients']).clients).map(text) } }),
    ...(keys.tls && { tls: readTls(keys.tls) }),
    ...(keys.applications && { applications: filled(keys.applications) }),
    ...(keys.facilities && { facilities: filled(keys.facilities) }),
    processingIds: list(keys['processing-ids']).map((each) => oneOf(each, processingIds, 'processing id')),
    panel: oneOf(keys.panel, ['all', 'roster'], 'panel'),
    ...(keys.namesakes && { namesakes: oneOf(keys.namesakes, ['apply', 'wait'], 'rule') }),
    dialect,
    ...readFeedFiles(keys),
    ...(keys.acknowledge && { acknowledge: readAcknowledge(keys.acknowledge) }),
    ...(overrides && { overrides }),
  };
}

function readTls(field: Field): FeedTls {
  const keys = record(field, ['key-file', 'cert-file', 'client-certificate'], ['ca-file', 'names']);
  return {
    keyFile: text(keys['key-file']),
    certFile: text(keys['cert-file']),
    ...(keys['ca-file'] && { caFile: text(keys['ca-file']) }),
    clientCertificate: oneOf(keys['client-certificate'], ['required', 'optional'], 'rule'),
    ...(keys.names && { names: filled(keys.names) }),
  };
}

function readAuthority(field: Field): Authority {
  const keys = record(field, ['uri', 'name']);
  const uri = text(keys.uri);
  if (uri !== '' && !/^[a-z][a-z0-9+.-]*:[^\s|]+$/.test(uri)) {
    report(keys.uri, `"${uri}" is not a URI`, 'write it like https://hospital.example/mrn or urn:oid:2.16…');
  }
  return { uri, name: text(keys.name) };
}

function readCharset(field: Field): string {
  const charset = text(field);
  if (charset !== '' && !isUsable(charset)) {
    report(field, `unknown character set "${charset}"`, 'write one of HL7 table 0211, such as UNICODE UTF-8 or 8859/1');
  }
  return charset;
}

/** A name that helps with a byte above 127: an unknown one, or ASCII, leaves it to be guessed. */
const isUsable = (charset: string): boolean =>
  !decodeMessage(Uint8Array.of(0x80), charset).warnings.includes('charset-guessed');

function readPort(field: Field): number {
  const port = wholeNumber(field, 1);
  if (port > 65_535) report(field, `${port} is not a port`, 'write a number up to 65535');
  return port;
}

/** A mapping from a sender's own names, each of them once. */
function pairs<Value>(field: Field, read: (field: Field) => Value): Record<string, Value> {
  return Object.fromEntries(entries(field).map(([name, value]) => [name, read(value)]));
}

/** A list that allows nobody would be a feed that cannot speak. */
function filled(field: Field): string[] {
  const values = list(field).map(text);
  if (values.length === 0) report(field, 'the list is empty', 'name at least one, or leave the key out');
  return values;
}
