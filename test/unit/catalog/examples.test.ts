// The examples of a protocol: what does not hold, and what cannot be read.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkExamples, examplePractice, readExamples } from '../../../src/catalog/examples.ts';
import { readProtocols } from '../../../src/catalog/protocols.ts';
import { goodProtocol, holding, replaced, tell } from '../../support/definition-files.ts';

describe('an example', () => {
  const good = `- name: home
  facts: { encounter.class: IMP, patient.age: 71 }
  when: { event: discharged, on: 2026-11-25 }
  then: { opens: true, due: { call: 2026-11-30 }, ends: 2026-12-24 }
`;

  function said(text: string): string[] {
    const root = holding('after-stay/protocol.yaml', goodProtocol);
    writeFileSync(join(root, 'after-stay/examples.yaml'), text);
    const [protocol] = readProtocols(root).protocols;
    const { examples, problems } = readExamples(root, protocol!);
    return tell([...problems, ...checkExamples(protocol!, examples, examplePractice)]);
  }

  it('that holds says nothing', () => {
    expect(said(good)).toEqual([]);
  });

  it.each([
    ['call: 2026-11-30', 'call: 2026-11-27', 'call is 2026-11-30, not 2026-11-27'],
    ['ends: 2026-12-24', 'ends: 2026-12-25', 'the last day is 2026-12-24, not 2026-12-25'],
    ['opens: true', 'opens: false', 'a case opens'],
    ['IMP', 'EMER', 'no case opens'],
    ['opens: true', 'opens: true, flags: [look]', 'flags is none, not look'],
    ['opens: true', 'opens: true, state: closed', 'the state is open, not closed'],
  ])('with %j written as %j does not hold, and says what came out', (piece, replacement, says) => {
    expect(said(replaced(good, piece, replacement))).toEqual([
      `protocols/after-stay/examples.yaml:1: "home": ${says} at [0]; change the protocol or the example`,
    ]);
  });

  it.each([
    ['call:', 'cal:', ':4: unknown task "cal" at [0].then.due.cal; known: call, visit'],
    ['2026-11-25', '2026-11-31', ':3: "2026-11-31" is not a day at [0].when.on; write it like 2026-11-20'],
    [
      'class: IMP',
      'class: INP',
      ':2: unknown value of encounter.class "INP" at [0].facts.encounter.class; known: AMB, EMER, FLD, HH, IMP, ACUTE, NONAC, OBSENC, PRENC, SS, VR',
    ],
    [
      'patient.age: 71',
      'patient.age: old',
      ':2: expected a whole number, found "old" at [0].facts.patient.age; write a number from 0 on, without quotes',
    ],
  ])('with %j written as %j cannot be read', (piece, replacement, says) => {
    expect(said(replaced(good, piece, replacement))).toEqual([`protocols/after-stay/examples.yaml${says}`]);
  });
});
