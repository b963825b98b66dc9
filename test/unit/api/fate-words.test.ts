// Every flag that reading can put on a message has a sentence; a field or table after the colon is told apart.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { explainFlag, explainReason } from '../../../src/api/ops/fate-words.ts';

const texts = ['src/translate/from-hl7', 'src/translate/from-fhir'].flatMap((folder) =>
  readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'utf8')),
);
const codes = new Set(texts.flatMap((text) => [...text.matchAll(/\bwarn\(\w+, '([a-z-]+)'/g)].map(([, code]) => code)));

it('explains every flag in a sentence', () => {
  expect(codes.size).toBeGreaterThan(15);
  const unexplained = [...codes].filter((code = '') => !/^[A-Z].*\.$/.test(explainFlag(`${code}:PID-3`).text));
  expect(unexplained).toEqual([]);
});

it('tells a field or a table apart, and shows what it does not know by its code', () => {
  expect(explainFlag('time-unreadable:PV1-44')).toMatchObject({ code: 'time-unreadable', field: 'PV1-44' });
  expect(explainFlag('unmapped:patient-class')).toMatchObject({ code: 'unmapped', field: 'patient-class' });
  expect(explainFlag('something-new')).toEqual({ code: 'something-new', text: 'something new' });
});

it('explains reasons by the list of faults; an ignored event’s is a sentence already', () => {
  expect(explainReason('hl7.time-missing')).toMatch(/holds a time/);
  expect(explainReason('operator.parked')).toMatch(/operator/);
  expect(explainReason('bed status is not tracked')).toBe('bed status is not tracked');
});
