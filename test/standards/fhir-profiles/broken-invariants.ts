// Valid resources broken in one way each: invariants of FHIR R4 and US Core, and what a resource says of itself.

import type { Breakage } from './breakage.ts';

export const brokenInvariants: readonly Breakage[] = [
  ['a reference into nothing contained', 'Task', 'ref-1', 'Task.owner', (r) => (r.owner = { reference: '#me' })],
  [
    'contained and never referred to',
    'PlanDefinition',
    'dom-3',
    'PlanDefinition',
    (r) => (r.contained[0].id = 'other'),
  ],
  ['a resource type unknown here', 'Task', 'unknown-definition', 'Job', (r) => (r.resourceType = 'Job')],
  [
    'a profile unknown here',
    'Task',
    'unknown-definition',
    'Task',
    (r) => (r.meta = { profile: ['https://example.org/p'] }),
  ],
  [
    'the profile of another type',
    'Encounter',
    'type',
    'Encounter',
    (r) => (r.meta.profile = ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient']),
  ],
  [
    'a period that ends before it starts',
    'Encounter',
    'per-1',
    'Encounter.period',
    (r) => (r.period = { start: '2026-11-20', end: '2026-11-19T10:00:00Z' }),
  ],
  [
    'a telephone number without system',
    'Organization',
    'cpt-2',
    'Organization.telecom[0]',
    (r) => (r.telecom = [{ value: '1' }]),
  ],
  [
    'an organization at home',
    'Organization',
    'org-3',
    'Organization.telecom[0]',
    (r) => (r.telecom = [{ system: 'phone', value: '1', use: 'home' }]),
  ],
  ['an object with an id only', 'Task', 'ele-1', 'Task.statusReason', (r) => (r.statusReason = { id: 'x' })],
  [
    'an extension with neither value nor parts',
    'Task',
    'ext-1',
    'Task.extension[0]',
    (r) => delete r.extension[0].valueString,
  ],
  [
    'a contact without anything',
    'Patient',
    'pat-1',
    'Patient.contact[0]',
    (r) => (r.contact = [{ relationship: [{ text: 'son' }] }]),
  ],
  [
    'a name that is neither given nor absent',
    'Patient',
    'us-core-6',
    'Patient.name[0]',
    (r) => (r.name = [{ text: 'Jane' }]),
  ],
  [
    'an entered-in-error condition with a clinical status',
    'Condition',
    'con-5',
    'Condition',
    (r) => {
      const status = (system: string, code: string) => ({
        coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }],
      });
      r.verificationStatus = status('condition-ver-status', 'entered-in-error');
      r.clinicalStatus = status('condition-clinical', 'active');
    },
  ],
  ['an abatement of an active condition', 'Condition', 'con-4', 'Condition', (r) => (r.abatementString = 'over')],
  [
    'a detail beside the reference of an activity',
    'CarePlan',
    'cpl-3',
    'CarePlan.activity[0]',
    (r) => (r.activity[0].detail = { status: 'completed' }),
  ],
  ['a task modified before it was authored', 'Task', 'inv-1', 'Task', (r) => (r.lastModified = '2026-11-20T10:00:00Z')],
  [
    'a participant on behalf of, who is no practitioner',
    'CareTeam',
    'ctm-1',
    'CareTeam.participant[0]',
    (r) => (r.participant[0].onBehalfOf = { reference: 'Organization/1' }),
  ],
  [
    'a National Provider Identifier with a wrong check digit',
    'Practitioner',
    'us-core-17',
    'Practitioner.identifier[0]',
    (r) => {
      Object.assign(r, { meta: { profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-practitioner'] } });
      r.identifier = [{ system: 'http://hl7.org/fhir/sid/us-npi', value: '1234567890' }];
    },
  ],
  ['a role that cannot be reached', 'PractitionerRole', 'pd-1', 'PractitionerRole', (r) => delete r.telecom],
  [
    'a person as agent on nobody’s behalf',
    'Provenance',
    'provenance-1',
    'Provenance.agent[0]',
    (r) => (r.agent[0].who = { reference: 'Practitioner/1' }),
  ],
  ['a second race (US Core 0..1)', 'Patient', 'max', 'Patient.extension', (r) => r.extension.push(r.extension[0])],
  [
    'an offset with a code but no system',
    'PlanDefinition',
    'qty-3',
    'PlanDefinition.action[0].action[0].relatedAction[0].offsetDuration',
    (r) => delete r.action[0].action[0].relatedAction[0].offsetDuration.system,
  ],
  [
    'an unknown element below a shared structure',
    'PlanDefinition',
    'unknown-element',
    'PlanDefinition.action[0].action[0].due',
    (r) => (r.action[0].action[0].due = 2),
  ],
  [
    'a named event without a name',
    'PlanDefinition',
    'trd-3',
    'PlanDefinition.action[0].trigger[0]',
    (r) => delete r.action[0].trigger[0].name,
  ],
  [
    'markup in a narrative that is not closed',
    'CarePlan',
    'type',
    'CarePlan.text.div',
    (r) => (r.text.div = r.text.div.replace('</p>', '')),
  ],
  [
    'a script in a narrative',
    'CarePlan',
    'type',
    'CarePlan.text.div',
    (r) => (r.text.div = r.text.div.replace('<p>', '<script>x</script><p>')),
  ],
];
