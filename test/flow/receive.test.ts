// Who may speak on a feed: the connection decides, never the message (F-41, F-42).

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fault } from '../../src/base/fault.ts';
import { instant } from '../../src/base/instant.ts';
import { createIntake } from '../../src/flow/intake.ts';
import { type ReceivingFeed, receiveMessage } from '../../src/flow/receive-message.ts';
import { anUpdate } from '../support/hl7.ts';
import { aSite, defaultPartner, type TestSite } from '../support/site.ts';

let site: TestSite;
beforeAll(async () => {
  site = await aSite();
});
afterAll(() => site.close());

const now = () => instant(Date.parse('2026-11-22T15:00:00Z'));

function receive(
  restriction: Partial<ReceivingFeed>,
  message: string,
  clientName?: string,
  isOversize?: true,
  isVouchedFor?: true,
) {
  const feed: ReceivingFeed = {
    partner: defaultPartner,
    processingIds: ['P'],
    charset: undefined,
    applications: undefined,
    facilities: undefined,
    intake: createIntake(site.site.intake, now, () => undefined),
    ...restriction,
  };
  const receiving = {
    feedOf: (partner: string) => (partner === defaultPartner ? feed : undefined),
    now,
    newControlId: () => 'REPLY1',
    count: () => undefined,
    warn: () => undefined,
  };
  const bytes = Buffer.from(message);
  return receiveMessage(receiving, {
    ...{ bytes, partner: defaultPartner, clientName, isOversize },
    ...(isVouchedFor && { isVouchedFor }),
  });
}

const kept = async () => Number((await site.owner.query('select count(*) from message')).rows[0].count);
const textOf = (reply: Awaited<ReturnType<typeof receive>>) => (reply === 'close' ? reply : String(reply[0]));

describe('a feed that names its client certificates', () => {
  const restriction = { certificateNames: ['adt.general-hospital.example'] };

  it.each([undefined, 'adt.other.example'])('refuses %s without an answer and keeps nothing', async (name) => {
    const before = await kept();
    expect(await receive(restriction, anUpdate({ mrn: '7001', controlId: 'R1' }), name)).toBe('close');
    expect(await kept()).toBe(before);
  });

  it('takes what a token or a folder vouches for, which no certificate can', async () => {
    const message = anUpdate({ mrn: '7001', controlId: 'R0' });
    expect(textOf(await receive(restriction, message, undefined, undefined, true))).toContain('MSA|AA|R0');
  });

  it('takes the one it names', async () => {
    const reply = await receive(
      restriction,
      anUpdate({ mrn: '7001', controlId: 'R2' }),
      'adt.general-hospital.example',
    );
    expect(textOf(reply)).toContain('MSA|AA|R2');
  });
});

describe('a feed that names its facilities', () => {
  it('rejects a message of another one, and keeps it parked for a person to see', async () => {
    const reply = await receive(
      { facilities: ['GH-MAIN'] },
      anUpdate({ mrn: '7002', controlId: 'R3', facility: 'ELSEWHERE' }),
    );
    expect(textOf(reply)).toContain('MSA|AR|R3');
    const { rows } = await site.owner.query(
      `select i.state, i.reason from inbox i join message m on m.id = i.message where m.control_id = 'R3'`,
    );
    expect(rows).toEqual([{ state: 'parked', reason: 'partner.sender-refused' }]);
  });
});

describe('a message that is too large to be read', () => {
  const withLines = (lines: number, controlId: string) => {
    const message = anUpdate({ mrn: '7004', controlId });
    return message + 'NTE|1\r'.repeat(lines - message.split('\r').length + 1);
  };
  const stateOf = async (controlId: string) =>
    (await site.owner.query('select state, reason from inbox where control_id = $1', [controlId])).rows;

  it('is read with as many segments as the limit allows, and parked with one more', async () => {
    expect(textOf(await receive({ segmentsMax: 200 }, withLines(200, 'R10')))).toContain('MSA|AA|R10');
    const refused = textOf(await receive({ segmentsMax: 200 }, withLines(201, 'R11')));
    expect(refused).toContain('MSA|AR|R11');
    expect(refused).toContain('ERR||MSH^1|207');
    expect(await stateOf('R10')).toEqual([{ state: 'received', reason: null }]);
    expect(await stateOf('R11')).toEqual([{ state: 'parked', reason: 'hl7.too-many-segments' }]);
  });

  it('is rejected, and its header kept, where only its beginning was read, whatever was agreed about rejects', async () => {
    const before = await kept();
    const acknowledge = { mode: 'original', reject: 'accept-and-park' } as const;
    const reply = await receive({ acknowledge }, anUpdate({ mrn: '7005', controlId: 'R12' }), undefined, true);
    expect(textOf(reply)).toContain('MSA|AR|R12');
    expect(textOf(await receive({}, 'MSH|^~', undefined, true))).toContain('MSA|AR');
    expect(await stateOf('R12')).toEqual([{ state: 'parked', reason: 'mllp.frame-too-large' }]);
    expect(textOf(await receive({}, anUpdate({ mrn: '7006', controlId: 'R13' }), undefined, true, true))).toContain(
      'R13',
    );
    expect(await stateOf('R13')).toEqual([{ state: 'parked', reason: 'http.body-too-large' }]);
    expect(await kept()).toBe(before + 3);
    const { rows } = await site.owner.query(
      `select convert_from(raw, 'UTF8') as raw from message_raw order by id desc limit 3`,
    );
    for (const { raw } of rows) expect(raw).toMatch(/^MSH[^\r\n]*$/);
  });

  it('gets no answer from a stranger', async () => {
    expect(await receive({ certificateNames: ['adt.example'] }, anUpdate({}), undefined, true)).toBe('close');
  });
});

describe('a feed that takes faulty content', () => {
  it('gets no AA for what could not be kept', async () => {
    const down = { keep: () => Promise.reject(new Fault('store.unavailable')), idle: () => Promise.resolve() };
    const lenient = { mode: 'original', reject: 'accept-and-park' } as const;
    const two = anUpdate({ mrn: '7003', controlId: 'R4' }) + anUpdate({ mrn: '7003', controlId: 'R5' });
    expect(await receive({ acknowledge: lenient, intake: down }, two)).toBe('close');
    expect(textOf(await receive({ acknowledge: lenient }, two))).toContain('MSA|AA|R4');
  });
});
