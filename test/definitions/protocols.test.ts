// The protocols and organisations of this project: no faults, and every protocol does what its own examples say.

import { describe, expect, it } from 'vitest';
import { checkExamples, examplePractice, readExamples } from '../../src/catalog/examples.ts';
import { readOrganisations } from '../../src/catalog/organisations.ts';
import { crossCheck, readProtocols } from '../../src/catalog/protocols.ts';
import { type Problem, tellProblem } from '../../src/catalog/reading.ts';

const tell = (problems: readonly Problem[]): string[] => problems.map(tellProblem);
const read = readProtocols('profiles/protocols');
const { organisations, problems } = readOrganisations('profiles/organisations');

it('the files have no faults and agree with each other', () => {
  expect(tell([...read.problems, ...problems, ...crossCheck(read.protocols, organisations)])).toEqual([]);
  expect(read.protocols.map((protocol) => protocol.id)).toContain('transitional-care');
  expect(organisations.map((organisation) => organisation.id)).toContain('riverside-practice');
});

describe.each(read.protocols.map((protocol) => [protocol.id, protocol] as const))('%s', (_id, protocol) => {
  const { examples, problems: exampleProblems } = readExamples('profiles/protocols', protocol);

  it('has examples that can be read', () => {
    expect(tell(exampleProblems)).toEqual([]);
    expect(examples.length).toBeGreaterThan(0);
  });

  it.each(examples.map((example) => [example.name, example] as const))('%s', (_name, example) => {
    expect(tell(checkExamples(protocol, [example], examplePractice))).toEqual([]);
  });
});
