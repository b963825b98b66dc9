// DocumentReference: a document that a hospital sent of the patient, such as a discharge summary (US Core
// DocumentReference, where there is content to give; FHIR R4 documentreference.html).

import type { Attachment, DocumentReference } from 'fhir/r4.js';
import { formatMoment } from '../../base/moment.ts';
import { formatInstant } from '../../base/time.ts';
import type { EvidenceName } from '../../domain/case/case.ts';
import type { Chart } from '../../domain/chart.ts';
import type { Identifier } from '../../domain/code.ts';
import type { Document } from '../../domain/document/document.ts';
import type { DocumentContent } from '../../domain/document/event.ts';
import { referenceTo } from '../../fhir/reference.ts';
import { system } from '../../fhir/system.ts';
import { claims, usCore } from '../../fhir/us-core.ts';
import { concept, eachOf, identifier, listed } from './datatype.ts';
import { type ExpressContext, type Expressed, ofPatient } from './expressed.ts';
import { hospitalReference } from './organization.ts';
import { practitionerReference } from './practitioner.ts';

const category = {
  coding: [{ system: system.documentCategory, code: 'clinical-note', display: 'Clinical Note' }],
};

/** A document's number is its sender's; the record it was first told of keeps two people's apart. */
export const documentId = (
  context: Pick<ExpressContext, 'idFor'>,
  { authority, value }: Identifier,
  toldOf: EvidenceName['toldOf'],
): string => context.idFor('document', authority, value, toldOf ?? '');

/** One for each record it was told of before they were merged; the first stands, the others say that it does. */
export function expressDocument(
  chart: Chart,
  document: Document,
  context: ExpressContext,
): Expressed<DocumentReference>[] {
  const { identifier: named, toldOf } = document;
  const [first, ...others] = toldOf.length === 0 ? [undefined] : toldOf;
  const one = expressOne(chart, document, documentId(context, named, first), context);
  return [
    one,
    ...others.map((other) =>
      expressOne(chart, { ...document, status: 'superseded' }, documentId(context, named, other), context),
    ),
  ];
}

function expressOne(
  chart: Chart,
  document: Document,
  id: string,
  context: ExpressContext,
): Expressed<DocumentReference> {
  const { facts, status } = document;
  const contents = facts.contents ?? [];
  const isWhole = contents.length > 0 && contents.every(({ data, url }) => data !== undefined || url !== undefined);
  const related = [
    ...relatedTo(chart, document.replaces, 'replaces', context),
    ...relatedTo(chart, document.appends, 'appends', context),
  ];
  return ofPatient(chart.patient.id, {
    resourceType: 'DocumentReference',
    id,
    meta: isWhole ? claims(usCore.DocumentReference) : undefined,
    masterIdentifier: identifier(document.identifier),
    identifier: [identifier(document.identifier)],
    status,
    docStatus: status === 'entered-in-error' ? 'entered-in-error' : facts.completion,
    type: typeOf(document),
    category: [category],
    subject: referenceTo('Patient', chart.patient.id),
    date: formatInstant((facts.writtenAt ?? document.happenedAt).at),
    author: eachOf(facts.authors, (author) => practitionerReference(context, author)),
    custodian: hospitalReference(context, document.partner, document.facility),
    relatesTo: listed(related),
    description: facts.title,
    content: isWhole || contents.length > 0 ? contents.map((content) => ({ attachment: attachment(content) })) : unsent,
    context: {
      encounter: document.encounter === undefined ? undefined : [referenceTo('Encounter', document.encounter)],
      period: facts.writtenAt === undefined ? undefined : { start: formatMoment(facts.writtenAt) },
    },
  });
}

/** R4 demands content; a document that was only announced says so. */
const unsent = [{ attachment: { title: 'The sender announced this document without its content.' } }];

function attachment({ contentType, data, url, title, size }: DocumentContent): Attachment {
  return { contentType, data, url, size, title };
}

/** A type that LOINC has no code for here keeps its wording. */
function typeOf({ facts }: Document): DocumentReference['type'] {
  const coded = concept(facts.type);
  if (coded?.coding !== undefined) return coded;
  const unknown = [{ system: system.nullFlavor, code: 'UNK', display: 'unknown' }];
  return { coding: unknown, text: coded?.text };
}

function relatedTo(
  chart: Chart,
  target: Identifier | undefined,
  code: 'replaces' | 'appends',
  context: ExpressContext,
): NonNullable<DocumentReference['relatesTo']> {
  if (target === undefined) return [];
  const known = chart.documents.find(
    ({ identifier: own }) => own.authority === target.authority && own.value === target.value,
  );
  return [
    {
      code,
      target:
        known === undefined
          ? { identifier: identifier(target) }
          : referenceTo('DocumentReference', documentId(context, known.identifier, known.toldOf[0])),
    },
  ];
}
