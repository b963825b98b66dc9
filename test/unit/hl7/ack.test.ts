// Acknowledgments: their text (HL7 v2.5.1 ch. 2.14.1, 2.15.8, 2.15.5) and which are sent in which mode (ch. 2.9).

import { describe, expect, test } from 'vitest';
import { type AckInput, buildAck } from '../../../src/hl7/ack.ts';
import { decideAcknowledgments } from '../../../src/hl7/acknowledgments.ts';
import { readHeader } from '../../../src/hl7/header.ts';
import { parse } from '../../../src/hl7/parse.ts';

const us = { application: 'THROUGHLINE', facility: 'PRACTICE' };
const header = (text: string) => readHeader(text);
const common = header('MSH|^~\\&|EPIC|NORTH|TL|P1|20261120||ADT^A03^ADT_A03|M-1|P|2.5.1\r');
const input = (change: Partial<AckInput> = {}): AckInput => ({
  header: common,
  code: 'AA',
  controlId: 'T-1',
  now: '20261120170000+0000',
  us,
  ...change,
});
const fieldError = { location: 'MSH^1^12', errorCode: '203', severity: 'E', text: 'Version not supported.' } as const;

describe('text', () => {
  test('an accepted message', () => {
    expect(buildAck(input())).toBe(
      'MSH|^~\\&|TL|P1|EPIC|NORTH|20261120170000+0000||ACK^A03^ACK|T-1|P|2.5.1\rMSA|AA|M-1\r',
    );
  });

  test('a refused message says which field, and what is wrong with it', () => {
    expect(buildAck(input({ code: 'AR', errors: [fieldError] }))).toBe(
      'MSH|^~\\&|TL|P1|EPIC|NORTH|20261120170000+0000||ACK^A03^ACK|T-1|P|2.5.1\rMSA|AR|M-1\r' +
        'ERR||MSH^1^12|203^Unsupported version id^HL70357|E||||Version not supported.\r',
    );
  });

  test('before v2.5 the error stands in ERR-1', () => {
    const old = header('MSH|^~\\&|EPIC|NORTH|||20261120||ADT^A03|M-1|P|2.3\r');
    expect(buildAck(input({ header: old, code: 'AR', errors: [fieldError] }))).toContain(
      '\rERR|MSH^1^12^203&Unsupported version id&HL70357\r',
    );
  });

  test('one ERR per problem, the location only where there is one', () => {
    const ack = parse(
      buildAck(input({ code: 'AE', errors: [fieldError, { errorCode: '207', severity: 'F', text: 'x' }] })),
    );
    expect(ack.all('ERR').map((error) => [error.field(2), error.get(3), error.get(4)])).toEqual([
      ['MSH^1^12', '203', 'E'],
      ['', '207', 'F'],
    ]);
  });

  test('the sender is answered in its own delimiters and its own words', () => {
    const custom = header('MSH$%*!?$E%1.2%ISO$N!F!$$$2026$$ADT%A01$M!T!1 $T%A$2.7%USA\r');
    expect(buildAck(input({ header: custom, code: 'AR', errors: [fieldError] }))).toBe(
      'MSH$%*!?$THROUGHLINE$PRACTICE$E%1.2%ISO$N!F!$20261120170000+0000$$ACK%A01%ACK$T-1$T%A$2.7%USA\rMSA$AR$M!T!1 \r' +
        'ERR$$MSH%1%12$203%Unsupported version id%HL70357$E$$$$Version not supported.\r',
    );
  });

  test('a truncation character is named again', () => {
    expect(buildAck(input({ header: header('MSH|^~\\&#|S|||||||1|P|2.7\r') }))).toMatch(/^MSH\|\^~\\&#\|/);
  });

  test('without a readable header the defaults stand, and MSA-2 is empty', () => {
    expect(buildAck(input({ header: undefined, code: 'AR' }))).toBe(
      'MSH|^~\\&|THROUGHLINE|PRACTICE|||20261120170000+0000||ACK|T-1|P|2.5.1\rMSA|AR|\r',
    );
  });

  test('an application reply in enhanced mode wants no reply itself', () => {
    const enhanced = header('MSH|^~\\&|S|F|||2026||ADT^A03|M-1|P|2.5|||AL|AL\r');
    const conditions = (code: AckInput['code']) => {
      const answered = readHeader(buildAck(input({ header: enhanced, code })));
      return [answered.acceptCondition, answered.applicationCondition];
    };
    expect(conditions('CA')).toEqual([undefined, undefined]);
    expect(conditions('AA')).toEqual(['NE', 'NE']);
  });

  test('an echo forges neither a segment nor a frame', () => {
    const forged = header('MSH|^~\\&|S\x0b\x1c\nMSA|F|||2026||ADT^A03\nPID|M\n1\x1c|P|2.5\r');
    const ack = buildAck(input({ header: forged }));
    expect(parse(ack).segments.map((segment) => segment.name)).toEqual(['MSH', 'MSA']);
    expect(ack).not.toMatch(/[\n\x0b\x1c]/);
  });
});

describe('which are sent', () => {
  const conditions = ['', 'AL', 'NE', 'ER', 'SU'] as const;
  const withConditions = (accept: string, application: string) =>
    header(`MSH|^~\\&|S|F|||2026||ADT^A03|1|P|2.5|||${accept}|${application}\r`);
  const rejected = { accepted: false, problems: [{ reply: 'AE' }, { reply: 'AR' }] } as const;
  const failed = { accepted: false, problems: [{ reply: 'AE' }] } as const;

  /** Rows MSH-15, columns MSH-16, both in the order of `conditions`. */
  const table = {
    accepted: [
      ['AA', 'AA', '', '', 'AA'],
      ['CA', 'CA AA', 'CA', 'CA', 'CA AA'],
      ['', 'AA', '', '', 'AA'],
      ['', 'AA', '', '', 'AA'],
      ['CA', 'CA AA', 'CA', 'CA', 'CA AA'],
    ],
    rejected: [
      ['AR', 'AR', '', 'AR', ''],
      ['CR', 'CR', 'CR', 'CR', 'CR'],
      ['', 'AR', '', 'AR', ''],
      ['CR', 'CR', 'CR', 'CR', 'CR'],
      ['', 'AR', '', 'AR', ''],
    ],
  };
  const combinations = conditions.flatMap((accept, row) =>
    conditions.map((application, column) => ({ accept, application, row, column })),
  );

  test.each(combinations)('MSH-15 "$accept", MSH-16 "$application"', ({ accept, application, row, column }) => {
    const codes = (outcome: Parameters<typeof decideAcknowledgments>[1]) =>
      decideAcknowledgments(withConditions(accept, application), outcome).join(' ');
    expect(codes({ accepted: true })).toBe(table.accepted[row]?.[column]);
    expect(codes(rejected)).toBe(table.rejected[row]?.[column]);
    expect(codes(failed)).toBe(table.rejected[row]?.[column]?.replaceAll('R', 'E'));
  });

  test('without a header the mode is the original one', () => {
    expect(decideAcknowledgments(undefined, { accepted: true })).toEqual(['AA']);
    expect(decideAcknowledgments(undefined, rejected)).toEqual(['AR']);
    expect(decideAcknowledgments(undefined, failed)).toEqual(['AE']);
  });

  test('a condition that the table does not name means always', () => {
    expect(decideAcknowledgments(withConditions('YES', ''), { accepted: true })).toEqual(['CA']);
  });
});

describe('what a partner has agreed', () => {
  const asking = (accept: string, application: string) =>
    header(`MSH|^~\\&|E|N|||20261120||ADT^A01|M|P|2.5.1|||${accept}|${application}\r`);
  const accepted = { accepted: true } as const;
  const refused = (...replies: ('AE' | 'AR')[]) =>
    ({ accepted: false, problems: replies.map((reply) => ({ reply })) }) as const;
  const original = { mode: 'original', reject: 'as-standard' } as const;
  const enhanced = { mode: 'enhanced', reject: 'as-standard' } as const;
  const lenient = { mode: 'auto', reject: 'accept-and-park' } as const;

  test('original mode: one application reply, whatever MSH-15 and MSH-16 ask', () => {
    expect(decideAcknowledgments(asking('AL', 'AL'), accepted, original)).toEqual(['AA']);
    expect(decideAcknowledgments(asking('NE', 'NE'), accepted, original)).toEqual(['AA']);
    expect(decideAcknowledgments(asking('AL', ''), refused('AE'), original)).toEqual(['AE']);
  });

  test('enhanced mode: the commit reply where the message asks for nothing, else what it asks', () => {
    expect(decideAcknowledgments(asking('', ''), accepted, enhanced)).toEqual(['CA']);
    expect(decideAcknowledgments(asking('', ''), refused('AE'), enhanced)).toEqual(['CE']);
    expect(decideAcknowledgments(asking('', ''), refused('AR'), enhanced)).toEqual(['CR']);
    expect(decideAcknowledgments(asking('AL', 'AL'), accepted, enhanced)).toEqual(['CA', 'AA']);
    expect(decideAcknowledgments(undefined, refused('AR'), enhanced)).toEqual(['AR']);
  });

  test('accept-and-park: AA and CA for wrong content, AR and CR as ever', () => {
    expect(decideAcknowledgments(asking('', ''), refused('AE'), lenient)).toEqual(['AA']);
    expect(decideAcknowledgments(asking('AL', 'NE'), refused('AE'), lenient)).toEqual(['CA']);
    expect(decideAcknowledgments(asking('', ''), refused('AR'), lenient)).toEqual(['AR']);
    expect(decideAcknowledgments(asking('', ''), refused('AE', 'AR'), lenient)).toEqual(['AR']);
    expect(decideAcknowledgments(asking('AL', ''), refused('AR'), lenient)).toEqual(['CR']);
  });
});
