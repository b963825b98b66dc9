// What a message says of a stay: PV1, PV2 and DG1 as facts (HL7 v2.5.1 ch. 3.4.3, 3.4.4 and 6.5.2).

import type { Code, PractitionerName } from '../../domain/code.ts';
import type { Destination, Disposition, StayFacts } from '../../domain/encounter/event.ts';
import { coded, cweAt, lookUp, mapped, terminology } from './code.ts';
import { readDiagnoses } from './diagnosis.ts';
import type { FactName } from './fact.ts';
import { visitIdentifier } from './identifier.ts';
import { momentOf } from './moment.ts';
import { observationOf } from './observation.ts';
import { type Found, factOf, valueAt } from './path.ts';
import { readPlace } from './place.ts';
import { readPractitioners } from './practitioner.ts';
import { type Reading, warn } from './reading.ts';
import { sent, text } from './sent.ts';
import { yesOrNo } from './yes-or-no.ts';

export function readStay(reading: Reading): StayFacts {
  const { message, language } = reading;
  const say = <Type>(fact: FactName, read: (found: Found) => Type | undefined): Type | null | undefined =>
    factOf(language, fact, message.first, read);
  const moment = (fact: FactName) => say(fact, (found) => momentOf(reading, valueAt(found), found.path.name));
  const people = (fact: FactName): readonly PractitionerName[] | null | undefined =>
    say(fact, (found) => readPractitioners(reading, found));
  const patientClass = say('class', (found) =>
    mapped(reading, 'patient-class', `${terminology}v3-ActCode`, cweAt(found)),
  );
  return sent({
    class: observationOf(reading) ?? patientClass,
    place: say('place', readPlace),
    admissionType: say('admission-type', (found) =>
      mapped(reading, 'admission-type', `${terminology}v2-0007`, cweAt(found)),
    ),
    service: say('service', siteCode),
    admitSource: say('admit-source', siteCode),
    preAdmissionNumber: say('pre-admission-number', (found) => visitIdentifier(reading, found)),
    reAdmission: say('re-admission', (found) => yesOrNo(reading, found, 're-admission')),
    disposition: say('disposition', (found) => dispositionOf(reading, found)),
    dischargedTo: say('discharged-to', dischargedTo),
    attending: people('attending'),
    referring: people('referring'),
    consulting: people('consulting'),
    admitting: people('admitting'),
    admittedAt: moment('admitted-at'),
    dischargedAt: moment('discharged-at'),
    reason: say('reason', (found) => coded(reading, cweAt(found))),
    ...readDiagnoses(reading, message.all('DG1')),
  });
}

/** A code that each site defines for itself (tables 0069, 0023): it has no system, and its text stands for it. */
function siteCode(found: Found): Code | undefined {
  const cwe = cweAt(found);
  const code = text(cwe?.code);
  const wording = text(cwe?.text) ?? code;
  return wording === undefined ? undefined : sent({ code, text: wording });
}

/** A single digit is one of the two-digit codes that lost its zero. */
function dispositionOf(reading: Reading, found: Found): Disposition | undefined {
  const cwe = cweAt(found);
  const sentCode = text(cwe?.code) ?? text(cwe?.text);
  if (sentCode === undefined) return undefined;
  const lostZero = /^\d$/.test(sentCode);
  if (lostZero) warn(reading, 'code-padded', found.path.name);
  const code = lostZero ? `0${sentCode}` : sentCode;
  return { code, destination: (lookUp(reading, 'discharge-disposition', code) ?? 'unknown') as Destination };
}

/** PV1-37 (DLD): the name of the place where there is one, else its code. */
function dischargedTo(found: Found): string | undefined {
  const { segment, path } = found;
  const name = path.component === undefined ? text(segment.get(path.field, 1, 2)) : undefined;
  return name ?? text(valueAt(found));
}
