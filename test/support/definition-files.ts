// Definition files for tests of the catalogue: small, without faults, and a way to put one piece of them wrong.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { type Problem, tellProblem } from '../../src/catalog/reading.ts';

export const tell = (problems: readonly Problem[]): string[] => problems.map(tellProblem);

const folder = mkdtempSync(join(tmpdir(), 'throughline-catalog-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;

/** A folder of its own that holds one file. */
export function holding(path: string, text: string): string {
  const root = join(folder, String((count += 1)));
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  return root;
}

/** `good` with one piece replaced; a piece that is not there would test nothing. */
export function replaced(good: string, piece: string, replacement: string): string {
  expect(good.split(piece).length).toBe(2);
  return good.replace(piece, () => replacement);
}

export const goodProtocol = `id: after-stay
version: 1.0.0
title: After a stay
source: a test
open:
  on: discharged
  if:
    all:
      - { fact: encounter.class, in: [IMP, OBSENC] }
      - { fact: patient.age, at-least: 18 }
flags:
  - { flag: look, if: { fact: encounter.destination, is: other } }
close:
  - { on: deceased, as: deceased }
  - { on: admitted, classes: [IMP], suspend: true, as: readmitted }
  - { after: { days: 29, from: discharged }, as: finished }
tasks:
  - id: call
    title: Call
    kind: outreach
    owner: nurse
    due: { days: 2, of: business, from: discharged }
  - id: visit
    title: Visit
    kind: visit
    owner: practitioner
    due:
      - { if: { fact: case.complexity, is: high }, days: 7, of: calendar, from: discharged }
      - { with: call }
    referral: { title: Visit, code: { system: http://snomed.info/sct, code: "185389009" } }
`;

export const goodOrganisation = `id: a-practice
name: A Practice
time-zone: America/New_York
holidays: us-federal
closures: [2026-11-27]
phone: 555-0100
address: { lines: [1 Main Street], postal-code: "00000" }
roles:
  - { id: nurse, title: Nurse, code: { system: http://nucc.org/provider-taxonomy, code: 163W00000X } }
  - { id: practitioner, title: Doctor, code: { system: http://nucc.org/provider-taxonomy, code: 207Q00000X } }
`;
