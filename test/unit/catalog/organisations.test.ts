// What the loader says of organisation files with faults, word for word.

import { describe, expect, it } from 'vitest';
import { readOrganisations } from '../../../src/catalog/organisations.ts';
import { goodOrganisation, holding, replaced, tell } from '../../support/definition-files.ts';

describe('an organisation file', () => {
  it('without faults is read as it stands', () => {
    const { organisations, problems } = readOrganisations(holding('a-practice.yaml', goodOrganisation));
    expect(problems).toEqual([]);
    expect(organisations[0]).toMatchObject({
      timeZone: 'America/New_York',
      closures: ['2026-11-27'],
      closuresExtend: false,
      address: { lines: ['1 Main Street'], postalCode: '00000' },
    });
  });

  it.each([
    [
      'America/New_York',
      'America/Newyork',
      ':3: unknown time zone "America/Newyork" at time-zone; write an IANA name such as America/New_York',
    ],
    ['2026-11-27', '2026-02-30', ':5: "2026-02-30" is not a day at closures[0]; write it like 2026-11-20'],
    ['us-federal', 'us', ':4: unknown holiday calendar "us" at holidays; known: us-federal, none'],
    ['"00000"', '00000', ':7: expected text, found the number 00000 at address.postal-code; quote it: "00000"'],
    ['id: nurse', 'id: practitioner', ':9: the role "practitioner" stands twice at roles; give each role once'],
    ['555-0100', '""', ':6: the text is empty at phone; write something or leave the key out'],
    ['id: a-practice', 'id: b-practice', ':1: the id "b-practice" is not the name of its file at id; write a-practice'],
  ])('with %j written as %j says so', (piece, replacement, expected) => {
    const read = readOrganisations(holding('a-practice.yaml', replaced(goodOrganisation, piece, replacement)));
    expect(read.organisations).toEqual([]);
    expect(tell(read.problems)).toEqual([`organisations/a-practice.yaml${expected}`]);
  });
});
