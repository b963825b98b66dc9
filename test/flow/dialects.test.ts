// Feeds that speak their own dialect, from the bytes to the resources: what a partner file says, without code.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Condition, Encounter, Patient } from 'fhir/r4.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aDischarge, aMerge, anAdmission, anAdt, anUpdate, segment } from '../support/hl7.ts';
import { aSite, type TestSite } from '../support/site.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'throughline-dialects-'));
const now = '2026-11-22T15:00:00Z';
let site: TestSite;

const feed = (id: string, port: number, ...lines: readonly string[]) =>
  [
    'kind: feed',
    `id: ${id}`,
    `name: ${id}`,
    'organisation: riverside-practice',
    `port: ${port}`,
    'processing-ids: [P]',
    'zone: America/New_York',
    `authority: { uri: "https://${id}.example/mrn", name: ${id} }`,
    'panel: all',
    ...lines,
  ].join('\n');

beforeAll(async () => {
  cpSync('profiles', folder, { recursive: true });
  const files = {
    'z-hospital': feed(
      'z-hospital',
      2701,
      'fields: { disposition: [ZPV-3.1, PV1-36], visit-number: [PV1-50, PV1-19] }',
      'events: { Z01: admitted }',
      'codes: { patient-class: { STA: IMP } }',
      'observation: [{ field: PV1-18, in: [OBS] }]',
    ),
    'mild-hospital': feed(
      'mild-hospital',
      2702,
      'acknowledge: { mode: original, reject: accept-and-park }',
      'facilities: [MILD]',
      'applications: [ADT]',
      'mode: action',
    ),
    'lake-hospital': feed(
      'lake-hospital',
      2703,
      'facility-authorities: { LAKE-WEST: { uri: "https://west.example/mrn", name: Lakeside West } }',
    ),
  };
  for (const [id, text] of Object.entries(files)) writeFileSync(path.join(folder, 'partners', `${id}.yaml`), text);
  site = await aSite({ profilesDir: folder, now });
});
afterAll(async () => {
  await site?.close();
  rmSync(folder, { recursive: true });
});

async function fateOf(controlId: string) {
  const { rows } = await site.owner.query(
    `select i.state, i.reason, i.warnings from inbox i join message m on m.id = i.message where m.control_id = $1`,
    [controlId],
  );
  return rows as { state: string; reason: string | null; warnings: string[] | null }[];
}

const stayOf = async (visit: string) =>
  (await site.resources<Encounter>('Encounter')).find(({ identifier }) =>
    identifier?.some(({ value }) => value === visit),
  );

describe('a feed with fields, events and codes of its own', () => {
  test('is understood by its file: Z event, Z segment, own codes, fallback of the visit number', async () => {
    const common = { mrn: 'Z-1', visit: 'ZV1', facility: 'ZH', authority: 'ZH' };
    await site.send(anAdt({ ...common, event: 'Z01', class: 'STA', at: '20261120100000-0500' }), 'z-hospital');
    const zpv = segment('ZPV', { 3: '20^Expired' });
    await site.send(aDischarge({ ...common, class: 'STA', at: '20261121100000-0500', segments: [zpv] }), 'z-hospital');
    await site.work();
    const stay = await stayOf('ZV1');
    expect(stay).toMatchObject({ status: 'finished', class: { code: 'IMP' } });
    expect(stay?.hospitalization?.dischargeDisposition).toMatchObject({
      coding: [{ code: '20' }, { code: 'exp' }],
    });
  });

  test('an outpatient whose PV1-18 says observation is one, and qualifies as one', async () => {
    const observed = (text: string) => text.replace(/\|ZV2/, 'OBS|ZV2');
    const common = { mrn: 'Z-2', visit: 'ZV2', class: 'O', authority: 'ZH' };
    await site.send(observed(anAdmission({ ...common, at: '20261120100000-0500' })), 'z-hospital');
    await site.send(observed(aDischarge({ ...common, at: '20261121100000-0500' })), 'z-hospital');
    await site.work();
    expect(await stayOf('ZV2')).toMatchObject({ class: { code: 'OBSENC' }, episodeOfCare: [expect.anything()] });
  });

  test('the same words on another feed mean what they always do', async () => {
    const [ack] = await site.send(anAdt({ event: 'Z01', mrn: 'G-1', controlId: 'plain-z' }));
    expect(ack).toContain('MSA|AA|');
    await site.work();
    expect(await fateOf('plain-z')).toEqual([
      expect.objectContaining({ state: 'ignored', reason: 'event Z01 has no meaning here' }),
    ]);
  });
});

describe('facilities that count their patients apart, with an empty CX-4', () => {
  const lake = 'https://lake-hospital.example/mrn';
  const west = 'https://west.example/mrn';
  const ann = { facility: 'LAKE', name: 'Reed^Ann', birthDate: '19500101' };
  const bo = { facility: 'LAKE-WEST', name: 'Moss^Bo', birthDate: '19600202' };
  const give = async (...messages: readonly string[]) => {
    for (const message of messages) expect(await site.send(message, 'lake-hospital')).not.toBe('close');
    await site.work();
  };
  const patientOf = async (system: string, value: string) =>
    (await site.resources<Patient>('Patient')).find(({ identifier }) =>
      identifier?.some((one) => one.system === system && one.value === value),
    );
  const staysOf = async (visit: string) =>
    (await site.resources<Encounter>('Encounter'))
      .filter(({ identifier }) => identifier?.some(({ value }) => value === visit))
      .map(({ identifier, subject }) => [identifier?.[0]?.system, subject?.reference])
      .toSorted();

  test('the same numbers of patient and visit at two of them are two patients with a stay each', async () => {
    const silent = { identifiers: '555^^^^MR', visit: 'LV1' };
    await give(anAdmission({ ...ann, ...silent }), anAdmission({ ...bo, ...silent, controlId: 'west-1' }));
    const [atLake, atWest] = [await patientOf(lake, '555'), await patientOf(west, '555')];
    expect([atLake?.name?.[0]?.family, atWest?.name?.[0]?.family]).toEqual(['Reed', 'Moss']);
    expect(atWest?.identifier).toEqual([
      expect.objectContaining({ system: west, value: '555', assigner: { display: 'Lakeside West' } }),
    ]);
    expect(await staysOf('LV1')).toEqual([
      [`${lake}/visit`, `Patient/${atLake?.id}`],
      [`${west}/visit`, `Patient/${atWest?.id}`],
    ]);
  });

  test('a merge inside one of them touches that one alone', async () => {
    const untouched = await patientOf(lake, '555');
    const pair = { survivor: '556^^^^MR', retired: '555^^^^MR' };
    await give(
      anAdmission({ ...bo, identifiers: pair.survivor, visit: 'LV2', controlId: 'west-2' }),
      aMerge({ ...bo, ...pair, at: '20261121150000-0500', controlId: 'west-3' }),
    );
    const survivor = await patientOf(west, '556');
    const old = (await site.resources<Patient>('Patient')).filter(({ link }) =>
      link?.some(({ type, other }) => type === 'replaced-by' && other.reference === `Patient/${survivor?.id}`),
    );
    expect([old.length, old[0]?.active, survivor?.active]).toEqual([1, false, true]);
    expect(await patientOf(lake, '555')).toEqual(untouched);
    expect(untouched).toMatchObject({ active: true, name: [{ family: 'Reed' }] });
    expect(await staysOf('LV1')).toEqual([
      [`${lake}/visit`, `Patient/${untouched?.id}`],
      [`${west}/visit`, `Patient/${survivor?.id}`],
    ]);
  });
});

describe('acknowledgments as agreed', () => {
  const message = (options: Parameters<typeof anUpdate>[0]) => anUpdate({ facility: 'MILD', mrn: 'M-1', ...options });

  test('accept-and-park: two messages in one frame are answered AA, on disk, parked and shown', async () => {
    const two = message({ controlId: 'two' }) + message({ controlId: 'second' });
    expect(await site.send(two, 'mild-hospital')).toEqual([expect.stringMatching(/\rMSA\|AA\|two\r$/)]);
    expect(await fateOf('two')).toEqual([{ state: 'parked', reason: 'hl7.several-messages', warnings: ['at:MSH'] }]);
    expect(await site.send(two.replaceAll('two', 'std'))).toEqual([
      expect.stringContaining('MSA|AE|std\rERR||MSH^2|100^'),
    ]);
  });

  test('original mode: one reply, whatever MSH-15 asks', async () => {
    const asking = message({ controlId: 'orig' }).replace('|2.5.1\r', '|2.5.1|||NE|NE\r');
    expect(await site.send(asking, 'mild-hospital')).toEqual([expect.stringContaining('MSA|AA|orig')]);
    expect(await site.send(asking.replace('orig', 'none'))).toEqual([]);
  });

  test.each([
    ['facility', { facility: 'ELSEWHERE' }, 'MSH^1^4|207^', 'partner.sender-refused', 'at:MSH-4'],
    ['application', { application: 'LAB' }, 'MSH^1^3|207^', 'partner.sender-refused', 'at:MSH-3'],
    ['processing id', { processingId: 'T' }, 'MSH^1^11|202^', 'hl7.processing-id-refused', 'at:MSH-11'],
    ['version', { version: '3.0' }, 'MSH^1^12|203^', 'hl7.version-unsupported', 'at:MSH-12'],
  ])('a wrong %s is AR all the same, and names segment, field and reason', async (name, wrong, error, reason, at) => {
    const controlId = `wrong-${name.replace(' ', '-')}`;
    const [ack] = await site.send(message({ ...wrong, controlId }), 'mild-hospital');
    expect(ack).toContain(`MSA|AR|${controlId}\rERR||${error}`);
    expect(await fateOf(controlId)).toEqual([{ state: 'parked', reason, warnings: [at] }]);
  });
});

describe('what the content shows after the answer', () => {
  test.each([
    ['no PID', anUpdate({ without: ['PID'], controlId: 'no-pid' }), 'hl7.segment-missing', 'at:PID'],
    ['nobody identified', anUpdate({ mrn: '', controlId: 'nobody' }), 'hl7.patient-unidentified', 'at:PID-3'],
    ['no time', anUpdate({ at: '', sentAt: '', controlId: 'no-time' }), 'hl7.time-missing', 'at:EVN-6'],
    ['half a merge', anAdt({ event: 'A40', without: ['PV1'], controlId: 'half' }), 'hl7.merge-incomplete', 'at:MRG-1'],
  ])('%s: parked with its reason and its place', async (_, text, reason, at) => {
    const [ack] = await site.send(text);
    expect(ack).toContain('MSA|AA|');
    await site.work();
    const controlId = text.split('|')[9]!;
    const [fate] = await fateOf(controlId);
    expect(fate).toMatchObject({ state: 'parked', reason });
    expect(fate?.warnings?.[0]).toBe(at);
  });

  test('repairs are flags: a repeated hour, joined lines, a clock that cannot be right', async () => {
    const doubtful = aDischarge({
      mrn: 'Z-3',
      visit: 'ZV3',
      controlId: 'doubtful',
      authority: 'ZH',
      at: '20261101020000',
      dischargedAt: '20261101013000',
      sentAt: '20361101020000',
    });
    await site.send(doubtful.replace('PV1|', 'PV2|||^chest pain\rand a line that is none\rPV1|'), 'z-hospital');
    await site.work();
    const [fate] = await fateOf('doubtful');
    expect(fate?.state).toBe('applied');
    expect(fate?.warnings?.toSorted()).toEqual(['clock-implausible:MSH-7', 'continuation:PV2', 'time-repeated:PV1-45']);
    expect((await stayOf('ZV3'))?.period?.end).toBe('2026-11-01T01:30:00-04:00');
  });
});

describe('what is read although it is not as it should be', () => {
  const start = '20261119100000';
  const end = '20261120100000';
  const discharge = (controlId: string) =>
    aDischarge({
      mrn: `R-${controlId}`,
      visit: `RV-${controlId}`,
      controlId,
      authority: 'ZH',
      name: `Repair^${controlId}`,
      admittedAt: start,
      dischargedAt: end,
    });
  const swapped = discharge('swapped').replace(`${start}|${end}`, `${end}|${start}`);

  test.each([
    ['plain', discharge('plain'), []],
    ['swapped', swapped, ['stay-times-reversed:PV1-44']],
    ['nameless', discharge('nameless').replace('ADT^A03', 'ADT'), ['event-from-evn:MSH-9']],
    ['marked', `\uFEFF${discharge('marked')}`, ['byte-order-mark:MSH-18']],
    ['lf', discharge('lf').replaceAll('\r', '\n'), ['line-ends:MSH']],
    ['crlf', discharge('crlf').replaceAll('\r', '\r\n'), ['line-ends:MSH']],
    ['mixed', discharge('mixed').replace('\rPV1', '\nPV1'), ['mixed-terminators:MSH']],
  ])('is flagged, and changes nothing else: %s', async (controlId, text, warnings) => {
    const [ack] = await site.send(text, 'z-hospital');
    expect(ack).toContain(`MSA|AA|${controlId}`);
    await site.work();
    const [fate] = await fateOf(controlId);
    expect([fate?.state, fate?.warnings ?? []]).toEqual(['applied', warnings]);
    const { status, period } = (await stayOf(`RV-${controlId}`)) ?? {};
    expect([status, period]).toEqual([
      'finished',
      controlId === 'swapped'
        ? { end: '2026-11-19T10:00:00-05:00' }
        : { start: '2026-11-19T10:00:00-05:00', end: '2026-11-20T10:00:00-05:00' },
    ]);
  });
});

describe('diagnoses told one by one', () => {
  test('are added and taken back in the order of events, in whatever order they come', async () => {
    const dg1 = (action: string, code: string) => segment('DG1', { 1: '1', 3: `${code}^^ICD-10-CM`, 21: action });
    const at = (hour: string, action: string, code: string) =>
      anUpdate({
        mrn: 'M-9',
        name: 'Mildmay^Nona',
        visit: 'MV9',
        facility: 'MILD',
        at: `20261120${hour}0000-0500`,
        segments: [dg1(action, code)],
      });
    for (const text of [at('12', 'D', 'E11.9'), at('11', 'A', 'E11.9'), at('10', 'A', 'I50.9')]) {
      await site.send(text, 'mild-hospital');
      await site.work();
    }
    expect((await stayOf('MV9'))?.diagnosis).toHaveLength(1);
    const conditions = (await site.resources<Condition>('Condition')).map((condition) => [
      condition.code?.coding?.[0]?.code,
      condition.verificationStatus?.coding?.[0]?.code,
    ]);
    expect(conditions).toContainEqual(['I50.9', undefined]);
    expect(conditions).toContainEqual(['E11.9', 'entered-in-error']);
  });
});

describe('characters (F-31)', () => {
  const named = (name: string) => anUpdate({ mrn: `C-${name.length}`, name: `${name}^Ada`, visit: `CV${name.length}` });

  test.each([
    [
      'UTF-16 with a byte order mark',
      Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(named('Müller'), 'utf16le')]),
      'Müller',
      ['byte-order-mark:MSH-18'],
    ],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${named('Müllerin')}`), 'Müllerin', ['byte-order-mark:MSH-18']],
    ['Windows-1252 undeclared', Buffer.from(named('Gröbner-M'), 'latin1'), 'Gröbner-M', ['charset-guessed:MSH-18']],
    [
      'UTF-8 declared, other bytes',
      Buffer.from(named('Äther-Wolff').replace('|2.5.1', '|2.5.1||||||UNICODE UTF-8'), 'latin1'),
      '\uFFFDther-Wolff',
      ['invalid-bytes:MSH-18'],
    ],
  ])('%s: read, flagged where it had to be guessed, kept byte for byte', async (_, bytes, family, flags) => {
    await site.send(bytes);
    await site.work();
    const { rows } = await site.owner.query(
      'select m.raw, i.state, i.warnings from message_raw m join inbox i on i.message = m.id order by m.id desc limit 1',
    );
    expect(rows[0].raw.equals(bytes)).toBe(true);
    expect([rows[0].state, rows[0].warnings ?? []]).toEqual(['applied', flags]);
    const patients = JSON.stringify(await site.resources('Patient'));
    expect(patients).toContain(`"${family}"`);
  });

  test('delimiters and escapes of the sender’s own', async () => {
    const text = readFileSync('test/fixtures/adt/A31_hl7inspector_NonDefaultDelimiters.hl7').toString('latin1');
    await site.send(Buffer.from(text, 'latin1'));
    await site.work();
    const { rows } = await site.owner.query('select state from inbox order by message desc limit 1');
    expect(rows[0].state).toBe('applied');
  });
});
