// What the loader says of batch, folder, heartbeat, operators and stay-days-max.

import { expect, it } from 'vitest';
import { readOrganisations } from '../../../src/catalog/organisations.ts';
import { readPartners } from '../../../src/catalog/partners.ts';
import { operatorsOf } from '../../../src/domain/practice.ts';
import { holding, replaced, tell } from '../../support/definition-files.ts';

const feed = `kind: feed
id: a-feed
name: A Feed
organisation: a-practice
processing-ids: [P]
zone: America/New_York
authority: { uri: "https://feed.example/mrn", name: A Feed }
panel: all
batch: false
folder: { path: a-feed/in, pattern: "adt_*.txt", settle-seconds: 30 }
heartbeat: { silent-minutes-max: 60, learn-weeks: 4 }
`;

it('a feed that says all is read as it stands, what it leaves out by default', () => {
  const { feeds, problems } = readPartners(holding('a-feed.yaml', feed));
  expect(tell(problems)).toEqual([]);
  expect(feeds[0]).toMatchObject({
    batch: false,
    folder: { path: 'a-feed/in', pattern: 'adt_*.txt', settleSeconds: 30 },
    heartbeat: { silentMinutesMax: 60, floorPerHour: 0, learnWeeks: 4 },
  });
  const [plain] = readPartners(
    holding('a-feed.yaml', feed.replace(', pattern: "adt_*.txt", settle-seconds: 30', '')),
  ).feeds;
  expect(plain?.folder).toEqual({ path: 'a-feed/in', pattern: '*.hl7', settleSeconds: 5 });
});

it.each([
  [
    'a-feed/in',
    '../in',
    '"../in" is not a folder below DROP_DIR at folder.path; write names with / between them, none starting with a dot',
  ],
  ['a-feed/in', '/etc', '"/etc" is not a folder below DROP_DIR at folder.path'],
  ['a-feed/in', 'a/../../b', 'is not a folder below DROP_DIR'],
  ['adt_*.txt', '.*', '".*" is not a file name at folder.pattern; write a name with * for any characters: *.hl7'],
  ['adt_*.txt', 'in/*.txt', '"in/*.txt" is not a file name'],
  ['batch: false', 'batch: mllp', 'expected true or false, found "mllp" at batch'],
  ['learn-weeks: 4', 'learn-weeks: 30', '30 weeks are not kept at heartbeat.learn-weeks; write a number from 1 to 26'],
  [
    'learn-weeks',
    'learn-days',
    'unknown key "learn-days" at heartbeat; known keys: silent-minutes-max, floor-per-hour, learn-weeks',
  ],
])('%s written as %s', (from, to, says) => {
  const { problems } = readPartners(holding('a-feed.yaml', replaced(feed, from, to)));
  expect(tell(problems)[0]).toContain(says);
});

const practice = `id: a-practice
name: A Practice
time-zone: America/New_York
holidays: none
phone: 555-0100
roles:
  - { id: nurse, title: Nurse, code: { system: "http://nucc.org/provider-taxonomy", code: 163W00000X } }
  - { id: lead, title: Lead, code: { system: "http://nucc.org/provider-taxonomy", code: 163WC0400X } }
operators: { owner: lead }
stay-days-max: { IMP: 20, SS: 1 }
`;

it('an organisation says who owns the items, and its days; the first role and the usual days otherwise', () => {
  const { organisations, problems } = readOrganisations(holding('a-practice.yaml', practice));
  expect(tell(problems)).toEqual([]);
  expect(organisations.map(operatorsOf)).toEqual([
    { owner: 'lead', stayDaysMax: { IMP: 20, OBSENC: 3, EMER: 2, AMB: 2, SS: 1 } },
  ]);
  expect(operatorsOf({ roles: organisations[0]?.roles ?? [] })).toEqual({
    owner: 'nurse',
    stayDaysMax: { IMP: 30, OBSENC: 3, EMER: 2, AMB: 2 },
  });
});

it('an owner that is no role is told', () => {
  const { problems } = readOrganisations(holding('a-practice.yaml', replaced(practice, 'owner: lead', 'owner: boss')));
  expect(tell(problems)[0]).toContain('unknown role "boss" at operators.owner; known: nurse, lead');
});
