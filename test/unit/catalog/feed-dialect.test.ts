// What the loader says of faults in the keys of a feed's dialect, word for word.

import { describe, expect, it } from 'vitest';
import { readPartners } from '../../../src/catalog/partners.ts';
import { holding, replaced, tell } from '../../support/definition-files.ts';

const good = `kind: feed
id: a-feed
name: A Feed
organisation: a-practice
processing-ids: [P]
zone: America/New_York
authority: { uri: "https://feed.example/mrn", name: A Feed }
panel: all
facility-zones: { GH-X: [{ zone: America/Chicago }, { from: 2026-07-01, zone: America/New_York }] }
identifier-types: { person: [MC], left-out: [PI] }
fields: { visit-number: [PV1-50, PV1-19] }
events: { Z01: admitted }
codes: { gender: { W: female } }
acknowledge: { mode: original, reject: as-standard }
observation: [{ field: PV1-18, in: [obs] }]
mode: action
trailing-zeros: no-time
clock: { ahead-max-minutes: 30 }
`;

describe('the dialect of a feed', () => {
  it('without faults is read as it stands, codes in capitals, the rest by default', () => {
    const { feeds, problems } = readPartners(holding('a-feed.yaml', good));
    expect(tell(problems)).toEqual([]);
    expect(feeds[0]).toMatchObject({
      acknowledge: { mode: 'original', reject: 'as-standard' },
      overrides: {
        fields: { 'visit-number': ['PV1-50', 'PV1-19'] },
        events: { Z01: { effect: 'encounter', kind: 'admitted' } },
        codes: { gender: { W: 'female' } },
      },
      dialect: {
        observation: [{ path: { name: 'PV1-18' }, values: ['OBS'] }],
        clock: { aheadMaxMinutes: 30, behindMaxDays: 400 },
      },
    });
  });

  it.each([
    [
      'from: 2026-07-01',
      'from: 2026-13-01',
      ':9: "2026-13-01" is not a day at facility-zones.GH-X[1].from; write it like 2026-11-20',
    ],
    ['from: 2026-07-01, ', '', ':9: missing key "from" at facility-zones.GH-X[1]; needed keys: zone, from'],
    [
      '{ zone: America/Chicago }',
      '{ from: 2026-08-01, zone: America/Chicago }',
      ':9: 2026-07-01 does not come after 2026-08-01 at facility-zones.GH-X; name the oldest zone first',
    ],
    [
      '[MC]',
      '[SS]',
      ':10: social security numbers are not kept at identifier-types.person[0]; leave the type out of the list',
    ],
    ['[MC]', '[PI]', ':10: PI is in both lists at identifier-types; keep it in one of them'],
    ['[MC]', '[]', ':10: the list is empty at identifier-types.person; name at least one, or leave the key out'],
    ['person:', 'persons:', ':10: unknown key "persons" at identifier-types; known keys: person, left-out'],
    [
      'PV1-50',
      'PV-50',
      ':11: "PV-50" is no field path at fields.visit-number[0]; write it like PV1-19, or PV1-37.1 for a component',
    ],
    [
      '[PV1-50, PV1-19]',
      '[]',
      ':11: the list is empty at fields.visit-number; name at least one field, or leave the fact out',
    ],
    ['Z01:', 'ADT01:', ':12: "ADT01" is no trigger event at events.ADT01; write it like A01 or Z01'],
    ['gender:', 'sex:', /^:13: unknown key "sex" at codes; known keys: address-use, admission-type, /],
    [
      'W: female',
      'W: woman',
      ':13: unknown word "woman" at codes.gender.W; known: female, male, other, unknown, or nothing',
    ],
    ['W: female', 'W: 1', ':13: expected text, found the number 1 at codes.gender.W; quote it: "1"'],
    ['mode: original', 'mode: fast', ':14: unknown mode "fast" at acknowledge.mode; known: original, enhanced, auto'],
    [
      'as-standard',
      'accept',
      ':14: unknown policy "accept" at acknowledge.reject; known: as-standard, accept-and-park',
    ],
    [
      'field: PV1-18',
      'field: PV1',
      ':15: "PV1" is no field path at observation[0].field; write it like PV1-18, or PV1-3.1',
    ],
    ['[obs]', '[]', ':15: the list is empty at observation[0].in; name at least one, or leave the key out'],
    ['mode: action', 'mode: merge', ':16: unknown mode "merge" at mode; known: snapshot, action'],
    ['no-time', 'noon', ':17: unknown meaning "noon" at trailing-zeros; known: midnight, no-time'],
    [
      '30',
      '0',
      ':18: expected a whole number, found the number 0 at clock.ahead-max-minutes; write a number from 1 on, without quotes',
    ],
    ['ahead-max-minutes', 'ahead', ':18: unknown key "ahead" at clock; known keys: ahead-max-minutes, behind-max-days'],
  ])('with %j written as %j says so', (piece, replacement, expected) => {
    const { feeds, problems } = readPartners(holding('a-feed.yaml', replaced(good, piece, replacement)));
    expect(feeds).toEqual([]);
    const [line = '', ...more] = tell(problems);
    expect(more).toEqual([]);
    if (typeof expected === 'string') expect(line).toBe(`partners/a-feed.yaml${expected}`);
    else expect(line.slice('partners/a-feed.yaml'.length)).toMatch(expected);
  });
});
