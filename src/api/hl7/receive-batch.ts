// A file of messages over HTTP (HL7 v2.5.1 ch. 2.10.3): read while it arrives, one message at a time, and answered with
// a batch of acknowledgments when its last message is kept. Whoever gets no answer sends the file again: messages that
// are kept already change nothing.

import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Fault } from '../../base/fault.ts';
import { instant } from '../../base/instant.ts';
import { type FileOutcome, receiveFile } from '../../flow/receive-file.ts';
import type { Database } from '../../store/pool.ts';
import { chunksInTime } from '../body-time.ts';
import type { ApiDependencies, ApiLimits } from '../dependencies.ts';
import { checkBody } from '../read-body.ts';

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
  const { batchBytesMax, messageBytesMax } = given.limits;
  checkBody(req, batchBytesMax);
  const hash = createHash('sha256');
  let size = 0;

  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of chunksInTime(req, batchBytesMax, given.limits)) {
        size += chunk.length;
        if (size > batchBytesMax) throw new Fault('http.body-too-large');
        hash.update(chunk);
        yield chunk;
      }
    } catch (thrown) {
      throw thrown instanceof Fault ? thrown : new Fault('hl7.file-broken', { cause: thrown });
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
