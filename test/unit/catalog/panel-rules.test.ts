// What an organisation's file says of its panel, and what would be right.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readOrganisations } from '../../../src/catalog/organisations.ts';
import { holding, tell } from '../../support/definition-files.ts';

const good = readFileSync('profiles/organisations/riverside-practice.yaml', 'utf8');
const read = (lines: string) =>
  readOrganisations(join(holding('organisations/riverside-practice.yaml', `${good}\n${lines}\n`), 'organisations'));

describe('the rules of a panel', () => {
  test.each([
    ['', { shrinkPercentMax: 50, offPanel: { keep: 'raw', rawDays: 30 } }],
    ['panel: { shrink-max-percent: 10 }', { shrinkPercentMax: 10, offPanel: { keep: 'raw', rawDays: 30 } }],
    ['off-panel: { keep: counts }', { shrinkPercentMax: 50, offPanel: { keep: 'counts', rawDays: 30 } }],
    ['off-panel: { keep: raw, raw-days: 7 }', { shrinkPercentMax: 50, offPanel: { keep: 'raw', rawDays: 7 } }],
    ['off-panel: { keep: all }', { shrinkPercentMax: 50, offPanel: { keep: 'all', rawDays: 30 } }],
  ])('%j are read', (lines, rules) => {
    const { organisations, problems } = read(lines);
    expect(tell(problems)).toEqual([]);
    expect(organisations[0]?.panel).toEqual(rules);
  });

  test.each([
    ['panel: { shrink-max-percent: 101 }', 'write a number from 0 to 100'],
    ['off-panel: { keep: some }', 'known: counts, raw, all'],
    ['off-panel: { raw-days: 3 }', 'missing key "keep"'],
    ['off-panel: { keep: raw, raw-days: 0 }', 'write a number from 1 on'],
    ['off-panel: { keep: counts, raw-days: 3 }', 'leave raw-days out, or write keep: raw'],
  ])('%j are wrong', (lines, right) => {
    expect(tell(read(lines).problems).join('\n')).toContain(right);
  });
});
