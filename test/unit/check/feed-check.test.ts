// `npm run feed -- check`: what it shows for sample messages, word for word where a reader relies on it; and what it
// says of arguments and files that are wrong.

import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { run } from '../../../scripts/feed/check.ts';
import { aDischarge, aMerge, anAdmission, anAdt, anUpdate, segment } from '../../support/hl7.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'throughline-feed-check-'));
const said: string[] = [];

beforeAll(() => {
  cpSync('profiles', path.join(folder, 'profiles'), { recursive: true });
  const lines = [
    'kind: feed',
    'id: z-hospital',
    'name: Z Hospital',
    'organisation: riverside-practice',
    'port: 2701',
    'processing-ids: [P]',
    'facilities: [ZH, ZW]',
    'facility-authorities: { ZW: { uri: "https://zw.example/mrn", name: Z West } }',
    'zone: America/New_York',
    'facility-zones: { ZH: America/Denver }',
    'authority: { uri: "https://z.example/mrn", name: Z Hospital }',
    'panel: all',
    'fields: { disposition: [ZPV-3.1, PV1-36] }',
    'events: { Z01: admitted }',
    'codes: { patient-class: { STA: IMP } }',
  ];
  writeFileSync(path.join(folder, 'profiles', 'partners', 'z-hospital.yaml'), lines.join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(() => {
  vi.stubEnv('PROFILES_DIR', path.join(folder, 'profiles'));
  vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text));
  vi.spyOn(console, 'error').mockImplementation((text: string) => void said.push(text));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  said.length = 0;
});

let count = 0;
function file(content: string | Uint8Array): string {
  const name = path.join(folder, `${(count += 1)}.hl7`);
  writeFileSync(name, content);
  return name;
}

async function check(content: string | Uint8Array, ...more: readonly string[]): Promise<string> {
  expect(await run(['z-hospital', file(content), ...more])).toBe(0);
  return said.join('\n').replace(/ +/g, ' ');
}

const common = { facility: 'ZH', authority: 'ZH' } as const;

describe('for each message', () => {
  test('field by field: fact, field, what was sent, what it means, by which zone and which row', async () => {
    const zpv = segment('ZPV', { 3: '01^Home', 4: 'more' });
    const zzz = segment('ZZZ', { 1: 'x' });
    const text = await check(
      aDischarge({
        ...common,
        class: 'sta',
        at: '20261120150000',
        segments: [zpv, zzz, segment('OBX', { 1: '1', 5: 'x' })],
      }),
    );
    expect(text).toContain('message 1 of 1: ADT^A03, MSH-10 A03-1001-20261120150000, from ADT at ZH');
    expect(text).toContain(' answer AA\n fate applied\n effect A03: the stay is discharged (mappings/hl7v2)');
    expect(text).toContain(
      'event-time EVN-2 20261120150000 → 2026-11-20T15:00:00 in America/Denver, 2026-11-20T22:00:00.000Z [zone: the facility]',
    );
    expect(text).toContain(
      'patient-identifiers PID-3 1001^^^ZH^MR → 1001 of urn:throughline:authority:z-hospital:zh (MR)',
    );
    expect(text).toContain('names PID-5 Winter^Ada^M^^^^L → Ada M Winter (official) [codes/name-use: L = official]');
    expect(text).toContain('birth-date PID-7 19550102 → 1955-01-02');
    expect(text).toContain(
      'class PV1-2 sta → IMP of http://terminology.hl7.org/CodeSystem/v3-ActCode [partner file, codes/patient-class: sta = IMP]',
    );
    expect(text).toContain('disposition ZPV-3.1 01^Home → home (code 01) [codes/discharge-disposition: 01 = home]');
    expect(text).toContain('visit-number PV1-19 V1 → V1 of https://z.example/mrn/visit');
    expect(text).toMatch(/ Z unread ZPV-4, ZZZ\n unread OBX\n/);
    expect(text).toContain(
      '1 message: 1 would be applied, 0 ignored, 0 parked after the answer, 0 refused by the header. Nothing was stored.',
    );
    expect(text).toContain('Every code has a row.');
  });

  test('what the partner file says of an event is named as its word', async () => {
    expect(await check(anAdt({ ...common, event: 'Z01' }))).toContain(
      'effect Z01: the stay is admitted (the partner file)',
    );
  });

  test('numbers without an authority are those of the facility, where it has one', async () => {
    const text = await check(anUpdate({ authority: '', facility: 'ZW' }) + anUpdate({ authority: '', facility: 'ZH' }));
    expect(text).toContain('patient-identifiers PID-3 1001^^^^MR → 1001 of https://zw.example/mrn (MR)');
    expect(text).toContain('visit-number PV1-19 V1 → V1 of https://zw.example/mrn/visit');
    expect(text).toContain('patient-identifiers PID-3 1001^^^^MR → 1001 of https://z.example/mrn (MR)');
  });

  test('what the header refuses: answer, place, reason', async () => {
    const text = await check(anUpdate({ facility: 'OTHER', processingId: 'T' }));
    expect(text).toContain(' answer AR\n');
    expect(text).toContain(
      'refused MSH-11: MSH-11 names a processing id that this feed does not take. (hl7.processing-id-refused)',
    );
    expect(text).toContain(
      'MSH-4: MSH-3 or MSH-4 names a sender that may not speak on this connection. (partner.sender-refused)',
    );
    expect(text).toContain('1 refused by the header');
  });

  test('what is parked after the answer, and what is ignored, with the reason', async () => {
    const text = await check(
      anUpdate({ ...common, without: ['PID'] }) +
        aMerge({ ...common, retired: '' }) +
        anAdt({ ...common, event: 'A20' }),
    );
    expect(text).toContain('fate parked: hl7.segment-missing at PID: A segment that this event requires is absent.');
    expect(text).toContain('fate parked: hl7.merge-incomplete at MRG-1:');
    expect(text).toMatch(/message 3 of 3: ADT\^A20.*\n answer AA\n fate ignored: /);
    expect(text).toContain(
      '3 messages: 0 would be applied, 1 ignored, 2 parked after the answer, 0 refused by the header.',
    );
  });

  test('every repair is a flag; the clock is judged only against a given arrival', async () => {
    const doubtful = anUpdate({
      ...common,
      at: '20261101013000',
      sentAt: '20261101013000',
      dischargedAt: '20261120240000',
    });
    const text = await check(doubtful);
    expect(text).toContain(' flags time-repeated:MSH-7\n time-repeated:EVN-2\n');
    expect(text).toContain('time-adjusted:PV1-45');
    expect(text).not.toContain('clock-implausible');
    said.length = 0;
    expect(await check(doubtful, '--arrived', '2020-01-01T00:00:00Z')).toContain('clock-implausible:MSH-7');
  });
});

describe('codes without a row', () => {
  test('are named with their place, and ready to paste', async () => {
    const text = await check(
      anAdmission({ ...common, class: 'QQ', language: 'x,y^Odd' }) + anUpdate({ ...common, class: 'QQ' }),
    );
    expect(text).toContain('unmapped QQ at PV1-2: no row in codes/patient-class\n');
    expect(text).toContain('\nmappings/codes/language.csv\n"x,y",,seen 1 time at PID-15\n');
    expect(text).toContain('\nmappings/codes/patient-class.csv\nQQ,,seen 2 times at PV1-2\n');
    expect(text).toContain('under codes: in profiles/partners/z-hospital.yaml');
  });
});

describe('files', () => {
  test('a batch, LF ends and MLLP frames are taken as they come', async () => {
    const one = anUpdate(common);
    const batch = `FHS|^~\\&\rBHS|^~\\&\r${one}${one}BTS|2\rFTS|1\r`.replaceAll('\r', '\n');
    expect(await check(batch)).toContain('a batch: FHS, BHS, BTS, FTS around its messages');
    expect(said.join('\n')).not.toContain('flags');
    said.length = 0;
    expect(await check(`\uFEFF${one.replaceAll('\r', '\r\n')}`)).not.toContain('flags');
    said.length = 0;
    expect(await check(`\x0b${one}\x1c\r\x0b${one}\x1c\r`)).toContain('2 messages: 2 would be applied');
  });

  test('UTF-16 and Windows-1252 are read as the feed would', async () => {
    const name = anUpdate({ ...common, name: 'Müller^Ada' });
    expect(await check(Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(name, 'utf16le')]))).toContain('Ada Müller');
    said.length = 0;
    expect(await check(Buffer.from(name, 'latin1'))).toContain('flags charset-guessed:MSH-18');
  });

  test.each([
    ['', 'the file is empty; it must hold at least one HL7 message'],
    ['hello\n', 'no HL7 message; a message begins with a line that starts with MSH'],
  ])('%j is none', async (content, says) => {
    expect(await run(['z-hospital', file(content), file(anUpdate(common))])).toBe(1);
    expect(said.at(-1)).toContain(says);
    // The others are checked all the same.
    expect(said.join('\n')).toContain('1 message: 1 would be applied');
  });

  test('that are not there say so; partners that are not there name those that are', async () => {
    expect(await run(['z-hospital', 'no/such.hl7', folder])).toBe(1);
    expect(said).toEqual([
      'no/such.hl7: there is no such file; name a file of HL7 v2 messages',
      `${folder}: this is a folder; name a file of HL7 v2 messages`,
    ]);
    await expect(run(['a-hospital', 'x.hl7'])).rejects.toThrow(
      'there is no feed "a-hospital" in profiles/partners; known: general-hospital, z-hospital',
    );
    await expect(run(['z-hospital'])).rejects.toThrow('name at least one file of HL7 v2 messages after z-hospital');
    await expect(run(['z-hospital', 'x.hl7', '--arrived', 'today'])).rejects.toThrow('"today" is no instant');
    expect(await run([])).toBe(1);
  });

  test('a profile with faults lists them', async () => {
    vi.stubEnv('PROFILES_DIR', path.join(folder, 'nowhere'));
    await expect(run(['z-hospital', file(anUpdate(common))])).rejects.toThrow('The profiles or mappings hold errors.');
  });
});

test('--json gives the same for machines', async () => {
  expect(await run(['z-hospital', file(anAdmission({ ...common, class: 'QQ' })), '--json'])).toBe(0);
  const { partner, messages, summary } = JSON.parse(said.join('\n'));
  expect(partner).toBe('z-hospital');
  expect(messages[0]).toMatchObject({ number: 1, answers: ['AA'], fate: 'applied', problems: [] });
  expect(messages[0].facts).toContainEqual(
    expect.objectContaining({ fact: 'gender', from: 'PID-8', raw: 'F', meaning: 'female' }),
  );
  expect(summary).toEqual({
    messages: 1,
    applied: 1,
    ignored: 0,
    parked: 0,
    refused: 0,
    unmapped: [{ table: 'patient-class', code: 'QQ', times: 1, at: ['PV1-2'] }],
  });
});
