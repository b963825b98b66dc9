// The stays of one person held against those that were lived.

import type { Encounter } from 'fhir/r4.js';
import type { ExpectedPerson, ExpectedStay } from './expect.ts';
import type { Look } from './look.ts';

/** Returns the expected stays with the ids of the encounters that they are; of a deleted one, all that it may be. */
export function compareStays(
  person: ExpectedPerson,
  found: readonly Encounter[],
  look: Look,
): ReadonlyMap<ExpectedStay, readonly string[]> {
  const about = person.standing.value;
  const rest = [...found];
  const ids = new Map<ExpectedStay, string[]>();
  for (const stay of person.stays) {
    const encounter = take(rest, stay);
    look('stays: each once', `the stay ${stay.visit} of ${about}`, encounter && 'there', 'there');
    if (encounter?.id === undefined) continue;
    const errors = stay.status === 'entered-in-error' ? rest.filter((one) => isError(one, stay)) : [];
    ids.set(
      stay,
      [encounter, ...errors].flatMap(({ id }) => id ?? []),
    );
    compareStay(`stay ${stay.visit} of ${about}`, encounter, stay, look);
  }
  // What was published before a late message told that it was something else stays readable as an error.
  const extra = rest.filter(({ status }) => status !== 'entered-in-error');
  look(
    'stays: none too many',
    `the stays too many of ${about}`,
    extra.map(({ id, status }) => `${id} ${status}`),
    [],
  );
  return ids;
}

/**
 * A visit number that is used again names two stays, and what was published on partial knowledge may bear it as an error:
 * the one that fits best is meant.
 */
function take(rest: Encounter[], stay: ExpectedStay): Encounter | undefined {
  const numbers = [stay.visit, ...stay.formerVisits].sort().join();
  const fitOf = ({ status, period, identifier }: Encounter): number =>
    (status === stay.status ? 8 : 0) +
    (minute(period?.start) === minuteOf(stay.start) ? 2 : 0) +
    (numbersOf(identifier).sort().join() === numbers ? 4 : 0);
  const [meant] = rest
    .filter(({ identifier }) => numbersOf(identifier).includes(stay.visit))
    .sort((a, b) => fitOf(b) - fitOf(a));
  if (meant) rest.splice(rest.indexOf(meant), 1);
  return meant;
}

const isError = ({ status, identifier }: Encounter, { visit }: ExpectedStay): boolean =>
  status === 'entered-in-error' && numbersOf(identifier).includes(visit);

const numbersOf = (identifier: Encounter['identifier']): string[] =>
  (identifier ?? []).flatMap(({ value }) => value ?? []);

function compareStay(about: string, encounter: Encounter, stay: ExpectedStay, look: Look): void {
  look('stays: status', `the status of ${about}`, encounter.status, stay.status);
  look('stays: class', `the class of ${about}`, encounter.class.code, stay.class);
  const values = (isOld: boolean) =>
    (encounter.identifier ?? [])
      .filter(({ use }) => (use === 'old') === isOld)
      .map(({ value }) => value)
      .sort();
  look('stays: visit numbers', `the visit number of ${about}`, values(false), [stay.visit]);
  look('stays: visit numbers', `the former visit numbers of ${about}`, values(true), [...stay.formerVisits].sort());
  if (stay.status === 'cancelled' || stay.status === 'entered-in-error') return;
  const disposition = encounter.hospitalization?.dischargeDisposition?.text;
  look('stays: disposition', `the disposition of ${about}`, disposition, stay.disposition);
  const attending = encounter.participant?.find(({ type }) => type?.[0]?.coding?.[0]?.code === 'ATND')?.individual;
  const named = attending?.display?.includes(stay.attending) === true ? stay.attending : attending?.display;
  look('stays: attending doctor', `the attending doctor of ${about}`, named, stay.attending);
  look('stays: begin and end', `the begin of ${about}`, minute(encounter.period?.start), minuteOf(stay.start));
  look('stays: begin and end', `the end of ${about}`, minute(encounter.period?.end), minuteOf(stay.end));
  look('stays: place', `the place of ${about}`, encounter.location?.[0]?.location.display, stay.place);
}

const minuteOf = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString().slice(0, 16);
const minute = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : minuteOf(Date.parse(text));
