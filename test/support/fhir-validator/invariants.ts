// Invariants of FHIR R4 and US Core that concern what we serve, translated by hand from their FHIRPath. A key that is
// neither here nor in `notTranslated` fails a test.

import { isNationalProvider } from '../../../src/fhir/us-core.ts';

// biome-ignore lint/suspicious/noExplicitAny: resources are walked without knowing their types
type Any = any;
/** Whether a value meets the invariant; `root` is the outermost resource. */
export type Invariant = (value: Any, root: Any) => boolean;

const has = (value: unknown): boolean => value !== undefined && value !== null;
const implies = (one: boolean, other: boolean): boolean => !one || other;
const codings = (concept: Any): Any[] => concept?.coding ?? [];
const versionStatus = 'http://terminology.hl7.org/CodeSystem/condition-ver-status';
const isInError = (condition: Any): boolean =>
  codings(condition.verificationStatus).some((one) => one.system === versionStatus && one.code === 'entered-in-error');
const isAllergyInError = (allergy: Any): boolean =>
  codings(allergy.verificationStatus).some((one) => one.code === 'entered-in-error');
const type = (reference: Any): string | undefined => reference?.reference?.split('/').at(-2);

/** Every string below a value, for references to contained resources. */
const strings = (value: Any): string[] =>
  typeof value === 'string' ? [value] : value && typeof value === 'object' ? Object.values(value).flatMap(strings) : [];

/** Dates of different precision compare as far as both go, as in FHIRPath. */
export function isOrdered(start: string, end: string): boolean {
  if (start.includes('T') && end.includes('T')) return Date.parse(start) <= Date.parse(end);
  const length = Math.min(start.split('T')[0]!.length, end.split('T')[0]!.length);
  return start.slice(0, length) <= end.slice(0, length);
}

export const invariants: Readonly<Record<string, Invariant>> = {
  'ele-1': (value) => typeof value !== 'object' || Object.keys(value).some((key) => key !== 'id'),
  'ext-1': (value) => has(value.extension) !== Object.keys(value).some((key) => key.startsWith('value')),
  'dom-2': (value) => (value.contained ?? []).every((one: Any) => !has(one.contained)),
  'dom-3': (value) => (value.contained ?? []).every((one: Any) => strings(value).includes(`#${one.id}`)),
  'dom-4': (value) =>
    (value.contained ?? []).every((one: Any) => !has(one.meta?.versionId) && !has(one.meta?.lastUpdated)),
  'dom-5': (value) => (value.contained ?? []).every((one: Any) => !has(one.meta?.security)),
  'ref-1': (value, root) =>
    !value.reference?.startsWith('#') || (root.contained ?? []).some((one: Any) => `#${one.id}` === value.reference),
  'per-1': (value) => !has(value.start) || !has(value.end) || isOrdered(value.start, value.end),
  'cpt-2': (value) => implies(has(value.value), has(value.system)),
  'qty-3': (value) => implies(has(value.code), has(value.system)),
  'drt-1': (value) => implies(has(value.code), value.system === 'http://unitsofmeasure.org' && has(value.value)),
  'exp-1': (value) => has(value.expression) || has(value.reference),
  'trd-1': (value) => !has(value.data) || !Object.keys(value).some((key) => key.startsWith('timing')),
  'trd-2': (value) => implies(has(value.condition), has(value.data)),
  'trd-3': (value) => implies(value.type === 'named-event', has(value.name)),
  'pat-1': (value) => has(value.name) || has(value.telecom) || has(value.address) || has(value.organization),
  'con-1': (value) => has(value.summary) || has(value.assessment),
  'con-2': (value) => has(value.code) || has(value.detail),
  'con-4': (value) =>
    !Object.keys(value).some((key) => key.startsWith('abatement')) ||
    codings(value.clinicalStatus).some((one) => ['resolved', 'remission', 'inactive'].includes(one.code)),
  'con-5': (value) => implies(isInError(value), !has(value.clinicalStatus)),
  'cpl-3': (value) => !has(value.detail) || !has(value.reference),
  'ctm-1': (value) => implies(has(value.onBehalfOf), type(value.member) === 'Practitioner'),
  'prr-1': (value) => implies(has(value.orderDetail), has(value.code)),
  'inv-1': (value) =>
    !has(value.lastModified) || !has(value.authoredOn) || isOrdered(value.authoredOn, value.lastModified),
  'org-1': (value) => has(value.identifier) || has(value.name),
  'org-2': (value) => value.use !== 'home',
  'org-3': (value) => value.use !== 'home',
  // One key, two rules: of names, and of the attachments of documents.
  'us-core-6': (value, root) =>
    root.resourceType === 'DocumentReference'
      ? has(value.url) || has(value.data)
      : (has(value.family) || has(value.given)) !==
        (value.extension ?? []).some(
          (one: Any) => one.url === 'http://hl7.org/fhir/StructureDefinition/data-absent-reason',
        ),
  'att-1': (value) => implies(has(value.data), has(value.contentType)),
  'ait-1': (value) => isAllergyInError(value) || has(value.clinicalStatus),
  'ait-2': (value) => implies(isAllergyInError(value), !has(value.clinicalStatus)),
  'app-1': (value) => has(value.type) || has(value.actor),
  'app-2': (value) => has(value.start) === has(value.end),
  'app-3': (value) =>
    (has(value.start) && has(value.end)) || ['proposed', 'cancelled', 'waitlist'].includes(value.status),
  // As R4 writes it: its expression knows `no-show`, which is no code of the status.
  'app-4': (value) => implies(has(value.cancelationReason), value.status === 'cancelled'),
  'us-core-13': (value) =>
    has(value.practitioner) || has(value.organization) || has(value.healthcareService) || has(value.location),
  'us-core-16': (value) => /^[0-9]{10}$/.test(value.value),
  'us-core-17': (value) => isNationalProvider(value.value),
  'us-core-18': (value) => /^[0-9]{2}D[0-9]{7}$/.test(value.value),
  'us-core-19': (value) => /^[0-9]{5}$/.test(value.value),
  'pd-1': (value) => has(value.telecom) || has(value.endpoint),
  'provenance-1': (value) => implies(/^(Practitioner|Device)$/.test(type(value.who) ?? ''), has(value.onBehalfOf)),
};

/** Invariants left out, and why. */
export const notTranslated: Readonly<Record<string, string>> = {
  'txt-1': 'checked with the primitive type xhtml',
  'txt-2': 'checked with the primitive type xhtml',
  ...of('no resource of ours holds this data type', [
    ...['rat-1', 'rng-2', 'tim-1', 'tim-2', 'tim-4', 'tim-5', 'tim-6', 'tim-7', 'tim-8', 'tim-9', 'tim-10'],
    ...['drq-1', 'drq-2', 'dis-1', 'cnt-3', 'age-1', 'sqty-1'],
  ]),
};

/** Types that are checked for structure only, since their rules are tested where they are served. */
export const structureOnly: readonly string[] = [
  ...['Bundle', 'OperationOutcome', 'CapabilityStatement', 'SearchParameter', 'AuditEvent'],
];

function of(reason: string, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, reason]));
}
