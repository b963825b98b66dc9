// How long a body may take: each pause of its sender has a bound, and the whole has one that fits its size, so that a
// large file comes over a slow line and nobody holds a place for nothing (RFC 9110 15.5.9).

import type { IncomingMessage } from 'node:http';
import { Fault } from '../base/fault.ts';

export interface BodyTimes {
  /** The longest pause of a sender within a body. */
  readonly bodyPauseMsMax: number;
  /** The whole may take as long as one pause, and besides what its size takes at this speed. */
  readonly bodyBytesPerSecondMin: number;
  /** But no longer than this, whatever its size: the server ends longer requests by itself (server.ts). */
  readonly bodyMsMax: number;
}

/** A body whose size is not told before counts as the largest. */
export function wholeMsOf(req: IncomingMessage, bytesMax: number, times: BodyTimes): number {
  const bytes = Number(req.headers['content-length'] ?? bytesMax);
  return Math.min(times.bodyMsMax, times.bodyPauseMsMax + (bytes / times.bodyBytesPerSecondMin) * 1000);
}

const seconds = (ms: number): string => `${Math.ceil(ms / 1000)} s`;

export const pausedTooLong = ({ bodyPauseMsMax }: BodyTimes): Fault =>
  new Fault('http.body-unfinished', { detail: `nothing came for ${seconds(bodyPauseMsMax)}` });

export const tookTooLong = (wholeMs: number): Fault =>
  new Fault('http.body-unfinished', { detail: `the whole may take ${seconds(wholeMs)}` });

/** A body as it comes. Only the sender's time counts: what the reader takes for a chunk makes nobody late. */
export async function* chunksInTime(
  req: IncomingMessage,
  bytesMax: number,
  times: BodyTimes,
): AsyncGenerator<Buffer, void> {
  const wholeMs = wholeMsOf(req, bytesMax, times);
  const chunks: AsyncIterator<Buffer> = req.iterator({ destroyOnReturn: false });
  let leftMs = wholeMs;
  try {
    for (;;) {
      const asked = performance.now();
      const next = await (leftMs < times.bodyPauseMsMax
        ? within(chunks.next(), leftMs, () => tookTooLong(wholeMs))
        : within(chunks.next(), times.bodyPauseMsMax, () => pausedTooLong(times)));
      if (next.done === true) return;
      leftMs -= performance.now() - asked;
      yield next.value;
    }
  } finally {
    // Not awaited: behind a chunk that never comes it would wait for ever.
    chunks.return?.().catch(() => undefined);
  }
}

function within<Value>(coming: Promise<Value>, ms: number, late: () => Fault): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), ms);
    coming.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
