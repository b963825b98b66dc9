// Builds minimal ADT messages for tests: a test says what matters, everything else is a sane default.
// Segments end with CR, as on the wire (HL7 v2.5.1 ch. 2.5.1). All names are invented.

/** Every value is written as given: delimiters in it make components, `""` makes an explicit null. */
export interface AdtOptions {
  /** Trigger event, `A03`; MSH-9.2 and EVN-1. */
  readonly event?: string;
  /** PID-3.1. Default `1001`; `''` leaves PID-3 empty. */
  readonly mrn?: string;
  /** PID-3.4. Default `GH`. */
  readonly authority?: string;
  /** The whole of PID-3, instead of `mrn` and `authority`. */
  readonly identifiers?: string;
  /** PV1-19.1. Default `V1`; `''` leaves PV1-19 empty. */
  readonly visit?: string;
  /** PV1-19.4. Default: none. */
  readonly visitAuthority?: string;
  /** PID-18, account number. Default: none. */
  readonly account?: string;
  /** EVN-2. Default `20261120150000-0500`. */
  readonly at?: string;
  /** EVN-6. Default: none. */
  readonly occurredAt?: string;
  /** MSH-7. Default: the same as `at`. */
  readonly sentAt?: string;
  /** MSH-10. Default: made of event, MRN and `sentAt`, so that messages that differ in these differ in it. */
  readonly controlId?: string;
  /** MSH-13. Default: none. */
  readonly sequence?: string;
  /** MSH-3. Default `ADT`. */
  readonly application?: string;
  /** MSH-4. Default `GH`. */
  readonly facility?: string;
  /** MSH-11. Default `P`. */
  readonly processingId?: string;
  /** MSH-12. Default `2.5.1`. */
  readonly version?: string;
  /** PV1-2. Default `I`. */
  readonly class?: string;
  /** PV1-3. Default `4W^401^1^GH`. */
  readonly location?: string;
  /** PV1-4. */
  readonly admissionType?: string;
  /** PV1-7. */
  readonly attending?: string;
  /** PV1-9. */
  readonly consulting?: string;
  /** PV1-10. */
  readonly service?: string;
  /** PV1-36. */
  readonly disposition?: string;
  /** PV1-44. */
  readonly admittedAt?: string;
  /** PV1-45. */
  readonly dischargedAt?: string;
  /** PV2-3; a PV2 is written when this is given. */
  readonly reason?: string;
  /** PID-5. Default `Winter^Ada^M^^^^L`. */
  readonly name?: string;
  /** PID-7. Default `19550102`. */
  readonly birthDate?: string;
  /** PID-8. Default `F`. */
  readonly sex?: string;
  /** PID-11. */
  readonly address?: string;
  /** PID-13. */
  readonly phone?: string;
  /** PID-15. */
  readonly language?: string;
  /** PID-30: `true` writes Y, `false` N, a text itself. */
  readonly deceased?: boolean | string;
  /** PID-29. */
  readonly deceasedAt?: string;
  /** One DG1 for each: DG1-3, or DG1-3 with its type (DG1-6) and rank (DG1-15). */
  readonly diagnoses?: readonly (string | DiagnosisOption)[];
  /** PD1-4, general practitioner; a PD1 is written when this is given. */
  readonly practitioner?: string;
  /** Segments to write after all others, each a whole line. */
  readonly segments?: readonly string[];
  /** Names of segments to leave out, `PV1`; those of `segments` stay. */
  readonly without?: readonly string[];
}

export interface DiagnosisOption {
  readonly code: string;
  readonly type?: string;
  readonly rank?: string;
}

/** A pair of a merge: PID-3 is the survivor, MRG-1 the retired record; bare values get `^^^GH^MR`. */
export interface MergeOptions extends Omit<AdtOptions, 'mrn' | 'identifiers'> {
  readonly survivor?: string;
  readonly retired?: string;
  /** Several pairs in one message, instead of `survivor` and `retired`. */
  readonly pairs?: readonly { readonly survivor: string; readonly retired: string }[];
}

/** Any ADT message; default: an A08. */
export function anAdt(options: AdtOptions = {}): string {
  return wire([header(options), ...body(options)], options);
}

export const anAdmission = (options: AdtOptions = {}): string => anAdt({ event: 'A01', ...options });

/** A registration in the emergency department or clinic (class E). */
export const aRegistration = (options: AdtOptions = {}): string => anAdt({ event: 'A04', class: 'E', ...options });

/** A discharge to home: disposition 01, PV1-45 as given (default: none, so the event time counts). */
export const aDischarge = (options: AdtOptions = {}): string => anAdt({ event: 'A03', disposition: '01', ...options });

export const aTransfer = (options: AdtOptions = {}): string =>
  anAdt({ event: 'A02', location: '5E^502^2^GH', ...options });

export const anUpdate = (options: AdtOptions = {}): string => anAdt({ event: 'A08', ...options });

export const aCancelledAdmission = (options: AdtOptions = {}): string => anAdt({ event: 'A11', ...options });

export const aCancelledTransfer = (options: AdtOptions = {}): string => anAdt({ event: 'A12', ...options });

export const aCancelledDischarge = (options: AdtOptions = {}): string => anAdt({ event: 'A13', ...options });

/** A31: demographics without a visit. */
export const aPersonUpdate = (options: AdtOptions = {}): string =>
  anAdt({ event: 'A31', without: ['PV1'], ...options });

/** A40: MSH, EVN, then PID and MRG for each pair. */
export function aMerge(options: MergeOptions = {}): string {
  const pairs = options.pairs ?? [{ survivor: options.survivor ?? '1001', retired: options.retired ?? '1002' }];
  const fully = (id: string): string =>
    id === '' || id.includes('^') ? id : `${id}^^^${options.authority ?? 'GH'}^MR`;
  const common = { event: 'A40', ...options, mrn: pairs.map((pair) => pair.retired).join('+') };
  const lines = pairs.flatMap((pair) => [
    person({ ...common, identifiers: fully(pair.survivor) }),
    segment('MRG', { 1: fully(pair.retired) }),
  ]);
  return wire([header(common), event(common), ...lines], options);
}

/** One segment from its numbered fields: `segment('PV1', { 2: 'I', 19: 'V1' })`. */
export function segment(name: string, fields: Readonly<Record<number, string | undefined>>): string {
  const last = Math.max(
    0,
    ...Object.keys(fields)
      .map(Number)
      .filter((index) => (fields[index] ?? '') !== ''),
  );
  const values = Array.from({ length: last }, (_, index) => fields[index + 1] ?? '');
  return [name, ...values].join('|');
}

const sentAt = (options: AdtOptions): string => options.sentAt ?? options.at ?? '20261120150000-0500';

function header(options: AdtOptions): string {
  const trigger = options.event ?? 'A08';
  const control = options.controlId ?? `${trigger}-${options.mrn ?? '1001'}-${sentAt(options)}`;
  return segment('MSH', {
    1: '^~\\&',
    2: options.application ?? 'ADT',
    3: options.facility ?? 'GH',
    4: 'THROUGHLINE',
    5: 'RIVERSIDE',
    6: sentAt(options),
    8: `ADT^${trigger}`,
    9: control,
    10: options.processingId ?? 'P',
    11: options.version ?? '2.5.1',
    12: options.sequence,
  });
}

function body(options: AdtOptions): readonly string[] {
  const lines = [event(options), person(options)];
  if (options.practitioner !== undefined) lines.push(segment('PD1', { 4: options.practitioner }));
  lines.push(visit(options));
  if (options.reason !== undefined) lines.push(segment('PV2', { 3: options.reason }));
  for (const [index, diagnosis] of (options.diagnoses ?? []).entries()) {
    const { code, type, rank }: DiagnosisOption = typeof diagnosis === 'string' ? { code: diagnosis } : diagnosis;
    lines.push(segment('DG1', { 1: String(index + 1), 3: code, 6: type, 15: rank }));
  }
  return lines;
}

const event = (options: AdtOptions): string =>
  segment('EVN', { 1: options.event ?? 'A08', 2: options.at ?? '20261120150000-0500', 6: options.occurredAt });

function person(options: AdtOptions): string {
  const mrn = options.mrn ?? '1001';
  const deceased = typeof options.deceased === 'boolean' ? (options.deceased ? 'Y' : 'N') : options.deceased;
  return segment('PID', {
    1: '1',
    3: options.identifiers ?? (mrn === '' ? '' : `${mrn}^^^${options.authority ?? 'GH'}^MR`),
    5: options.name ?? 'Winter^Ada^M^^^^L',
    7: options.birthDate ?? '19550102',
    8: options.sex ?? 'F',
    11: options.address,
    13: options.phone,
    15: options.language,
    18: options.account,
    29: options.deceasedAt,
    30: deceased,
  });
}

function visit(options: AdtOptions): string {
  const number = options.visit ?? 'V1';
  return segment('PV1', {
    1: '1',
    2: options.class ?? 'I',
    3: options.location ?? '4W^401^1^GH',
    4: options.admissionType,
    7: options.attending,
    9: options.consulting,
    10: options.service,
    19: number === '' || options.visitAuthority === undefined ? number : `${number}^^^${options.visitAuthority}`,
    36: options.disposition,
    44: options.admittedAt,
    45: options.dischargedAt,
  });
}

function wire(lines: readonly string[], { without = [], segments = [] }: AdtOptions): string {
  const kept = lines.filter((line) => !without.includes(line.slice(0, 3)));
  return [...kept, ...segments].map((line) => `${line}\r`).join('');
}
