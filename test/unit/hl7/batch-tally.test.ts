// Counts of batch and file trailers held against what stands there (HL7 v2.5.1 ch. 2.10.3).

import { expect, test } from 'vitest';
import { createBatchSplitter } from '../../../src/hl7/batch-stream.ts';
import { noTally, type Tally, tallyEnd, tallyEnvelope, tallyMessage, tellFlag } from '../../../src/hl7/batch-tally.ts';

function tallied(...lines: string[]): Tally {
  const splitter = createBatchSplitter({ messageBytesMax: 1_000 });
  const pieces = [...splitter.push(Buffer.from(lines.join('\r'))), ...splitter.end()];
  const counted = pieces.reduce(
    (tally, { kind, bytes }) =>
      kind === 'message' || kind === 'oversize' ? tallyMessage(tally) : tallyEnvelope(tally, kind, bytes.toString()),
    noTally,
  );
  return tallyEnd(counted, splitter.strayLines);
}

const FHS = 'FHS|^~\\&|us';
const BHS = 'BHS|^~\\&|us';
const MSH = 'MSH|^~\\&|us';

test.each([
  ['a file whose counts fit', [FHS, BHS, MSH, MSH, 'BTS|2', BHS, MSH, 'BTS|1', 'FTS|2'], []],
  ['an empty batch', [FHS, BHS, 'BTS|0', 'FTS|1'], []],
  ['counts that are not given', [FHS, BHS, MSH, 'BTS', 'FTS|""'], []],
  ['bare messages', [MSH, MSH], []],
  [
    'one message too few',
    [BHS, MSH, 'BTS|2'],
    ['BTS^1^1: BTS-1 is not the number of messages in the batch (said 2, found 1)'],
  ],
  [
    'the second batch',
    [BHS, 'BTS|0', BHS, MSH, 'BTS|0'],
    ['BTS^2^1: BTS-1 is not the number of messages in the batch (said 0, found 1)'],
  ],
  ['no number', [BHS, MSH, 'BTS|many'], ['BTS^1^1: BTS-1 is not the number of messages in the batch (found 1)']],
  [
    'batches',
    [FHS, BHS, 'BTS|0', 'FTS|3'],
    ['FTS^1^1: FTS-1 is not the number of batches in the file (said 3, found 1)'],
  ],
  [
    'a file cut off',
    [FHS, BHS, MSH],
    ['BHS^1: the batch has no BTS; the file may be cut off', 'FHS^1: the file has no FTS; it may be cut off'],
  ],
  ['a batch within a batch', [BHS, MSH, BHS, MSH, 'BTS|1'], ['BHS^1: the batch has no BTS; the file may be cut off']],
  ['trailers alone', [MSH, 'BTS|1', 'FTS|0'], ['BTS^1: the trailer has no header', 'FTS^1: the trailer has no header']],
  ['two file headers', [FHS, FHS, 'FTS|0'], ['FHS^2: there is a second FHS; send one file at a time']],
  [
    'something after the file',
    [FHS, 'FTS|0', BHS, 'BTS|0'],
    ['BHS^1: something follows FTS', 'BTS^1: something follows FTS'],
  ],
  ['lines of no message', ['hello', BHS, 'BTS|0', 'x'], ['lines that belong to no message were not read (found 2)']],
])('%s', (_name, lines, told) => {
  expect(tallied(...lines).flags.map(tellFlag)).toEqual(told);
});

test('another field separator than the bar', () => {
  expect(tallied('BHS#^~\\&#us', 'MSH#^~\\&#us', 'BTS#2').flags).toMatchObject([{ said: 2, found: 1 }]);
});

test('after a hundred flags no more are kept', () => {
  const { flags } = tallied(...Array.from({ length: 300 }, () => 'BTS|1'));
  expect([flags.length, flags.at(-1)?.code]).toEqual([101, 'flags-left-out']);
});
