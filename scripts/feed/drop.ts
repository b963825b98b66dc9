// `npm run feed -- drop FILE…`: posts files of messages to the running service and shows how each message was answered.
// Exits 1 when one was not accepted.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { readConfig } from '../../src/config.ts';
import { noAnswer, serviceUrl } from '../local-token.ts';
import { givenToken, serviceToken, tokenHint, tokenUsage } from '../service-token.ts';
import { readAnswer, tellAnswer } from './drop/answer.ts';

const usage = `npm run feed -- drop FILE… [--partner ID] [--all]

Posts each file of HL7 v2 messages (FHS or BHS batches, or messages one after another) to /hl7 of the running service,
and prints what was not accepted. The same file twice changes nothing.

  --partner ID  refuses the files unless the client of the token posts for ID; a client posts for one feed only
  --all         prints the accepted messages too

${tokenUsage}`;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { partner: { type: 'string' }, all: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help || positionals.length === 0) {
    (values.help ? console.log : console.error)(usage);
    return values.help ? 0 : 1;
  }
  let refused = 0;
  for (const file of positionals) refused += await dropFile(file, values.partner, values.all === true);
  return refused === 0 ? 0 : 1;
}

async function dropFile(file: string, partner: string | undefined, showsAll: boolean): Promise<number> {
  const config = readConfig();
  const { size } = await stat(file).catch(() => {
    throw new Error(`${file} cannot be read`);
  });
  if (size > config.batchBytesMax)
    throw new Error(
      `${file} has ${size} bytes, and HTTP_BATCH_BYTES_MAX is ${config.batchBytesMax}; put it into the drop folder of its partner`,
    );
  const token = await serviceToken(config);
  const base = serviceUrl(config);
  const address = new URL(`${base}/hl7?as=batch`);
  if (partner !== undefined) address.searchParams.set('partner', partner);
  const response = await fetch(address, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/hl7-v2',
      'content-length': String(size),
      'content-disposition': `attachment; filename="${path
        .basename(file)
        .replace(/[^\w. -]/g, '_')
        .slice(0, 100)}"`,
    },
    body: Readable.toWeb(Readable.from(progress(file, size))),
    duplex: 'half',
  } as RequestInit).catch((thrown: Error & { readonly cause?: { readonly code?: string } }) => {
    throw new Error(
      thrown.cause?.code === 'ECONNREFUSED'
        ? noAnswer(base)
        : `${file}: the connection broke off before an answer came (${thrown.cause?.code ?? thrown.message}); what was kept stays kept, and the file may be sent again`,
    );
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${file}: ${refusal(response.status, partner)}`);
  const answer = readAnswer(text);
  console.log(tellAnswer(file, answer, showsAll));
  return answer.messages.filter(({ code }) => code !== 'AA' && code !== 'CA').length;
}

async function* progress(file: string, size: number): AsyncGenerator<Buffer> {
  let sent = 0;
  let told = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 262_144 }) as AsyncIterable<Buffer>) {
    yield chunk;
    sent += chunk.length;
    const tenths = Math.floor((10 * sent) / size);
    if (size > 10_000_000 && tenths > told) console.error(`${file}: ${tenths * 10} % sent`);
    told = Math.max(told, tenths);
  }
}

function refusal(status: number, partner: string | undefined): string {
  switch (status) {
    case 400:
      return 'the service found no message in it (status 400)';
    case 401:
      return ['the service does not take the token (status 401)', tokenHint('auth.token-invalid')].join('\n').trimEnd();
    case 403:
      return `${partner === undefined ? 'no feed lists' : `the feed ${partner} does not list`} ${givenToken() === undefined ? 'the client "local"' : 'the client of the token in THROUGHLINE_TOKEN'} under http.clients (status 403)`;
    case 408:
      return 'the line is too slow, or paused (status 408); what was kept stays kept, and the file may be sent again, or put into the drop folder of its partner';
    case 413:
      return 'the service takes no file of that size (status 413); put it into the drop folder of its partner';
    case 503:
      return 'the database is away, nothing was acknowledged (status 503); send the file again';
    default:
      return `the service answered with status ${status}; what was kept stays kept, and the file may be sent again`;
  }
}
