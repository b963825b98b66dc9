// Receiving a FHIR message or an Encounter of a feed: read it once to see that it can be understood, keep its bytes in
// the same inbox as HL7 v2, and only then say that it is kept. What cannot be understood is refused, not kept: its
// sender hears where it is wrong.

import { createHash } from 'node:crypto';
import { Fault } from '../base/fault.ts';
import { badMessage } from '../fhir/message.ts';
import { partOf } from '../fhir/part.ts';
import { parseStrict } from '../fhir/strict-json.ts';
import { type FhirNotice, readFhirNotice } from '../translate/from-fhir/notice.ts';
import type { FeedLanguage } from '../translate/from-hl7/dialect.ts';
import type { Intake } from './intake.ts';
import { type Receiving, shardOf } from './receive-message.ts';
import { eventId, fhirTrigger } from './understand.ts';

export interface ResourceReceiving {
  readonly feedOf: (partner: string) => { readonly intake: Intake } | undefined;
  readonly languageOf: (partner: string) => FeedLanguage | undefined;
  readonly count: Receiving['count'];
}

export interface PostedResource {
  readonly bytes: Uint8Array;
  readonly partner: string;
  readonly form: 'message' | 'encounter';
  /** The id in the address of an Encounter; its own must be the same. */
  readonly id?: string;
}

/** Nothing where it will be worked; else why it has no effect. */
export interface ResourceKept {
  readonly ignored?: string;
}

/** Resolves when the bytes are on disk. Throws `fhir.*` for what is refused and `store.unavailable` for what is not kept. */
export async function receiveResource(receiving: ResourceReceiving, posted: PostedResource): Promise<ResourceKept> {
  const { partner, bytes } = posted;
  const feed = receiving.feedOf(partner);
  const language = receiving.languageOf(partner);
  if (!feed || !language) throw new Fault('partner.unknown');
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const digest = createHash('sha256').update(raw).digest();
  const value = parseStrict(raw);
  checkForm(value, posted);
  const read = readFhirNotice(value, language, { digest: eventId(digest) });
  const trigger = fhirTrigger(read.trigger);
  receiving.count('received', { partner, trigger });
  await feed.intake.keep({ partner, controlId: read.controlId, digest, raw, shard: shardOf(keyOf(read)), trigger });
  receiving.count('acknowledged', { partner, code: '202' });
  return read.notice.kind === 'ignored' ? { ignored: read.notice.reason } : {};
}

function checkForm(value: unknown, { form, id }: PostedResource): void {
  const resource = partOf(value);
  if (form === 'message') {
    if (resource?.resourceType !== 'Bundle') throw badMessage('Bundle: send a Bundle of type message');
    return;
  }
  if (resource?.resourceType !== 'Encounter') throw badMessage('Encounter: send an Encounter to this address');
  if (id !== undefined && resource.id !== id) throw badMessage('Encounter.id: write the id of the address');
}

/** Messages with one key are worked in the order they came. */
function keyOf({ notice, controlId }: FhirNotice): string {
  if (notice.kind !== 'encounter') return controlId;
  const [first] = notice.subject.identifiers;
  return first ? `${first.authority}|${first.value}` : controlId;
}
