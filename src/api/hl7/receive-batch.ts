// A file of messages over HTTP (HL7 v2.5.1 ch. 2.10.3): read while it arrives, one message at a time, and answered with
// a batch of acknowledgments when its last message is kept. Whoever gets no answer sends the file again: messages that
// are kept already change nothing.

import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Fault } from '../../base/fault.ts';
import { instant } from '../../base/instant.ts';
import { type FileOutcome, receiveFile } from '../../flow/receive-file.ts';
import type { Database } from '../../store/pool.ts';
import type { ApiDependencies, ApiLimits } from '../dependencies.ts';

export interface PostedFile {
  readonly req: IncomingMessage;
  readonly start: Buffer;
  readonly partner: string;
  readonly database: Database;
  /** What the sender calls it. */
  readonly name: string;
}

export async function receivePostedFile(
  given: Pick<ApiDependencies, 'receive' | 'now' | 'newId'> & { readonly limits: ApiLimits },
  { req, start, partner, database, name }: PostedFile,
): Promise<FileOutcome> {
  const { batchBytesMax, bodyMsMax, messageBytesMax } = given.limits;
  const encoding = req.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    throw new Fault('http.content-type', { detail: 'Content-Encoding is not taken' });
  if (Number(req.headers['content-length'] ?? 0) > batchBytesMax) throw new Fault('http.body-too-large');
  const hash = createHash('sha256');
  let size = 0;

  async function* chunks(): AsyncGenerator<Uint8Array> {
    // The time is that of one pause, not of the whole file.
    const timer = setTimeout(() => req.destroy(), bodyMsMax);
    try {
      for await (const chunk of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        timer.refresh();
        size += chunk.length;
        if (size > batchBytesMax) throw new Fault('http.body-too-large');
        hash.update(chunk);
        yield chunk;
        timer.refresh();
      }
    } catch (thrown) {
      throw thrown instanceof Fault ? thrown : new Fault('hl7.file-broken', { cause: thrown });
    } finally {
      clearTimeout(timer);
    }
    if (!req.complete) throw new Fault('hl7.file-broken');
  }

  return receiveFile(
    {
      receive: given.receive,
      database,
      now: () => instant(given.now()),
      newControlId: () => given.newId<'acknowledgment'>().replaceAll('-', '').slice(-20),
      messageBytesMax,
    },
    {
      partner,
      source: 'http',
      name,
      chunks: chunks(),
      start,
      wantsAnswer: true,
      whole: () => ({ digest: hash.digest(), size }),
    },
  );
}
