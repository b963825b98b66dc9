// Receiving one message: keep its bytes, then answer. AA and CA mean "on disk"; trouble on our side gets no answer, so
// that the sender keeps the message and sends it again.

import { createHash } from 'node:crypto';
import { asFault, type Fault, type FaultCode, faults } from '../base/fault.ts';
import type { Instant } from '../base/instant.ts';
import { formatInstant } from '../base/time.ts';
import { type AckError, buildAck } from '../hl7/ack.ts';
import { type AcknowledgmentPolicy, decideAcknowledgments } from '../hl7/acknowledgments.ts';
import { decodeMessage } from '../hl7/charset.ts';
import { checkHeader, type HeaderProblem } from '../hl7/check-header.ts';
import { firstIdentifier } from '../hl7/first-identifier.ts';
import { countMessages, type Header, isBatch, readHeader } from '../hl7/header.ts';
import { hasMoreLines } from '../hl7/lines.ts';
import type { Intake } from './intake.ts';

export interface ReceivingFeed {
  readonly partner: string;
  readonly processingIds: readonly string[];
  readonly charset: string | undefined;
  /** MSH-3 and MSH-4 that the feed may carry; absent: any. */
  readonly applications: readonly string[] | undefined;
  readonly facilities: readonly string[] | undefined;
  /** Common names a client certificate must bear one of; absent: any that the listener verified. */
  readonly certificateNames?: readonly string[] | undefined;
  readonly acknowledge?: AcknowledgmentPolicy | undefined;
  /** A message of more lines is refused before anything reads it. */
  readonly segmentsMax?: number | undefined;
  readonly intake: Intake;
}

/** What of a feed its messages' headers are held against. */
export type HeaderRules = Omit<ReceivingFeed, 'partner' | 'intake'>;

export interface Received {
  readonly bytes: Uint8Array;
  /** The beginning of a message that is too large to be taken: refused, and only its header is kept. */
  readonly isOversize?: true | undefined;
  readonly partner: string;
  /** Common name of the verified client certificate, if the connection has one. */
  readonly clientName?: string | undefined;
  /** The sender's token, or the folder of a file, has said already who speaks: there is no certificate to ask for. */
  readonly isVouchedFor?: true;
  /** Hears what the answer says, once the message is kept, whether or not the sender wants one. */
  readonly told?: (told: Told) => void;
}

export interface Told {
  readonly controlId: string | undefined;
  /** Empty: accepted. */
  readonly problems: readonly HeaderProblem[];
}

/** The acknowledgments to send, in order; or `close`: send nothing and end the connection. */
export type Reply = readonly Uint8Array[] | 'close';

export interface Receiving {
  readonly feedOf: (partner: string) => ReceivingFeed | undefined;
  readonly now: () => Instant;
  /** A fresh MSH-10, at most 20 characters. */
  readonly newControlId: () => string;
  readonly count: (what: 'received' | 'acknowledged' | 'unanswered', labels: Readonly<Record<string, string>>) => void;
  readonly warn: (
    event: string,
    fields: { readonly partner: string; readonly code: string; readonly bytes?: number },
  ) => void;
}

const shardCount = 64;
export const segmentsMaxByDefault = 20_000;
/** Enough to hold any header. */
const headBytesMax = 16_384;
export const us = { application: 'THROUGHLINE', facility: '' };

export async function receiveMessage(
  receiving: Receiving,
  { bytes, isOversize, partner, clientName, isVouchedFor, told }: Received,
): Promise<Reply> {
  const feed = receiving.feedOf(partner);
  if (!feed || !(isVouchedFor || bearsName(feed, clientName))) {
    receiving.warn('message from a stranger refused', { partner, code: 'partner.unknown', bytes: bytes.length });
    return 'close';
  }
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Of what cannot be taken the header alone: its fate can be found, and read again it says nothing of anybody.
  const raw = isOversize ? firstLine(whole) : whole;
  const tooLarge = isVouchedFor ? 'http.body-too-large' : 'mllp.frame-too-large';
  const seen = isOversize ? lookAtHead(raw, feed, tooLarge) : look(raw, feed);
  const trigger = triggerOf(seen.header);
  receiving.count('received', { partner, trigger });
  if (isOversize) receiving.warn('message too large, refused', { partner, code: tooLarge });
  try {
    await feed.intake.keep({
      partner,
      controlId: seen.header?.controlId ?? '',
      digest: createHash('sha256').update(raw).digest(),
      raw,
      shard: shardOf(seen.key),
      trigger,
      ...(seen.problems[0] && { parkedFor: seen.problems[0].code, parkedAt: placeIn(seen.problems[0].location) }),
    });
  } catch (thrown) {
    const { code } = asFault(thrown);
    receiving.count('unanswered', { partner, code });
    receiving.warn('message not kept, connection closed without an answer', { partner, code, bytes: raw.length });
    return 'close';
  }
  return answer(receiving, feed, seen, told);
}

function answer(receiving: Receiving, feed: ReceivingFeed, seen: Seen, told: Received['told']): Reply {
  const { partner } = feed;
  told?.({ controlId: seen.header?.controlId, problems: seen.problems });
  const outcome =
    seen.problems.length === 0
      ? ({ accepted: true } as const)
      : ({ accepted: false, problems: seen.problems } as const);
  const errors = seen.problems.map(errorOf);
  const now = stamp(receiving.now());
  return decideAcknowledgments(seen.header, outcome, feed.acknowledge).map((code) => {
    receiving.count('acknowledged', { partner, code });
    const accepted = code === 'AA' || code === 'CA';
    const text = buildAck({
      header: seen.header,
      code,
      controlId: receiving.newControlId(),
      now,
      us,
      errors: accepted ? [] : errors,
    });
    return Buffer.from(text, 'utf8');
  });
}

function firstLine(bytes: Buffer): Buffer {
  const end = bytes.findIndex((byte) => byte === 0x0d || byte === 0x0a);
  return bytes.subarray(0, Math.min(end === -1 ? bytes.length : end, headBytesMax));
}

/** The connection says who speaks, never the message. */
const bearsName = ({ certificateNames }: ReceivingFeed, clientName: string | undefined): boolean =>
  certificateNames === undefined || (clientName !== undefined && certificateNames.includes(clientName));

export interface Seen {
  readonly header: Header | undefined;
  readonly problems: readonly HeaderProblem[];
  /** Messages with one key are worked in the order they came. */
  readonly key: string;
}

/** What the header alone shows. Everything else is looked at after the answer. */
export function look(raw: Buffer, feed: HeaderRules): Seen {
  if (hasMoreLines(raw, feed.segmentsMax ?? segmentsMaxByDefault))
    return lookAtHead(raw.subarray(0, headBytesMax), feed, 'hl7.too-many-segments');
  let header: Header | undefined;
  try {
    const { text } = decodeMessage(raw, feed.charset);
    if (isBatch(text))
      return {
        header: undefined,
        problems: [problem('hl7.batch-refused', text.trimStart().startsWith('BHS') ? 'BHS^1' : 'FHS^1', '200', 'AR')],
        key: '',
      };
    header = readHeader(text);
    const problems = [...checkHeader(header, feed), ...checkSender(header, feed)];
    if (countMessages(text) > 1) problems.push(problem('hl7.several-messages', 'MSH^2', '100', 'AE'));
    const first = firstIdentifier(text);
    return {
      header,
      problems,
      key: first ? `${first.namespace ?? first.universalId ?? ''}|${first.id}` : (header.controlId ?? ''),
    };
  } catch (thrown) {
    const fault: Fault = asFault(thrown);
    const code: FaultCode = fault.kind === 'defect' ? 'hl7.not-a-message' : fault.code;
    const location = code === 'hl7.bad-delimiters' ? 'MSH^1^2' : 'MSH^1';
    return { header, problems: [problem(code, location, '100', 'AR')], key: '' };
  }
}

/** The header of a message that is refused for its size, as far as it can be read. */
function lookAtHead(head: Buffer, feed: HeaderRules, code: FaultCode): Seen {
  let header: Header | undefined;
  try {
    header = readHeader(decodeMessage(head, feed.charset).text);
  } catch {
    // Without one the answer names nobody.
  }
  return { header, problems: [problem(code, 'MSH^1', '207', 'AR')], key: header?.controlId ?? '' };
}

function checkSender(header: Header, feed: HeaderRules): HeaderProblem[] {
  const allowed = (list: readonly string[] | undefined, name: string | undefined) =>
    !list || (name !== undefined && list.includes(name));
  if (!allowed(feed.applications, header.sendingApplication.namespace))
    return [problem('partner.sender-refused', 'MSH^1^3', '207', 'AR')];
  if (!allowed(feed.facilities, header.sendingFacility.namespace))
    return [problem('partner.sender-refused', 'MSH^1^4', '207', 'AR')];
  return [];
}

const problem = (code: FaultCode, location: string, errorCode: string, reply: 'AR' | 'AE'): HeaderProblem => ({
  code,
  location,
  errorCode,
  reply,
});

/** ERR-2 as people write a place: `MSH^1^4` is MSH-4. */
export function placeIn(location: string): string {
  const [segment = '', , field] = location.split('^');
  return field === undefined ? segment : `${segment}-${field}`;
}

export const errorOf = ({ code, location, errorCode }: HeaderProblem): AckError => ({
  location,
  errorCode,
  severity: 'E',
  text: faults[code][1],
});

/** `ADT^A01`, or `?` where the header says nothing usable: this becomes a metric's label, so it is kept short and plain. */
function triggerOf(header: Header | undefined): string {
  const plain = (text: string | undefined) => (text !== undefined && /^[A-Z0-9]{1,4}$/.test(text) ? text : '?');
  if (!header?.messageCode) return '?';
  return header.triggerEvent === undefined
    ? plain(header.messageCode)
    : `${plain(header.messageCode)}^${plain(header.triggerEvent)}`;
}

/** FNV-1a, 32 bits: spreads keys evenly over the shards. */
export function shardOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % shardCount;
}

/** HL7 DTM in UTC. */
export const stamp = (at: Instant): string => `${formatInstant(at).replace(/[-:T]/g, '').slice(0, 14)}+0000`;
