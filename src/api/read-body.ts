// Reads a request body whole, within a size and a time (FHIR R4 http.html; RFC 9110 8.4). Compressed bodies are not
// taken: nothing that is posted here is large, and what is not inflated cannot burst.

import type { IncomingMessage } from 'node:http';
import { Fault } from '../base/fault.ts';

/** The media type without parameters, in lower case. */
export const mediaTypeOf = (req: IncomingMessage): string =>
  (req.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

export function readBody(req: IncomingMessage, bytesMax: number, msMax: number): Promise<Buffer> {
  const encoding = req.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    return Promise.reject(new Fault('http.content-type', { detail: 'Content-Encoding is not taken' }));
  }
  if (Number(req.headers['content-length'] ?? 0) > bytesMax) return Promise.reject(new Fault('http.body-too-large'));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (act: () => void) => {
      clearTimeout(timer);
      req.off('data', take).off('end', end).off('error', broken).off('close', broken);
      act();
    };
    const take = (chunk: Buffer) => {
      length += chunk.length;
      if (length > bytesMax) {
        req.pause();
        settle(() => reject(new Fault('http.body-too-large')));
      } else chunks.push(chunk);
    };
    const end = () => settle(() => resolve(Buffer.concat(chunks, length)));
    const broken = () =>
      settle(() => reject(new Fault('http.body-too-large', { detail: 'the body was not finished' })));
    const timer = setTimeout(() => {
      req.pause();
      broken();
    }, msMax);
    req.on('data', take).on('end', end).on('error', broken).on('close', broken);
  });
}
