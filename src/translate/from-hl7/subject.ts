// The patient as a message describes them: identifiers and demographics.

import { Fault } from '../../base/fault.ts';
import type { Identifier } from '../../domain/code.ts';
import type { Subject } from '../../domain/notice.ts';
import { readAllergies } from './allergy.ts';
import type { FactName } from './fact.ts';
import { readPath } from './field-path.ts';
import { personIdentifiers } from './identifier.ts';
import { pathsOf, type Segments } from './path.ts';
import { readDemographics } from './person.ts';
import { type Reading, warn } from './reading.ts';

/** Throws `hl7.segment-missing` without PID, `hl7.patient-unidentified` when it identifies nobody. */
export function readSubject(reading: Reading): Subject {
  const { message } = reading;
  const people = message.all('PID');
  if (people.length === 0) throw new Fault('hl7.segment-missing', { detail: 'PID' });
  if (people.length > 1) warn(reading, 'segment-repeated', 'PID');
  const identifiers = readIdentifiers(reading, 'patient-identifiers', message.first);
  if (identifiers.length === 0) {
    throw new Fault('hl7.patient-unidentified', {
      detail: pathsOf(reading.language, 'patient-identifiers')[0]?.name ?? 'PID-3',
    });
  }
  const allergies = readAllergies(reading);
  if (allergies !== undefined)
    reading.language.trace?.fact('allergies', 'AL1-3', message.first('AL1')?.field(3) ?? '', allergies);
  return {
    identifiers,
    demographics: readDemographics(reading, message.first, message.all('NK1')),
    ...(allergies && { allergies }),
  };
}

/** Of the first field that holds any identifier of a person: PID-2 and PID-4 count where PID-3 gives none (before v2.3). */
export function readIdentifiers(
  reading: Reading,
  fact: FactName | readonly string[],
  segments: Segments,
): readonly Identifier[] {
  const paths =
    typeof fact === 'string' ? pathsOf(reading.language, fact) : fact.flatMap((name) => readPath(name) ?? []);
  for (const path of paths) {
    const segment = segments(path.segment);
    const identifiers = segment === undefined ? [] : personIdentifiers(reading, segment, path.field);
    if (identifiers.length > 0) {
      const name = typeof fact === 'string' ? fact : 'patient-identifiers';
      reading.language.trace?.fact(name, path.name, segment?.field(path.field) ?? '', identifiers);
      return identifiers;
    }
  }
  return [];
}
