// Who the patient is: PID, PD1 and NK1 as demographics (HL7 v2.5.1 ch. 3.4). Social security numbers (PID-19) are not
// read. A field that was sent replaces all of what was known of it; `""` deletes it; an empty one says nothing.

import type { Code } from '../../domain/code.ts';
import type { Demographics } from '../../domain/patient/record.ts';
import { readAll, readCwe } from '../../hl7/datatypes.ts';
import type { Segment } from '../../hl7/parse.ts';
import { readBirth, readDeath, readMultipleBirth } from './birth-and-death.ts';
import { cweAt, lookUp, mapped, terminology } from './code.ts';
import { readContacts } from './contact.ts';
import { readAddresses, readContactPoints } from './contact-point.ts';
import type { FactName } from './fact.ts';
import { readNames } from './name.ts';
import { type Found, factOf, type Segments, valueAt } from './path.ts';
import { readPractitioners } from './practitioner.ts';
import { limited, type Reading } from './reading.ts';
import { sent, text } from './sent.ts';
import { yesOrNo } from './yes-or-no.ts';

/** CDC Race and Ethnicity, as US Core names it. */
const cdcRace = 'urn:oid:2.16.840.1.113883.6.238';

/** `nextOfKin`: the NK1 group; a pair of a merge has none. */
export function readDemographics(
  reading: Reading,
  segments: Segments,
  nextOfKin: readonly Segment[] = [],
): Demographics {
  const say = <Type>(fact: FactName, read: (found: Found) => Type | undefined): Type | null | undefined =>
    factOf(reading.language, fact, segments, read);
  return sent({
    names: say('names', ({ segment, path }) => filled(readNames(reading, segment, path.field))),
    ...readBirth(reading, segments),
    gender: say('gender', (found) => genderOf(reading, found)),
    addresses: say('addresses', ({ segment, path }) => filled(readAddresses(reading, segment, path.field))),
    telecoms: readTelecoms(reading, segments('PID')),
    language: say('language', (found) => languageOf(reading, found)),
    maritalStatus: say('marital-status', (found) =>
      mapped(reading, 'marital-status', `${terminology}v3-MaritalStatus`, cweAt(found)),
    ),
    race: say('race', ({ segment, path }) =>
      filled(
        limited(reading, readAll(segment, path.field, readCwe), path.name).flatMap(
          (cwe) => byCdc(reading, 'race', cwe) ?? [],
        ),
      ),
    ),
    ethnicity: say('ethnicity', (found) => byCdc(reading, 'ethnicity', cweAt(found))),
    ...readDeath(reading, segments),
    multipleBirth: readMultipleBirth(reading, segments),
    generalPractitioners: say('general-practitioners', (found) => readPractitioners(reading, found)),
    contacts: readContacts(reading, nextOfKin),
    confidential: say('confidential', (found) => yesOrNo(reading, found)),
  });
}

function genderOf(reading: Reading, found: Found): Demographics['gender'] | undefined {
  const value = text(valueAt(found));
  return value === undefined ? undefined : (lookUp(reading, 'gender', value) as Demographics['gender'] | undefined);
}

/** PID-13 home, PID-14 business, PID-40 either (since v2.7): one list. Deleted when one says so and none names any. */
function readTelecoms(reading: Reading, pid: Segment | undefined): Demographics['telecoms'] {
  if (pid === undefined) return undefined;
  const telecoms = [
    ...readContactPoints(reading, pid, 13, 'home'),
    ...readContactPoints(reading, pid, 14, 'work'),
    ...readContactPoints(reading, pid, 40, 'home'),
  ];
  const isNone = [13, 14, 40].some((field) => pid.field(field) === '""');
  const said = telecoms.length > 0 ? telecoms : isNone ? null : undefined;
  if (said !== undefined) reading.language.trace?.fact('telecoms', 'PID-13', pid.field(13) ?? '', said);
  return said;
}

/** A code of ISO 639 as it is, in lower case; names and three-letter codes by the table. */
function languageOf(reading: Reading, found: Found): Code | undefined {
  const cwe = cweAt(found);
  const code = text(cwe?.code);
  if (code !== undefined && /^[a-z]{2}(-[a-z]{2})?$/i.test(code)) {
    return { system: 'urn:ietf:bcp:47', code: bcp47(code), ...sent({ text: text(cwe?.text) }) };
  }
  return mapped(reading, 'language', 'urn:ietf:bcp:47', cwe);
}

const bcp47 = (code: string): string => code.slice(0, 2).toLowerCase() + code.slice(2).toUpperCase();

/** A code of the CDC's own list as it is; others by the table. */
function byCdc(reading: Reading, table: 'race' | 'ethnicity', cwe: ReturnType<typeof cweAt>): Code | undefined {
  const code = text(cwe?.code);
  if (code === undefined || !/^\d{4}-\d$/.test(code)) return mapped(reading, table, cdcRace, cwe);
  return { system: cdcRace, code, ...sent({ text: text(cwe?.text) }) };
}

const filled = <Type>(values: readonly Type[]): readonly Type[] | undefined =>
  values.length === 0 ? undefined : values;
