// Search parameters: one row per type and parameter, with the column that answers it (FHIR R4 search.html,
// searchparameter-registry.html). Parsing, SQL, the values kept beside a resource and the CapabilityStatement all read
// this table; a parameter that is not here is not known.

/** Types we serve, in the order in which the CapabilityStatement lists them. */
export const resourceTypes = [
  'Patient',
  'Encounter',
  'Condition',
  'EpisodeOfCare',
  'CarePlan',
  'CareTeam',
  'Task',
  'ServiceRequest',
  'DocumentReference',
  'Appointment',
  'AllergyIntolerance',
  'Communication',
  'Organization',
  'Practitioner',
  'PractitionerRole',
  'Location',
  'Provenance',
  'PlanDefinition',
] as const;
export type ResourceType = (typeof resourceTypes)[number];

const known: ReadonlySet<string> = new Set(resourceTypes);
export const isResourceType = (text: string): text is ResourceType => known.has(text);

/** Types whose rows belong to one patient. */
const compartment: ReadonlySet<ResourceType> = new Set([
  'Patient',
  'Encounter',
  'Condition',
  'EpisodeOfCare',
  'CarePlan',
  'CareTeam',
  'Task',
  'ServiceRequest',
  'DocumentReference',
  'Appointment',
  'AllergyIntolerance',
  'Communication',
  'Provenance',
]);
export const belongsToPatient = (type: ResourceType): boolean => compartment.has(type);

/**
 * How a parameter is answered.
 * `id`: the resource's id. `instant`: one time column. `period`: date_from and date_to; `days` says that the element holds
 * calendar days without a zone, which are kept and asked as days of UTC. `identifier`: its own table.
 * `status`: the status column, one code. `codes`: entries of the code column. `link`: a column that holds the id of one
 * type. `reference`: a column that holds `Type/id`. `target`: entries `Type/id` of the code column. `uri`: entries of
 * the code column.
 */
export type Match =
  | { readonly by: 'id' }
  | { readonly by: 'instant'; readonly column: 'updated_at' | 'due_at' }
  | { readonly by: 'period'; readonly days: boolean }
  | { readonly by: 'identifier' }
  | { readonly by: 'status'; readonly system?: string }
  | { readonly by: 'codes' }
  | { readonly by: 'link'; readonly column: 'patient' | 'encounter'; readonly targets: readonly [ResourceType] }
  | { readonly by: 'reference'; readonly column: 'owner' | 'based_on'; readonly targets: readonly ResourceType[] }
  | { readonly by: 'target'; readonly targets: readonly ResourceType[] }
  | { readonly by: 'uri' };

export interface SearchParam {
  readonly name: string;
  readonly kind: 'token' | 'reference' | 'date' | 'uri';
  readonly definition: string;
  readonly match: Match;
  /** Where the value stands in the resource; `first` element wins (read by search-values.ts). */
  readonly path: string;
}

const registry = 'http://hl7.org/fhir/SearchParameter/';
const row = (name: string, kind: SearchParam['kind'], definition: string, path: string, match: Match): SearchParam => ({
  name,
  kind,
  path,
  match,
  definition: definition.includes(':') ? definition : registry + definition,
});

const ofAll: readonly SearchParam[] = [
  row('_id', 'token', 'Resource-id', 'id', { by: 'id' }),
  row('_lastUpdated', 'date', 'Resource-lastUpdated', 'meta.lastUpdated', { by: 'instant', column: 'updated_at' }),
];
const identifier = (definition = 'clinical-identifier') =>
  row('identifier', 'token', definition, 'identifier', { by: 'identifier' });
const patientLink: Match = { by: 'link', column: 'patient', targets: ['Patient'] };
const patient = (path = 'subject', definition = 'clinical-patient') =>
  row('patient', 'reference', definition, path, patientLink);
const subject = (definition: string, path = 'subject') => row('subject', 'reference', definition, path, patientLink);
const encounter = (definition: string) =>
  row('encounter', 'reference', definition, 'encounter', { by: 'link', column: 'encounter', targets: ['Encounter'] });
const status = (definition: string, system?: string) =>
  row('status', 'token', definition, 'status', { by: 'status', ...(system === undefined ? {} : { system }) });
const active = (definition: string) => row('active', 'token', definition, 'active', { by: 'status' });
const codes = (name: string, definition: string, path: string) => row(name, 'token', definition, path, { by: 'codes' });
const period = (name: string, definition: string, path: string) =>
  row(name, 'date', definition, path, { by: 'period', days: false });
const days = (name: string, definition: string, path: string) =>
  row(name, 'date', definition, path, { by: 'period', days: true });
const basedOn = (definition: string, ...targets: ResourceType[]) =>
  row('based-on', 'reference', definition, 'basedOn', { by: 'reference', column: 'based_on', targets });
const owned = (name: string, definition: string, path: string, ...targets: ResourceType[]) =>
  row(name, 'reference', definition, path, { by: 'reference', column: 'owner', targets });
const uri = (name: string, definition: string, path: string) => row(name, 'uri', definition, path, { by: 'uri' });

/** Marks a definition of our own; the server puts its canonical base in its place. */
export const canonicalMark = 'canonical:';
const taskStatus = 'http://hl7.org/fhir/task-status';
const requestStatus = 'http://hl7.org/fhir/request-status';
const performers: ResourceType[] = ['Practitioner', 'PractitionerRole', 'Organization', 'CareTeam', 'Patient'];

const ofType: Readonly<Record<ResourceType, readonly SearchParam[]>> = {
  Patient: [
    identifier('Patient-identifier'),
    active('Patient-active'),
    codes('gender', 'individual-gender', 'gender'),
    days('birthdate', 'individual-birthdate', 'birthDate'),
  ],
  Encounter: [
    identifier(),
    patient(),
    subject('Encounter-subject'),
    status('Encounter-status', 'http://hl7.org/fhir/encounter-status'),
    codes('class', 'Encounter-class', 'class'),
    period('date', 'clinical-date', 'period'),
  ],
  Condition: [
    identifier(),
    patient(),
    subject('Condition-subject'),
    encounter('Condition-encounter'),
    codes('code', 'clinical-code', 'code'),
    codes('category', 'Condition-category', 'category'),
    period('recorded-date', 'Condition-recorded-date', 'recordedDate'),
  ],
  EpisodeOfCare: [
    identifier(),
    patient('patient'),
    status('EpisodeOfCare-status', 'http://hl7.org/fhir/episode-of-care-status'),
    period('date', 'clinical-date', 'period'),
  ],
  CarePlan: [
    identifier(),
    patient(),
    subject('CarePlan-subject'),
    encounter('CarePlan-encounter'),
    status('CarePlan-status', requestStatus),
    codes('category', 'CarePlan-category', 'category'),
    uri('instantiates-canonical', 'CarePlan-instantiates-canonical', 'instantiatesCanonical'),
    days('date', 'clinical-date', 'period'),
  ],
  CareTeam: [
    identifier(),
    patient(),
    subject('CareTeam-subject'),
    encounter('CareTeam-encounter'),
    status('CareTeam-status', 'http://hl7.org/fhir/care-team-status'),
    days('date', 'clinical-date', 'period'),
  ],
  Task: [
    identifier('Task-identifier'),
    patient('for', 'Task-patient'),
    subject('Task-subject', 'for'),
    encounter('Task-encounter'),
    status('Task-status', taskStatus),
    codes('code', 'Task-code', 'code'),
    basedOn('Task-based-on', 'CarePlan', 'ServiceRequest'),
    owned('owner', 'Task-owner', 'owner', ...performers),
    period('authored-on', 'Task-authored-on', 'authoredOn'),
    row('due-date', 'date', `${canonicalMark}Task-due-date`, 'restriction.period.end', {
      by: 'instant',
      column: 'due_at',
    }),
  ],
  ServiceRequest: [
    identifier(),
    patient(),
    subject('ServiceRequest-subject'),
    encounter('clinical-encounter'),
    status('ServiceRequest-status', requestStatus),
    codes('code', 'clinical-code', 'code'),
    basedOn('ServiceRequest-based-on', 'CarePlan', 'ServiceRequest'),
    owned('performer', 'ServiceRequest-performer', 'performer', ...performers),
    period('authored', 'ServiceRequest-authored', 'authoredOn'),
  ],
  DocumentReference: [
    identifier(),
    patient(),
    subject('DocumentReference-subject'),
    row('encounter', 'reference', 'DocumentReference-encounter', 'context.encounter', {
      by: 'link',
      column: 'encounter',
      targets: ['Encounter'],
    }),
    status('DocumentReference-status', 'http://hl7.org/fhir/document-reference-status'),
    codes('type', 'clinical-type', 'type'),
    codes('category', 'DocumentReference-category', 'category'),
    period('date', 'DocumentReference-date', 'date'),
  ],
  Appointment: [
    identifier('Appointment-identifier'),
    patient('participant.actor', 'Appointment-patient'),
    status('Appointment-status', 'http://hl7.org/fhir/appointmentstatus'),
    period('date', 'Appointment-date', 'start'),
  ],
  AllergyIntolerance: [
    patient('patient', 'clinical-patient'),
    codes('clinical-status', 'AllergyIntolerance-clinical-status', 'clinicalStatus'),
    codes('code', 'clinical-code', 'code'),
  ],
  Communication: [
    patient('subject', 'Communication-patient'),
    subject('Communication-subject'),
    encounter('Communication-encounter'),
    status('Communication-status', 'http://hl7.org/fhir/event-status'),
    codes('category', 'Communication-category', 'category'),
    owned('recipient', 'Communication-recipient', 'recipient', ...performers),
    period('sent', 'Communication-sent', 'sent'),
  ],
  Organization: [identifier('Organization-identifier'), active('Organization-active')],
  Practitioner: [identifier('Practitioner-identifier'), active('Practitioner-active')],
  PractitionerRole: [
    identifier('PractitionerRole-identifier'),
    active('PractitionerRole-active'),
    codes('role', 'PractitionerRole-role', 'code'),
    owned('practitioner', 'PractitionerRole-practitioner', 'practitioner', 'Practitioner'),
  ],
  Location: [identifier('Location-identifier'), status('Location-status', 'http://hl7.org/fhir/location-status')],
  Provenance: [
    patient('', 'Provenance-patient'),
    row('target', 'reference', 'Provenance-target', 'target', {
      by: 'target',
      targets: resourceTypes.filter((type) => type !== 'Provenance'),
    }),
    period('recorded', 'Provenance-recorded', 'recorded'),
  ],
  PlanDefinition: [
    identifier('PlanDefinition-identifier'),
    status('PlanDefinition-status', 'http://hl7.org/fhir/publication-status'),
    uri('url', 'PlanDefinition-url', 'url'),
  ],
};

/** The parameters of a type, those of every type first. */
export const searchParams: Readonly<Record<ResourceType, readonly SearchParam[]>> = Object.fromEntries(
  resourceTypes.map((type) => [type, [...ofAll, ...ofType[type]]]),
) as unknown as Record<ResourceType, readonly SearchParam[]>;

export const findSearchParam = (type: ResourceType, name: string): SearchParam | undefined =>
  searchParams[type].find((param) => param.name === name);
