// Faults: broken expectations, each with a stable code. The kind says what a caller can do and is all an
// edge looks at; the table below is the single list of codes, and docs/faults.md is generated from it.

export type FaultKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'gone'
  | 'conflict'
  | 'unsupported'
  | 'busy'
  | 'unavailable'
  | 'defect';

/** Every code: its kind and a static sentence. No sentence may carry data of a message or a person. */
export const faults = {
  'hl7.not-a-message': ['invalid', 'The content does not start with an MSH segment.'],
  'hl7.bad-delimiters': [
    'invalid',
    'MSH-1 and MSH-2 must name distinct delimiters that are not letters, digits or blanks.',
  ],
  'hl7.header-missing': ['invalid', 'A required field of the message header is empty.'],
  'hl7.type-missing': ['invalid', 'MSH-9 names no message type.'],
  'hl7.version-unsupported': ['unsupported', 'MSH-12 names a version that is not HL7 v2.'],
  'hl7.processing-id-refused': ['unsupported', 'MSH-11 names a processing id that this feed does not take.'],
  'hl7.acknowledgment-mode': ['invalid', 'MSH-15 and MSH-16 must be both valued or both empty.'],
  'hl7.batch-refused': ['unsupported', 'A batch was sent where single messages are taken.'],
  'hl7.several-messages': ['invalid', 'One frame holds more than one MSH segment; send each message in its own frame.'],
  'hl7.too-many-segments': ['invalid', 'The message has more segments than the limit allows.'],
  'hl7.message-too-large': ['invalid', 'A message of the file exceeds the size limit.'],
  'hl7.file-unreadable': ['invalid', 'The file cannot be opened for reading.'],
  'hl7.file-broken': ['invalid', 'The file ended, or changed, before it was read to its end.'],
  'hl7.charset-unknown': ['unsupported', 'MSH-18 names a character set that is not known here.'],
  'hl7.segment-missing': ['invalid', 'A segment that this event requires is absent.'],
  'hl7.patient-unidentified': ['invalid', 'PID-3 names no patient identifier.'],
  'hl7.merge-incomplete': ['invalid', 'A merge needs an identifier in both PID-3 and MRG-1.'],
  'hl7.appointment-unnumbered': ['invalid', 'Neither SCH-2 nor SCH-1 gives the appointment a number.'],
  'hl7.visit-missing': [
    'invalid',
    'The event needs a visit or account number on both sides: what it is and what it was.',
  ],
  'hl7.time-missing': ['invalid', 'Neither EVN-2, EVN-6 nor MSH-7 holds a time, so the event cannot be ordered.'],
  'hl7.time-zone-missing': ['invalid', 'A time has no zone in its field, in MSH-7 or in the partner file.'],
  'match.ambiguous': ['conflict', 'The identifiers of the message belong to different patients; a person must decide.'],
  'mllp.frame-too-large': ['invalid', 'A frame exceeded the size limit.'],
  'http.body-too-large': ['invalid', 'The request body exceeds the size limit.'],
  'http.body-unfinished': [
    'invalid',
    'The request body did not arrive within its time; send it again, or over a faster line.',
  ],
  'http.content-type': ['unsupported', 'The content type of the request is not taken at this address.'],
  'http.unknown-address': ['not-found', 'There is nothing at this address.'],
  'http.method-not-allowed': ['unsupported', 'This address does not take that method.'],
  'partner.sender-refused': ['forbidden', 'MSH-3 or MSH-4 names a sender that may not speak on this connection.'],
  'partner.unknown': ['forbidden', 'The connection belongs to no configured partner.'],
  'auth.token-missing': ['unauthenticated', 'Send a bearer token in the Authorization header.'],
  'auth.token-invalid': ['unauthenticated', 'The bearer token is not valid or has expired.'],
  'auth.operator-only': ['forbidden', 'This address is for operators; the client of the token is none.'],
  'auth.scope-insufficient': ['forbidden', 'The scopes of the token do not allow this request.'],
  'ops.request-invalid': ['invalid', 'The request is not of the form that this address takes.'],
  'ops.not-found': ['not-found', 'There is no such thing.'],
  'ops.raw-expired': ['gone', 'The bytes of this message have expired; its fate and what it changed are kept.'],
  'ops.conflict': ['conflict', 'What is asked does not fit what stands now.'],
  'fhir.type-unknown': ['not-found', 'This server does not serve that resource type.'],
  'fhir.resource-unknown': ['not-found', 'There is no such resource.'],
  'fhir.version-unknown': ['not-found', 'There is no such version of the resource.'],
  'fhir.id-invalid': ['invalid', 'A resource id is 1 to 64 letters, digits, dots or hyphens.'],
  'fhir.parameter-unknown': ['invalid', 'A search parameter is not known for this resource type.'],
  'fhir.parameter-value': ['invalid', 'The value of a search parameter is not of its form.'],
  'fhir.interaction-unsupported': ['unsupported', 'This server does not offer that interaction.'],
  'fhir.json-invalid': ['invalid', 'The body is not JSON that can be read in one way only.'],
  'fhir.message-invalid': ['invalid', 'The body is not a message, or an Encounter, that can be understood.'],
  'fhir.format-unsupported': ['unsupported', 'This server speaks JSON only.'],
  'fhir.too-costly': ['busy', 'The search would return more than the limit allows; narrow it.'],
  'store.unavailable': ['unavailable', 'The database cannot be reached.'],
  'store.conflict': ['conflict', 'Another change came first.'],
  'store.migration': ['conflict', 'The migrations of this version and those of the database do not fit.'],
  'service.stopping': ['unavailable', 'The service is stopping.'],
  'service.busy': ['busy', 'Too many requests are under way.'],
  'catalog.invalid': ['invalid', 'The profiles or mappings hold errors.'],
  'config.invalid': ['invalid', 'The settings hold errors.'],
  'postgres.start': ['unavailable', 'The embedded Postgres did not start.'],
  'defect.unexpected': ['defect', 'Something unexpected went wrong here.'],
} as const satisfies Record<string, readonly [FaultKind, string]>;

export type FaultCode = keyof typeof faults;

/** The one error class. `detail` is for people who set the service up; it never holds patient data. */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly kind: FaultKind;
  readonly detail: string | undefined;

  constructor(code: FaultCode, options: { readonly detail?: string; readonly cause?: unknown } = {}) {
    super(faults[code][1], options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Fault';
    this.code = code;
    this.kind = faults[code][0];
    this.detail = options.detail;
  }
}

/** Anything thrown, as a fault: what is not one yet is our defect. */
export function asFault(thrown: unknown): Fault {
  return thrown instanceof Fault ? thrown : new Fault('defect.unexpected', { cause: thrown });
}
