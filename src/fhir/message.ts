// A message of FHIR: a Bundle that begins with a MessageHeader and holds what that speaks of (FHIR R4 messaging.html,
// bundle.html#message). What is not right is said with its place; nothing of the content is repeated.

import { Fault } from '../base/fault.ts';
import { type Part, partOf, textOf } from './part.ts';

export interface FhirMessage {
  readonly id: string | undefined;
  readonly header: Part;
  /** The Encounter that the message speaks of. */
  readonly encounter: Part;
  readonly sentAt: string | undefined;
  /** The resource that a reference of the bundle leads to. */
  readonly find: Find;
}

export type Find = (reference: unknown, from?: Part) => Part | undefined;

const entriesMax = 1_000;

/** Each line `place: what would be right`. */
export const badMessage = (...lines: string[]): Fault =>
  new Fault('fhir.message-invalid', { detail: lines.join('\n') });

/** Throws `fhir.message-invalid` with all that is wrong. */
export function openMessage(value: unknown): FhirMessage {
  const bundle = partOf(value);
  if (bundle?.resourceType !== 'Bundle') throw badMessage('Bundle: send a Bundle of type message');
  if (bundle.type !== 'message') throw badMessage('Bundle.type: write message');
  const entries = Array.isArray(bundle.entry) ? bundle.entry : [];
  if (entries.length > entriesMax) throw badMessage(`Bundle.entry: no more than ${entriesMax} entries are taken`);
  const resources = entries.map((entry) => partOf(partOf(entry)?.resource));
  const header = resources[0];
  if (header?.resourceType !== 'MessageHeader')
    throw badMessage('Bundle.entry[0].resource: the first entry is the MessageHeader');
  const problems = resources.flatMap((resource, at) =>
    textOf(resource?.resourceType) === undefined ? [`Bundle.entry[${at}].resource: there is no resource`] : [],
  );
  if (partOf(header.eventCoding) === undefined && textOf(header.eventUri) === undefined)
    problems.push('MessageHeader.event[x]: name the event, as eventCoding or eventUri');
  const find = finderOf(
    entries.map((entry) => textOf(partOf(entry)?.fullUrl)),
    resources,
  );
  const focus = Array.isArray(header.focus) ? header.focus : [];
  const found = focus.map((reference) => find(reference));
  if (focus.length === 0) problems.push('MessageHeader.focus: refer to the Encounter');
  for (const [at, resource] of found.entries())
    if (resource === undefined) problems.push(`MessageHeader.focus[${at}]: what it refers to is not in the Bundle`);
  const encounters = found.filter((resource) => resource?.resourceType === 'Encounter');
  if (focus.length > 0 && encounters.length === 0 && found.every((resource) => resource !== undefined))
    problems.push('MessageHeader.focus: it leads to no Encounter');
  if (encounters.length > 1) problems.push('MessageHeader.focus: one message tells of one Encounter');
  const encounter = encounters[0];
  if (problems.length > 0 || encounter === undefined) throw badMessage(...problems);
  return { id: textOf(bundle.id) ?? textOf(header.id), header, encounter, sentAt: textOf(bundle.timestamp), find };
}

/** A resource that stands alone: references lead to what it contains. */
export const openAlone: Find = (reference, from) => containedOf(textOf(partOf(reference)?.reference), from);

/** By fullUrl; a relative reference by type and id, where one entry alone has them. */
function finderOf(urls: readonly (string | undefined)[], resources: readonly (Part | undefined)[]): Find {
  const known = new Map<string, Part | undefined>();
  for (const [at, resource] of resources.entries()) {
    if (resource === undefined) continue;
    const url = urls[at];
    const relative = `${textOf(resource.resourceType)}/${textOf(resource.id)}`;
    for (const key of new Set(url === undefined ? [relative] : [url, relative]))
      known.set(key, known.has(key) && known.get(key) !== resource ? undefined : resource);
  }
  return (reference, from) => {
    const text = textOf(partOf(reference)?.reference);
    if (text === undefined) return undefined;
    return text.startsWith('#') ? containedOf(text, from) : known.get(text.replace(/\/_history\/[^/]+$/, ''));
  };
}

function containedOf(text: string | undefined, from: Part | undefined): Part | undefined {
  if (!text?.startsWith('#')) return undefined;
  const contained = Array.isArray(from?.contained) ? from.contained : [];
  return contained.map(partOf).find((each) => textOf(each?.id) === text.slice(1));
}
