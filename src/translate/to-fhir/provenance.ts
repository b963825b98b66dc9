// Provenance: which messages a set of resources was made from (US Core Provenance; HL7 v2-to-FHIR guide). The practice
// assembled, the hospital transmitted.

import type { Provenance, ProvenanceAgent, ProvenanceEntity } from 'fhir/r4.js';
import type { PatientId } from '../../base/id.ts';
import type { Instant, Moment } from '../../base/instant.ts';
import { formatMoment } from '../../base/moment.ts';
import { formatInstant } from '../../base/time.ts';
import { messageIdentifierSystem } from '../../fhir/canonical.ts';
import { system } from '../../fhir/system.ts';
import { claims, usCore } from '../../fhir/us-core.ts';
import { listed } from './datatype.ts';
import { type ExpressContext, type Expressed, ofPatient } from './expressed.ts';
import { hospitalReference, practiceReference } from './organization.ts';

export interface SourceMessage {
  readonly partner: string;
  /** MSH-10. */
  readonly controlId: string;
  /** SHA-256 of its bytes, hex. */
  readonly digest: string;
  /** Whether it was one of FHIR and not of HL7 v2. */
  readonly isFhir?: boolean;
}

export interface ProvenanceInput {
  readonly id: string;
  readonly patient?: PatientId;
  /** References, `Task/1` or with a version, `Task/1/_history/2`. */
  readonly targets: readonly string[];
  readonly recorded: Instant;
  readonly occurred?: Moment;
  readonly messages: readonly SourceMessage[];
}

export function expressProvenance(
  { id, patient, targets, recorded, occurred, messages }: ProvenanceInput,
  context: Pick<ExpressContext, 'practice' | 'idFor' | 'feedName'>,
): Expressed<Provenance> {
  const partners = [...new Set(messages.map((message) => message.partner))];
  return ofPatient(patient, {
    resourceType: 'Provenance',
    id,
    meta: claims(usCore.Provenance),
    target: targets.map((reference) => ({ reference })),
    occurredDateTime: occurred === undefined ? undefined : formatMoment(occurred),
    recorded: formatInstant(recorded),
    activity: messages.every(({ isFhir }) => isFhir === true)
      ? undefined
      : { coding: [{ system: system.v2Transformation, code: 'v2-fhir-transformation' }] },
    agent: [assembler(context), ...partners.map((partner) => transmitter(context, partner))],
    entity: listed(messages.map(source)),
  });
}

const assembler = ({ practice }: Pick<ExpressContext, 'practice'>): ProvenanceAgent => ({
  type: { coding: [{ system: system.provenanceParticipant, code: 'assembler', display: 'Assembler' }] },
  who: practiceReference(practice),
});

const transmitter = (context: Pick<ExpressContext, 'idFor' | 'feedName'>, partner: string): ProvenanceAgent => ({
  type: { coding: [{ system: system.usCoreProvenanceParticipant, code: 'transmitter', display: 'Transmitter' }] },
  who: hospitalReference(context, partner),
});

/** The digest tells two messages apart that a sender gave the same control id. */
const source = ({ partner, controlId, digest, isFhir }: SourceMessage): ProvenanceEntity => ({
  role: 'source',
  what: {
    identifier: { system: messageIdentifierSystem(partner), value: controlId },
    display: `${isFhir ? 'FHIR' : 'HL7 v2'} message, SHA-256 ${digest}`,
  },
});
