// What the loader says of protocol files with faults: the analyst's user interface, word for word.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOrganisations } from '../../../src/catalog/organisations.ts';
import { crossCheck, readProtocols } from '../../../src/catalog/protocols.ts';
import { goodOrganisation, goodProtocol, holding, replaced, tell } from '../../support/definition-files.ts';

const conditionForm = 'a condition is all, any or not, or a fact with one of is, in, at-least, at-most';
const ageFact = '{ fact: patient.age, at-least: 18 }';
const callDue = '{ days: 2, of: business, from: discharged }';

describe('a protocol file', () => {
  it('without faults is read as it stands', () => {
    const { protocols, problems } = readProtocols(holding('after-stay/protocol.yaml', goodProtocol));
    expect(problems).toEqual([]);
    expect(protocols[0]).toEqual({
      id: 'after-stay',
      version: '1.0.0',
      title: 'After a stay',
      source: 'a test',
      open: {
        on: 'discharged',
        if: {
          all: [
            { fact: 'encounter.class', in: ['IMP', 'OBSENC'] },
            { fact: 'patient.age', 'at-least': 18 },
          ],
        },
      },
      flags: [{ flag: 'look', if: { fact: 'encounter.destination', is: 'other' } }],
      close: [
        { on: 'deceased', as: 'deceased' },
        { on: 'admitted', suspend: true, classes: ['IMP'], as: 'readmitted' },
        { after: { days: 29, from: 'discharged' }, as: 'finished' },
      ],
      tasks: [
        {
          id: 'call',
          title: 'Call',
          kind: 'outreach',
          owner: 'nurse',
          due: [{ days: 2, of: 'business', from: 'discharged' }],
        },
        {
          id: 'visit',
          title: 'Visit',
          kind: 'visit',
          owner: 'practitioner',
          due: [
            { if: { fact: 'case.complexity', is: 'high' }, days: 7, of: 'calendar', from: 'discharged' },
            { with: 'call' },
          ],
          referral: { title: 'Visit', code: { system: 'http://snomed.info/sct', code: '185389009' } },
        },
      ],
    });
  });

  it.each<[string, string, ...string[]]>([
    [
      ageFact,
      '{ fact: patient.agee, at-least: 18 }',
      ':10: unknown fact "patient.agee" at open.if.all[1]; known facts: encounter.class, encounter.class-known, encounter.disposition, encounter.destination, patient.age, patient.deceased, case.complexity',
    ],
    [
      ageFact,
      '{ fact: encounter.disposition, in: [01, "06"] }',
      ':10: expected text, found the number 01 at open.if.all[1].in[0]; quote it: "01"',
    ],
    [
      ageFact,
      '{ fact: patient.deceased, is: no }',
      ':10: expected true or false, found "no" at open.if.all[1].is; write true or false, without quotes',
    ],
    [ageFact, '{ fact: patient.age, equals: 18 }', `:10: unknown key "equals" at open.if.all[1]; ${conditionForm}`],
    [
      ageFact,
      '{ fact: patient.age, at-least: 18, at-most: 80 }',
      `:10: the fact is not compared once at open.if.all[1]; ${conditionForm}`,
    ],
    [ageFact, '{ is: 18 }', `:10: the condition names no fact at open.if.all[1]; ${conditionForm}`],
    [ageFact, '{}', `:10: the condition is empty at open.if.all[1]; ${conditionForm}`],
    [ageFact, '{ any: [], fact: patient.age }', `:10: "any" does not stand alone at open.if.all[1]; ${conditionForm}`],
    [
      ageFact,
      '{ not: { any: [] } }',
      ':10: no condition is listed at open.if.all[1].not.any; list at least one condition',
    ],
    [
      ageFact,
      '{ not: { fact: encounter.clas, is: IMP } }',
      ':10: unknown fact "encounter.clas" at open.if.all[1].not; known facts: encounter.class, encounter.class-known, encounter.disposition, encounter.destination, patient.age, patient.deceased, case.complexity',
    ],
    [
      '{ fact: encounter.destination, is: other }',
      '{ fact: encounter.destination, is: othr }',
      ':12: unknown value of encounter.destination "othr" at flags[0].if.is; known: home, home-against-advice, custody, facility-residence, snf, transfer, expired, hospice, other, still-patient, unknown',
    ],
    ['  on: discharged', '  on: discharge', ':6: unknown change that opens "discharge" at open.on; known: discharged'],
    [
      'owner: nurse',
      'owners: nurse',
      ':21: unknown key "owners" at tasks[0]; known keys: id, title, kind, owner, due, description, referral',
      ':18: missing key "owner" at tasks[0]; needed keys: id, title, kind, owner, due',
    ],
    [
      'owner: nurse',
      'owner: Nurse',
      ':21: "Nurse" is not an id at tasks[0].owner; write lower-case letters and digits with single hyphens',
    ],
    [
      'kind: outreach',
      'kind: phone',
      ':20: unknown kind of task "phone" at tasks[0].kind; known: outreach, visit, review, document',
    ],
    [
      '{ with: call }',
      '{ with: cal }',
      ':18: the task "visit" is due with unknown task "cal" at tasks; known tasks: call, visit',
    ],
    [
      callDue,
      '{ with: visit }',
      ':18: the task "call" is due with itself, through "with" at tasks; give one of them days of its own',
      ':18: the task "visit" is due with itself, through "with" at tasks; give one of them days of its own',
    ],
    [
      callDue,
      '{ days: "2", of: working, from: discharged }',
      ':22: unknown kind of day "working" at tasks[0].due.of; known: business, calendar',
      ':22: expected a whole number, found "2" at tasks[0].due.days; write a number from 0 on, without quotes',
    ],
    [
      callDue,
      '{ days: 0, of: business, from: discharged }',
      ':22: expected a whole number, found the number 0 at tasks[0].due.days; write a number from 1 on, without quotes',
    ],
    [callDue, '[]', ':22: the task is never due at tasks[0].due; give at least one rule'],
    [
      '      - { with: call }\n',
      '',
      ':28: the last rule has a condition at tasks[1].due; end with a rule that always holds',
    ],
    [
      'if: { fact: case.complexity, is: high }, ',
      '',
      ':28: a rule that always holds hides those after it at tasks[1].due; put it last',
    ],
    [
      '- id: visit',
      '- id: call',
      ':18: the task "call" stands twice at tasks; give each task an id of its own',
      ':18: the task "call" is due with itself, through "with" at tasks; give one of them days of its own',
    ],
    [
      '  - { after: { days: 29, from: discharged }, as: finished }\n',
      '',
      ':14: a case must end some day at close; give exactly one rule with after',
    ],
    [
      'on: deceased, as: deceased',
      'on: deceased, as: dead',
      ':14: unknown reason "dead" at close[0].as; known: finished, readmitted, deceased, not-qualifying, entered-in-error',
    ],
    [
      'suspend: true',
      'suspend: false',
      ':15: a rule that suspends says false at close[1].suspend; write suspend: true',
    ],
    ['on: admitted', 'on: deceased', ':15: unknown change that suspends "deceased" at close[1].on; known: admitted'],
    [
      '{ on: deceased, as: deceased }',
      '{ on: deceased, as: deceased }\n  - { on: deceased, as: finished }',
      ':14: the change "deceased" stands twice at close; give each change one rule',
    ],
    ['id: after-stay', 'id: later', ':1: the id "later" is not the name of its folder at id; write after-stay'],
    ['version: 1.0.0', 'version: 1.0', ':2: expected text, found the number 1.0 at version; quote it: "1.0"'],
    ['version: 1.0.0', 'version: new', ':2: "new" is not a version at version; write it like 1.0.0'],
    [
      'code: "185389009"',
      'code: 185389009',
      ':30: expected text, found the number 185389009 at tasks[1].referral.code.code; quote it: "185389009"',
    ],
    [
      'title: After a stay\n',
      '',
      ':1: missing key "title"; needed keys: id, version, title, source, open, close, tasks',
    ],
    ['title: After a stay', 'title:', ':3: expected text, found nothing at title; write text'],
    ['title: After a stay', 'title: [After]', ':3: expected text, found a list at title; write text'],
    ['title: After a stay', 'version: 2.0.0', ':3: not readable YAML: Map keys must be unique; mend the syntax'],
  ])('with %j written as %j says so, with the place and what would be right', (piece, replacement, ...expected) => {
    const root = holding('after-stay/protocol.yaml', replaced(goodProtocol, piece, replacement));
    const { protocols, problems } = readProtocols(root);
    expect(tell(problems)).toEqual(expected.map((line) => `protocols/after-stay/protocol.yaml${line}`));
    expect(protocols).toEqual([]);
  });

  it('says all its faults at once', () => {
    const once = replaced(goodProtocol, 'version: 1.0.0', 'version: 1');
    const twice = replaced(once, 'kind: outreach', 'kind: phone');
    const root = holding('after-stay/protocol.yaml', replaced(twice, ageFact, '{ fact: age, is: 1 }'));
    expect(readProtocols(root).problems.map((problem) => problem.place)).toEqual([
      'version',
      'tasks[0].kind',
      'open.if.all[1]',
    ]);
  });

  it('that is missing is said to be', () => {
    const root = holding('after-stay/notes.txt', '');
    expect(tell(readProtocols(root).problems)).toEqual([
      'protocols/after-stay/protocol.yaml: the file cannot be read; it must exist and be readable',
    ]);
    expect(tell(readProtocols(join(root, 'nowhere')).problems)).toEqual([
      'protocols: there is no protocol; add <id>/protocol.yaml',
    ]);
  });

  it('names an owner who has no role in an organisation', () => {
    const { protocols } = readProtocols(holding('after-stay/protocol.yaml', goodProtocol));
    const { organisations } = readOrganisations(holding('a-practice.yaml', goodOrganisation));
    expect(crossCheck(protocols, organisations)).toEqual([]);
    const fewer = organisations.map((each) => ({ ...each, roles: each.roles.slice(1) }));
    expect(tell(crossCheck(protocols, fewer))).toEqual([
      'protocols/after-stay/protocol.yaml: "nurse" is no role of a-practice at tasks[0].owner; its roles: practitioner',
    ]);
  });
});
