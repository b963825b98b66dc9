// Addresses of what we define ourselves, all under one canonical base (FHIR R4 references.html#canonical).

export const defaultCanonicalBase = 'https://throughline.example/fhir';

export const protocolUrl = (base: string, id: string): string => `${base}/PlanDefinition/${id}`;

/** Names one version of a protocol, as `CarePlan.instantiatesCanonical` does. */
export const protocolCanonical = (base: string, id: string, version: string): string =>
  `${protocolUrl(base, id)}|${version}`;

/** Task codes: the task ids of protocols. */
export const taskCodeSystem = (base: string): string => `${base}/CodeSystem/task`;

/** What documents and appointments show of a task: `document-received`, `appointment-booked`, … */
export const taskProgressCodeSystem = (base: string): string => `${base}/CodeSystem/task-progress`;

/** What came of a task so far: `discharge-summary`, `appointment`. */
export const taskOutputCodeSystem = (base: string): string => `${base}/CodeSystem/task-output`;

/** Marks on a case that a person should see: `disposition-unknown`, `class-unknown`, … */
export const caseFlagCodeSystem = (base: string): string => `${base}/CodeSystem/case-flag`;

/** Extension of Task: how its due date came about. */
export const dueExplanationUrl = (base: string): string => `${base}/StructureDefinition/due-explanation`;

/** Extension of an offset in a PlanDefinition: its days are business days. */
export const businessDaysUrl = (base: string): string => `${base}/StructureDefinition/business-days`;

/** Extension of a due rule in a PlanDefinition: holds only where the condition does. */
export const dueConditionUrl = (base: string): string => `${base}/StructureDefinition/due-condition`;

/** System of `CarePlan.identifier` and `Task.groupIdentifier`: our case ids. */
export const caseIdentifierSystem = (base: string): string => `${base}/NamingSystem/case`;

/** System of the facility codes that a feed sends (MSH-4). */
export const facilityIdentifierSystem = (base: string, partner: string): string =>
  `${base}/NamingSystem/facility/${encodeURIComponent(partner)}`;

/** System of the control ids (MSH-10) of one partner, as Provenance names its source. */
export const messageIdentifierSystem = (partner: string): string =>
  `urn:throughline:message:${encodeURIComponent(partner)}`;
