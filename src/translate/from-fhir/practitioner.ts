// Professionals, as a reference and the resource it leads to name them.

import type { PersonName, PractitionerName } from '../../domain/code.ts';
import { type Part, partOf, partsOf, textOf, textsOf } from '../../fhir/part.ts';
import { sent } from '../from-hl7/sent.ts';
import { identifierFrom } from './identifier.ts';
import type { FhirReading } from './reading.ts';

const uses = ['official', 'usual', 'nickname', 'maiden', 'temp', 'old', 'anonymous'] as const;

/** Undefined when no part of it says anything. */
export function nameFrom(name: Part): PersonName | undefined {
  const family = textOf(name.family);
  const given = textsOf(name.given);
  if (family === undefined && given.length === 0) {
    const text = textOf(name.text);
    return text === undefined ? undefined : { given: [], family: text };
  }
  const joined = (values: readonly string[]) => (values.length === 0 ? undefined : values.join(' '));
  return {
    given,
    ...sent({
      use: uses.find((use) => use === name.use),
      family,
      prefix: joined(textsOf(name.prefix)),
      suffix: joined(textsOf(name.suffix)),
    }),
  };
}

/** The resource a reference leads to, through a role to its practitioner; else the words of the reference. */
export function practitionerFrom(reading: FhirReading, reference: unknown, from?: Part): PractitionerName | undefined {
  const found = reading.find(reference, from);
  if (found?.resourceType === 'PractitionerRole') return practitionerFrom(reading, found.practitioner, from);
  const display = textOf(partOf(reference)?.display);
  if (found !== undefined && found.resourceType !== 'Practitioner') return undefined;
  const own = partsOf(found?.name)[0];
  const name = (own && nameFrom(own)) ?? (display === undefined ? undefined : { given: [], family: display });
  const { dialect } = reading.language;
  const authority = { uri: `urn:throughline:authority:${dialect.partner}:practitioner`, name: dialect.partner };
  const numbers = found ? partsOf(found.identifier) : [partOf(partOf(reference)?.identifier)].filter((each) => !!each);
  const chosen = numbers.find((each) => each.system === 'http://hl7.org/fhir/sid/us-npi') ?? numbers[0];
  const identifier = chosen && identifierFrom(reading, chosen, authority, 'Practitioner.identifier');
  if (name === undefined && identifier === undefined) return undefined;
  return { name: name ?? { given: [] }, ...(identifier && { identifier }) };
}
