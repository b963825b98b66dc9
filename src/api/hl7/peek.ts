// How a posted body begins, without taking it: whether it is one message or a file of them (HL7 v2.5.1 ch. 2.10.3).

import type { IncomingMessage } from 'node:http';
import { Fault } from '../../base/fault.ts';
import { type BodyTimes, pausedTooLong } from '../body-time.ts';

/** As much as tells a segment's name in any character set, with a byte order mark before it. */
const enough = 16;

/** The first bytes, which stay to be read; empty for an empty body. */
export function peek(req: IncomingMessage, times: BodyTimes): Promise<Buffer> {
  let start = Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      req.off('readable', look).off('end', none).off('error', broken).off('close', broken);
      act();
    };
    const look = (): void => {
      const chunk = req.read() as Buffer | null;
      if (chunk !== null) start = Buffer.concat([start, chunk]);
      if (start.length === 0 || (start.length < enough && !req.complete)) return;
      settle(() => {
        req.unshift(start);
        resolve(start);
      });
    };
    const none = (): void => settle(() => resolve(start));
    const broken = (): void => settle(() => reject(new Fault('http.body-unfinished')));
    const timer = setTimeout(() => settle(() => reject(pausedTooLong(times))), times.bodyPauseMsMax);
    req.on('readable', look).on('end', none).on('error', broken).on('close', broken);
  });
}

/** Whether the first bytes are those of FHS or BHS, in one byte or two a character. */
export const startsBatch = (start: Buffer): boolean => /^[FB]HS/.test(beginningOf(start));

/** Whether they hold a whole MSH. Half of one could give a control id cut short. */
export const holdsHeader = (start: Buffer): boolean =>
  beginningOf(start).startsWith('MSH') && /[\r\n]/.test(start.toString('latin1', start.indexOf('M')));

const beginningOf = (start: Buffer): string =>
  start
    .subarray(0, 64)
    .toString('latin1')
    .replace(/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '')
    .replaceAll('\0', '')
    .trimStart();
