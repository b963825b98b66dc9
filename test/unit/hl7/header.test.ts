// The message header read alone, and what is wrong with it (HL7 v2.5.1 ch. 2.15.9, 2.9.2.2); also the first
// identifier and the pieces of a batch, which are found without parsing.

import { describe, expect, test } from 'vitest';
import { splitMessages } from '../../../src/hl7/batch.ts';
import { checkHeader } from '../../../src/hl7/check-header.ts';
import { firstIdentifier } from '../../../src/hl7/first-identifier.ts';
import { countMessages, isBatch, readHeader } from '../../../src/hl7/header.ts';

const full =
  'MSH|^~\\&|EPIC^1.2^ISO|NORTH|TL|PRACTICE|20261120120000-0500||ADT^A03^ADT_A03|M\\T\\1|P^T|2.5.1^USA|7||al|NE||UNICODE UTF-8\r';

describe('reading', () => {
  test('every field of use', () => {
    expect(readHeader(full)).toMatchObject({
      sendingApplication: { raw: 'EPIC^1.2^ISO', namespace: 'EPIC' },
      sendingFacility: { raw: 'NORTH', namespace: 'NORTH' },
      receivingApplication: { raw: 'TL', namespace: 'TL' },
      receivingFacility: { raw: 'PRACTICE', namespace: 'PRACTICE' },
      sentAt: '20261120120000-0500',
      messageCode: 'ADT',
      triggerEvent: 'A03',
      structure: 'ADT_A03',
      controlId: 'M\\T\\1',
      processingId: 'P',
      version: '2.5.1',
      sequence: '7',
      acceptCondition: 'AL',
      applicationCondition: 'NE',
      charset: 'UNICODE UTF-8',
    });
  });

  test('what was not sent is undefined', () => {
    const header = readHeader('MSH|^~\\&|""|  \r');
    expect(header.sendingApplication).toEqual({ raw: '""', namespace: undefined });
    expect([header.sendingFacility.namespace, header.messageCode, header.controlId, header.version]).toEqual(
      Array(4).fill(undefined),
    );
  });

  test('it ends with the line, whatever ends lines', () => {
    for (const end of ['\r', '\n', '\r\n']) {
      expect(readHeader(`MSH|^~\\&|S|F${end}PID|1||||||||X`).fields.length).toBe(5);
    }
    expect(readHeader('MSH|^~\\&|S|F\nPID|1||||||||X\rPV1|1').fields.length).toBe(5);
  });

  test('other delimiters', () => {
    const header = readHeader('MSH$%*!?$S%1$$$$$$ADT%A01$1$P$2.5\r');
    expect([header.sendingApplication.namespace, header.triggerEvent]).toEqual(['S', 'A01']);
  });

  test('no header is a fault', () => {
    expect(() => readHeader('PID|1')).toThrow(expect.objectContaining({ code: 'hl7.not-a-message' }));
    expect(() => readHeader('MSH|^^|')).toThrow(expect.objectContaining({ code: 'hl7.bad-delimiters' }));
  });
});

describe('checking', () => {
  const header = (nine: string, ten: string, eleven: string, twelve: string, rest = '') =>
    readHeader(`MSH|^~\\&|S|F|||2026||${nine}|${ten}|${eleven}|${twelve}|${rest}`);
  const check = (...fields: Parameters<typeof header>) => checkHeader(header(...fields), { processingIds: ['P'] });

  test.each([
    ['a good one', ['ADT^A03', '1', 'P', '2.5.1']],
    ['no MSH-11', ['ADT^A03', '1', '', '2.5.1']],
    ['no MSH-12', ['ADT^A03', '1', 'P', '']],
    ['a type we do nothing with', ['SIU^S12', '1', 'P', '2.3']],
    ['MSH-11 with a mode', ['ADT^A03', '1', 'P^A', '2.9']],
    ['MSH-15 alone', ['ADT^A03', '1', 'P', '2.9', '||AL']],
  ] as const)('%s is accepted', (_what, fields) => {
    expect(check(...(fields as unknown as Parameters<typeof header>))).toEqual([]);
  });

  test.each([
    ['no type', ['', '1', 'P', '2.5'], 'hl7.type-missing', 'MSH^1^9', '200', 'AR'],
    ['a type that is none', ['ADMISSION', '1', 'P', '2.5'], 'hl7.type-missing', 'MSH^1^9', '200', 'AR'],
    ['no control id', ['ADT', '', 'P', '2.5'], 'hl7.header-missing', 'MSH^1^10', '101', 'AE'],
    ['another processing id', ['ADT', '1', 'T', '2.5'], 'hl7.processing-id-refused', 'MSH^1^11', '202', 'AR'],
    ['another version', ['ADT', '1', 'P', '3.0'], 'hl7.version-unsupported', 'MSH^1^12', '203', 'AR'],
  ] as const)('%s', (_what, fields, code, location, errorCode, reply) => {
    expect(check(...(fields as unknown as Parameters<typeof header>))).toEqual([{ code, location, errorCode, reply }]);
  });

  test('all problems are found, in field order', () => {
    expect(check('', '', 'X', '9').map((problem) => problem.location)).toEqual([
      'MSH^1^9',
      'MSH^1^10',
      'MSH^1^11',
      'MSH^1^12',
    ]);
  });
});

describe('counting and taking apart', () => {
  const message = 'MSH|^~\\&|S\rPID|1||7\r';

  test.each([
    ['one', message, 1],
    ['two', message + message, 2],
    ['two with LF', (message + message).replaceAll('\r', '\n'), 2],
    ['MSH within a line is text', `${message}NTE|1||see MSH|x\r`, 1],
    ['a line of text that starts with MSH', `${message}NTE|1||a\rMSH means header\r`, 1],
    ['in a batch', `FHS|^~\\&|S\rBHS|^~\\&|S\r${message}${message}BTS|2\rFTS|1\r`, 2],
    ['none', 'PID|1', 0],
    ['nothing', '', 0],
  ])('%s', (_what, text, count) => {
    expect(countMessages(text)).toBe(count);
  });

  test('a batch is known by its first segment', () => {
    expect(['FHS|^~\\&', '\r\nBHS|^~\\&', message, ''].map(isBatch)).toEqual([true, true, false, false]);
  });

  test('a batch is taken apart', () => {
    const text = `FHS|^~\\&|S\rBHS|^~\\&|S\r${message}${message}BTS|2\rFTS|1\r`;
    expect(splitMessages(text)).toEqual({
      messages: [message, message],
      envelope: ['FHS|^~\\&|S', 'BHS|^~\\&|S', 'BTS|2', 'FTS|1'],
      strayLines: 0,
    });
  });

  test('so are messages one after another, frame bytes or not', () => {
    expect(splitMessages(`${message}\r\n\n${message}`).messages.map((each) => each.trimEnd())).toEqual([
      message.trimEnd(),
      message.trimEnd(),
    ]);
    expect(splitMessages(`\x0b${message}\x1c\r\x0b${message}\x1c\r`).messages.map((each) => each.trimEnd())).toEqual([
      message.trimEnd(),
      message.trimEnd(),
    ]);
    expect(splitMessages('# a note\n')).toEqual({ messages: [], envelope: [], strayLines: 1 });
  });
});

describe('the first identifier', () => {
  const inMessage = (segments: string) => firstIdentifier(`MSH|^~\\&|S\rEVN|A01\r${segments}\r`);

  test.each([
    ['PID-3', 'PID|1|old|7^^^NORTH&1.2&ISO~8', { id: '7', namespace: 'NORTH', universalId: '1.2' }],
    ['its first repetition with an id', 'PID|1||^^^X~8^^^Y', { id: '8', namespace: 'Y', universalId: undefined }],
    ['PID-2 when PID-3 is empty', 'PID|1|6^^^OLD|', { id: '6', namespace: 'OLD', universalId: undefined }],
    ['escapes are resolved', 'PID|1||A\\T\\B', { id: 'A&B', namespace: undefined, universalId: undefined }],
    ['blanks around it are not the identifier', 'PID|1|| 7 ^^^N', { id: '7', namespace: 'N', universalId: undefined }],
    ['nobody', 'PID|1||""|', undefined],
    ['no PID', 'PV1|1|I', undefined],
    ['PID within text', 'NTE|1||see PID|x|y|z', undefined],
  ])('%s', (_what, segments, expected) => {
    expect(inMessage(segments)).toEqual(expected);
  });

  test('with other line ends and delimiters', () => {
    expect(firstIdentifier('MSH@~&#\\@S\nPID@1@@7~~~N\n')).toEqual({ id: '7', namespace: 'N', universalId: undefined });
  });
});
