// Encounter events for tests: a minute of the story, a kind, and what was said.

import fc from 'fast-check';
import { instant, type Moment } from '../../src/base/instant.ts';
import { formatInstant, localDateAt } from '../../src/base/time.ts';
import {
  type Destination,
  type EncounterEvent,
  type EncounterEventKind,
  encounterEventKinds,
  type StayFacts,
} from '../../src/domain/encounter/event.ts';

const zone = 'America/New_York';
const storyStart = Date.parse('2026-11-02T15:00:00Z');
const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

/** Hours after the story began, Monday 2 November 2026 10:00 in New York. */
export function hour(hours: number): Moment {
  const at = instant(storyStart + hours * 3_600_000);
  return { at, local: formatInstant(at), date: localDateAt(at, zone), zone, offsetMinutes: -300, precision: 'minute' };
}

export const inpatient = { class: { system: actCode, code: 'IMP' } } as const satisfies StayFacts;
export const emergency = { class: { system: actCode, code: 'EMER' } } as const satisfies StayFacts;
export const to = (destination: Destination, code = '01'): StayFacts => ({ disposition: { code, destination } });

export function anEvent(
  kind: EncounterEventKind,
  hours: number,
  facts: StayFacts = {},
  rest: { readonly visit?: string | null; readonly id?: string; readonly former?: string } = {},
): EncounterEvent {
  const happenedAt = hour(hours);
  const id = rest.id ?? `${kind}-${hours}-${JSON.stringify(facts).length}`;
  const visit = rest.visit === null ? undefined : { authority: 'urn:visits', value: rest.visit ?? 'V1' };
  return {
    id,
    kind,
    trigger: 'A00',
    order: `${formatInstant(happenedAt.at)}|${id}`,
    happenedAt,
    ...(visit && { visit }),
    ...(rest.former !== undefined && { formerVisit: { authority: 'urn:visits', value: rest.former } }),
    facts,
    partner: 'general-hospital',
  };
}

/** Any events of up to two numbered visits, renamed or used again after years, and unnumbered stays of one patient. */
export const someEvents: fc.Arbitrary<EncounterEvent[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...encounterEventKinds),
      at: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 400 }) }, fc.integer({ min: 9_000, max: 9_400 })),
      facts: fc.constantFrom<StayFacts>(
        {},
        inpatient,
        emergency,
        to('home'),
        to('snf', '03'),
        { dischargedAt: hour(40) },
        { admittedAt: hour(3) },
        { admittedAt: hour(9_050) },
        { dischargedAt: hour(9_060) },
        { disposition: null },
        { attending: [{ name: { family: 'Frost', given: [] } }] },
      ),
      visit: fc.constantFrom('V1', 'V2', null),
      former: fc.option(fc.constantFrom('V1', 'V2', 'V3'), { nil: undefined, freq: 8 }),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((list) =>
    list.map(({ kind, at, facts, visit, former }, index) =>
      anEvent(kind, at, facts, { visit, id: `e${index}`, ...(former !== undefined && { former }) }),
    ),
  );
