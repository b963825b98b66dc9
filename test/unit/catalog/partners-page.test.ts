// docs/partners.md shows one file with every key: it must load without faults, and show every key there is.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { faults } from '../../../src/base/fault.ts';
import { dialectKeys } from '../../../src/catalog/feed-dialect.ts';
import { fileKeys } from '../../../src/catalog/feed-files.ts';
import { readPartners } from '../../../src/catalog/partners.ts';
import { holding, tell } from '../../support/definition-files.ts';

const page = readFileSync('docs/partners.md', 'utf8');
const example = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? '';

it('its example loads, and nothing in it is left unread', () => {
  const { feeds, problems } = readPartners(holding('lakeside-hospital.yaml', example));
  expect(tell(problems)).toEqual([]);
  expect(feeds[0]).toMatchObject({
    id: 'lakeside-hospital',
    acknowledge: { mode: 'original', reject: 'accept-and-park' },
    overrides: {
      fields: { 'visit-number': ['PV1-50', 'PV1-19'], disposition: ['ZPV-3.1', 'PV1-36'] },
      events: { Z01: { effect: 'encounter', kind: 'admitted' }, A08: { effect: 'ignored' } },
      codes: { 'patient-class': { OBS: 'OBSENC', SDS: 'AMB' } },
    },
    dialect: {
      facilityAuthorities: { 'LAKE-WEST': { uri: 'https://lakeside-west.example/mrn', name: 'Lakeside West' } },
      facilityZones: { LAKE: [{ zone: 'America/Chicago' }, { from: '2026-07-01', zone: 'America/New_York' }] },
      identifierTypes: { person: ['MC'], leftOut: ['PI'] },
      observation: [{ values: ['OBS', 'OBSV'] }, { values: ['OBS'] }],
      mode: 'action',
      trailingZeros: 'no-time',
      clock: { aheadMaxMinutes: 30, behindMaxDays: 90 },
    },
  });
});

it('its example shows every key', () => {
  const { problems } = readPartners(holding('a.yaml', 'kind: feed\nkinds: 1\n'));
  const known = /known keys: (.*)$/.exec(tell(problems).find((line) => line.includes('kinds')) ?? '')?.[1] ?? '';
  const keys = known.split(', ');
  expect(keys).toEqual(expect.arrayContaining([...dialectKeys, 'port', 'tls', 'panel']));
  // How files of messages are taken, and when silence is looked at, stand on pages of their own.
  for (const key of keys.filter((each) => !(fileKeys as readonly string[]).includes(each)))
    expect(example).toMatch(new RegExp(`^${key}:`, 'm'));
});

it('names no fault that is not one', () => {
  for (const [, code] of page.matchAll(/`((?:hl7|partner)\.[a-z-]+)`/g)) expect(Object.keys(faults)).toContain(code);
});
