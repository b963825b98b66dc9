// An inbox entry as the notice it is, by the language it was sent in: HL7 v2, or FHIR where its trigger says so.

import { Fault } from '../base/fault.ts';
import { instant } from '../base/instant.ts';
import type { Notice } from '../domain/notice.ts';
import { parseStrict } from '../fhir/strict-json.ts';
import { decodeMessage } from '../hl7/charset.ts';
import { parse } from '../hl7/parse.ts';
import { readFhirNotice } from '../translate/from-fhir/notice.ts';
import type { FeedLanguage } from '../translate/from-hl7/dialect.ts';
import { readNotice } from '../translate/from-hl7/notice.ts';

export interface KeptMessage {
  readonly trigger: string;
  readonly digest: Buffer;
  readonly raw: Buffer;
  readonly receivedAt: Date;
}

/** What precedes the event in the trigger of a FHIR message: `FHIR^ADMIT`. */
const fhirMark = 'FHIR^';
export const isFhir = (trigger: string): boolean => trigger.startsWith(fhirMark);
export const fhirTrigger = (event: string): string => `${fhirMark}${event}`;

/** How the message is called among events: its digest, so that the same message is the same event. */
export const eventId = (digest: Buffer): string => digest.toString('base64url').slice(0, 22);

/** Throws the Fault that parks the entry. */
export function understand(entry: KeptMessage, language: FeedLanguage | undefined): Notice {
  if (!language) throw new Fault('partner.unknown');
  const context = { digest: eventId(entry.digest), receivedAt: instant(entry.receivedAt.getTime()) };
  if (isFhir(entry.trigger)) return readFhirNotice(parseStrict(entry.raw), language, context).notice;
  const decoded = decodeMessage(entry.raw, language.dialect.charset);
  const notice = readNotice(parse(decoded.text), language, context);
  if (notice.kind === 'ignored' || decoded.warnings.length === 0) return notice;
  return { ...notice, warnings: [...notice.warnings, ...decoded.warnings.map((code) => ({ code, field: 'MSH-18' }))] };
}
