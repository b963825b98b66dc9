// Every protocol's own examples, the organisations, and what the loader says of files with faults.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkExamples, examplePractice, readExamples } from '../../src/catalog/examples.ts';
import { readOrganisations } from '../../src/catalog/organisations.ts';
import { crossCheck, readProtocols } from '../../src/catalog/protocols.ts';
import { type Problem, tellProblem } from '../../src/catalog/reading.ts';

const tell = (problems: readonly Problem[]): string[] => problems.map(tellProblem);
const { protocols, problems } = readProtocols('profiles/protocols');
const { organisations, problems: organisationProblems } = readOrganisations('profiles/organisations');

describe('the protocols of this project', () => {
  it('have no faults', () => {
    expect(tell([...problems, ...organisationProblems, ...crossCheck(protocols, organisations)])).toEqual([]);
    expect(protocols.map((protocol) => protocol.id)).toContain('transitional-care');
    expect(organisations.map((organisation) => organisation.id)).toContain('riverside-practice');
  });

  for (const protocol of protocols) {
    const read = readExamples('profiles/protocols', protocol);
    it(`${protocol.id} has examples that can be read`, () => {
      expect(tell(read.problems)).toEqual([]);
      expect(read.examples.length).toBeGreaterThan(0);
    });
    it.each(read.examples.map((example) => [example.name, example] as const))(`${protocol.id}: %s`, (_name, example) => {
      expect(tell(checkExamples(protocol, [example], examplePractice))).toEqual([]);
    });
  }
});

const folder = mkdtempSync(join(tmpdir(), 'definitions-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;

/** A folder of its own that holds one file. */
function holding(path: readonly string[], text: string): string {
  const root = join(folder, String((count += 1)));
  mkdirSync(join(root, ...path.slice(0, -1)), { recursive: true });
  writeFileSync(join(root, ...path), text);
  return root;
}

const good = readFileSync('profiles/protocols/transitional-care/protocol.yaml', 'utf8');

/** What is said when a piece of the good protocol is replaced. */
function saidOf(piece: string, replacement: string, text = good): string[] {
  expect(text).toContain(piece);
  const root = holding(['transitional-care', 'protocol.yaml'], text.replace(piece, replacement));
  const read = readProtocols(root);
  expect(read.protocols).toHaveLength(read.problems.length === 0 ? 1 : 0);
  return tell(read.problems).map((line) => line.replace(/^protocols\/transitional-care\/protocol\.yaml/, ''));
}

const conditionForm = 'a condition is all, any or not, or a fact with one of is, in, at-least, at-most';

describe('a protocol file with a fault', () => {
  it.each([
    [
      '{ fact: patient.deceased, is: false }',
      '{ fact: patient.agee, at-least: 18 }',
      [
        ':20: unknown fact "patient.agee" at open.if.all[2]; known facts: encounter.class, encounter.class-known, ' +
          'encounter.disposition, encounter.destination, patient.age, patient.deceased, case.complexity',
      ],
    ],
    [
      '{ fact: patient.deceased, is: false }',
      '{ fact: encounter.disposition, in: [01, "06"] }',
      [':20: expected text, found the number 01 at open.if.all[2].in[0]; quote it: "01"'],
    ],
    [
      '{ fact: patient.deceased, is: false }',
      '{ fact: patient.deceased, is: "no" }',
      [':20: expected true or false, found "no" at open.if.all[2].is; write true or false, without quotes'],
    ],
    [
      '{ fact: patient.deceased, is: false }',
      '{ fact: patient.deceased, equals: false }',
      [`:20: unknown key "equals" at open.if.all[2]; ${conditionForm}`],
    ],
    [
      '{ fact: patient.deceased, is: false }',
      '{ fact: patient.age, at-least: 18, at-most: 80 }',
      [`:20: the fact is not compared once at open.if.all[2]; ${conditionForm}`],
    ],
    [
      '{ fact: patient.deceased, is: false }',
      '{ any: [], fact: patient.age }',
      [`:20: "any" does not stand alone at open.if.all[2]; ${conditionForm}`],
    ],
    [
      '{ fact: patient.deceased, is: false }',
      '{ not: { any: [] } }',
      [':20: no condition is listed at open.if.all[2].not.any; list at least one condition'],
    ],
    [
      '{ fact: patient.deceased, is: false }',
      '{ fact: encounter.class, at-least: 3 }',
      [':20: encounter.class is not a number at open.if.all[2].at-least; compare it with is or in'],
    ],
    [
      'in: [home, home-against-advice,',
      'in: [hom, home-against-advice,',
      [
        ':19: unknown value of encounter.destination "hom" at open.if.all[1].in[0]; known: home, home-against-advice, ' +
          'custody, facility-residence, snf, transfer, expired, hospice, other, still-patient, unknown',
      ],
    ],
    ['on: discharged\n', 'on: discharge\n', [':12: unknown change that opens "discharge" at open.on; known: discharged']],
    [
      '    owner: clinical-pharmacist\n',
      '    owners: clinical-pharmacist\n',
      [
        ':62: unknown key "owners" at tasks[2]; known keys: id, title, kind, owner, due, description, referral',
        ':58: missing key "owner" at tasks[2]; needed keys: id, title, kind, owner, due',
      ],
    ],
    [
      'due: { with: follow-up-visit }',
      'due: { with: follow-up }',
      [
        ':37: the task "medication-reconciliation" is due with unknown task "follow-up" at tasks; known tasks: ' +
          'first-contact, follow-up-visit, medication-reconciliation, discharge-information',
      ],
    ],
    [
      'due: { days: 2, of: business, from: discharged }',
      'due: { with: first-contact }',
      [':37: the task "first-contact" is due with itself, through "with" at tasks; give one of them days of its own'],
    ],
    [
      'due: { days: 2, of: business, from: discharged }',
      'due: { days: "2", of: working, from: discharged }',
      [
        ':44: unknown kind of day "working" at tasks[0].due.of; known: business, calendar',
        ':44: expected a whole number, found "2" at tasks[0].due.days; write a number from 0 on, without quotes',
      ],
    ],
    [
      '      - { days: 14, of: calendar, from: discharged }\n',
      '',
      [':52: the last rule has a condition at tasks[1].due; end with a rule that always holds'],
    ],
    [
      '- id: discharge-information',
      '- id: first-contact',
      [':37: the task "first-contact" stands twice at tasks; give each task an id of its own'],
    ],
    [
      '  - { after: { days: 29, from: discharged }, as: finished }\n',
      '',
      [':30: a case must end some day at close; give exactly one rule with after'],
    ],
    [
      '{ on: deceased, as: deceased }',
      '{ on: deceased, as: dead }',
      [':31: unknown reason "dead" at close[1].as; known: finished, readmitted, deceased, not-qualifying, entered-in-error'],
    ],
    ['id: transitional-care\n', 'id: transition\n', [':4: the id "transition" is not the name of its folder at id; write transitional-care']],
    ['version: 1.0.0', 'version: 1.0', [':5: expected text, found the number 1.0 at version; quote it: "1.0"']],
    ['version: 1.0.0', 'version: new', [':5: "new" is not a version at version; write it like 1.0.0']],
    ['code: "185389009"', 'code: 185389009', [':56: expected text, found the number 185389009 at tasks[1].referral.code.code; quote it: "185389009"']],
    ['title: Transitional care after a hospital stay\n', '', [':4: missing key "title"; needed keys: id, version, title, source, open, close, tasks']],
    ['flags:\n', 'flags: none\nflag:\n', [
      ':26: unknown key "flag"; known keys: id, version, title, source, open, close, tasks, description, flags',
      ':24: expected a list, found "none" at flags; write [a, b] or one "- " line for each',
    ]],
    ['flags:\n', 'id: again\nflags:\n', [':24: not readable YAML: Map keys must be unique; mend the syntax']],
    ['open:\n', 'open: [\n', expect.arrayContaining([expect.stringContaining('not readable YAML')])],
  ])('%j instead given as %j says so', (piece, replacement, expected) => {
    expect(saidOf(piece, replacement)).toEqual(expected);
  });

  it('says all its faults at once', () => {
    const text = good.replace('version: 1.0.0', 'version: 1').replace('kind: visit', 'kind: visitation');
    expect(saidOf('owner: clinical-pharmacist', 'owner: Pharmacist', text)).toHaveLength(3);
  });

  it('that is missing is said to be', () => {
    const root = holding(['empty', 'notes.txt'], '');
    expect(tell(readProtocols(root).problems)).toEqual([
      'protocols/empty/protocol.yaml: the file cannot be read; it must exist and be readable',
    ]);
    expect(tell(readProtocols(join(root, 'nowhere')).problems)).toEqual([
      'protocols: there is no protocol; add <id>/protocol.yaml',
    ]);
  });

  it('names an owner who has no role in an organisation', () => {
    const [protocol] = protocols;
    const [organisation] = organisations;
    const roles = organisation!.roles.filter((role) => role.id !== 'clinical-pharmacist');
    expect(tell(crossCheck([protocol!], [{ ...organisation!, roles }]))).toEqual([
      'protocols/transitional-care/protocol.yaml: "clinical-pharmacist" is no role of riverside-practice at ' +
        'tasks[2].owner; its roles: care-coordinator, nurse, practitioner, lead-coordinator',
    ]);
  });
});

describe('an organisation file with a fault', () => {
  const riverside = readFileSync('profiles/organisations/riverside-practice.yaml', 'utf8');

  it.each([
    [
      'time-zone: America/New_York',
      'time-zone: America/Newyork',
      ':4: unknown time zone "America/Newyork" at time-zone; write an IANA name such as America/New_York',
    ],
    ['closures: []', 'closures: [2026-02-30]', ':6: "2026-02-30" is not a day at closures[0]; write it like 2026-11-20'],
    ['holidays: us-federal', 'holidays: us', ':5: unknown holiday calendar "us" at holidays; known: us-federal, none'],
    ['postal-code: "00000"', 'postal-code: 00000', ':13: expected text, found the number 00000 at address.postal-code; quote it: "00000"'],
    ['id: nurse', 'id: practitioner', ':16: the role "practitioner" stands twice at roles; give each role once'],
    ['phone: 555-0142', 'phone: ""', ':8: the text is empty at phone; write something or leave the key out'],
  ])('%j instead given as %j says so', (piece, replacement, expected) => {
    expect(riverside).toContain(piece);
    const root = holding(['riverside-practice.yaml'], riverside.replace(piece, replacement));
    const read = readOrganisations(root);
    expect(read.organisations).toEqual([]);
    expect(tell(read.problems)).toEqual([`organisations/riverside-practice.yaml${expected}`]);
  });
});

describe('examples', () => {
  const [protocol] = protocols;
  const example = `- name: home
  facts: { encounter.class: IMP, encounter.destination: home }
  when: { event: discharged, on: 2026-11-25 }
  then: { opens: true, due: { first-contact: 2026-11-30 }, ends: 2026-12-24 }
`;

  function saidOfExample(text: string): string[] {
    const root = holding(['transitional-care', 'examples.yaml'], text);
    const read = readExamples(root, protocol!);
    return tell([...read.problems, ...checkExamples(protocol!, read.examples, examplePractice)]);
  }

  it('that hold say nothing', () => {
    expect(saidOfExample(example)).toEqual([]);
  });

  it.each([
    ['first-contact: 2026-11-30', 'first-contact: 2026-11-27', '"home": first-contact is 2026-11-30, not 2026-11-27 at [0]'],
    ['ends: 2026-12-24', 'ends: 2026-12-25', '"home": the last day is 2026-12-24, not 2026-12-25 at [0]'],
    ['opens: true', 'opens: false', '"home": a case opens at [0]'],
    ['IMP', 'EMER', '"home": no case opens at [0]'],
    ['opens: true', 'opens: true, flags: [class-unknown]', '"home": flags is none, not class-unknown at [0]'],
    ['opens: true', 'opens: true, state: closed', '"home": the state is open, not closed at [0]'],
  ])('%j instead given as %j do not hold, and say what came out', (piece, replacement, says) => {
    expect(saidOfExample(example.replace(piece, replacement))).toEqual([
      `protocols/transitional-care/examples.yaml:1: ${says}; change the protocol or the example`,
    ]);
  });

  it.each([
    ['first-contact:', 'first-call:', ':4: unknown task "first-call" at [0].then.due.first-call; known: first-contact, follow-up-visit, medication-reconciliation, discharge-information'],
    ['on: 2026-11-25', 'on: 2026-11-31', ':3: "2026-11-31" is not a day at [0].when.on; write it like 2026-11-20'],
    ['encounter.class: IMP', 'encounter.class: INP', ':2: unknown value of encounter.class "INP" at [0].facts.encounter.class; known: AMB, EMER, FLD, HH, IMP, ACUTE, NONAC, OBSENC, PRENC, SS, VR'],
  ])('%j instead given as %j cannot be read', (piece, replacement, says) => {
    expect(saidOfExample(example.replace(piece, replacement))).toEqual([
      `protocols/transitional-care/examples.yaml${says}`,
    ]);
  });
});
