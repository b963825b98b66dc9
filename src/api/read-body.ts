// Reads a request body whole, within a size and a time (FHIR R4 http.html; RFC 9110 8.4). Compressed bodies are not
// taken: nothing that is posted here is large, and what is not inflated cannot burst.

import type { IncomingMessage } from 'node:http';
import { Fault } from '../base/fault.ts';
import { type BodyTimes, pausedTooLong, tookTooLong, wholeMsOf } from './body-time.ts';

/** The media type without parameters, in lower case. */
export const mediaTypeOf = (req: IncomingMessage): string =>
  (req.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** Throws what is wrong with a body before a byte of it is read. */
export function checkBody(req: IncomingMessage, bytesMax: number): void {
  const encoding = req.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    throw new Fault('http.content-type', { detail: 'Content-Encoding is not taken' });
  if (Number(req.headers['content-length'] ?? 0) > bytesMax) throw new Fault('http.body-too-large');
}

export async function readBody(req: IncomingMessage, bytesMax: number, times: BodyTimes): Promise<Buffer> {
  checkBody(req, bytesMax);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (act: () => void) => {
      clearTimeout(pause);
      clearTimeout(whole);
      req.off('data', take).off('end', end).off('error', broken).off('close', broken);
      act();
    };
    const refuse = (fault: Fault) => {
      req.pause();
      settle(() => reject(fault));
    };
    const take = (chunk: Buffer) => {
      pause.refresh();
      length += chunk.length;
      if (length > bytesMax) refuse(new Fault('http.body-too-large'));
      else chunks.push(chunk);
    };
    const end = () => settle(() => resolve(Buffer.concat(chunks, length)));
    const broken = () => settle(() => reject(new Fault('http.body-unfinished')));
    const wholeMs = wholeMsOf(req, bytesMax, times);
    const pause = setTimeout(() => refuse(pausedTooLong(times)), times.bodyPauseMsMax);
    const whole = setTimeout(() => refuse(tookTooLong(wholeMs)), wholeMs);
    req.on('data', take).on('end', end).on('error', broken).on('close', broken);
  });
}
