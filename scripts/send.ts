// `npm run send -- FILE…`: sends the messages of HL7 files to the MLLP port, one after another, and prints each
// acknowledgment. Exits 1 when a message was not accepted or no connection could be made.

import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { decideAcknowledgments } from '../src/hl7/acknowledgments.ts';
import { splitMessages } from '../src/hl7/batch.ts';
import { readHeader } from '../src/hl7/header.ts';
import { connectMllp, type MllpClient } from './mllp-client.ts';

const usage = `npm run send -- [--host HOST] [--port PORT] FILE…

Sends the HL7 v2 messages of the files to the MLLP port and prints the acknowledgments.
Defaults: the settings HOST (127.0.0.1) and MLLP_PORT (2575).`;

interface Outgoing {
  readonly file: string;
  readonly bytes: Uint8Array;
  /** False when MSH-15 and MSH-16 ask for no reply to an accepted message. */
  readonly expectsReply: boolean;
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { host: { type: 'string' }, port: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help || positionals.length === 0) {
    (values.help ? console.log : console.error)(usage);
    return values.help ? 0 : 1;
  }
  const host = values.host ?? process.env.HOST ?? '127.0.0.1';
  const port = Number(values.port ?? process.env.MLLP_PORT ?? '2575');
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error('the port must be a number from 1 to 65535');

  const outgoing: Outgoing[] = [];
  for (const file of positionals) outgoing.push(...(await readMessages(file)));
  const client = await connect(host, port);
  try {
    return await sendAll(client, outgoing);
  } finally {
    await client.close();
  }
}

async function sendAll(client: MllpClient, outgoing: readonly Outgoing[]): Promise<number> {
  let refused = 0;
  for (const [index, { file, bytes, expectsReply }] of outgoing.entries()) {
    if (!expectsReply) {
      client.post(bytes);
      console.log(`${file}: sent; the message asks for no acknowledgment (MSH-15, MSH-16)\n`);
      continue;
    }
    const acknowledgment = await client.send(bytes);
    console.log(printed(acknowledgment));
    if (!/[\r\n]MSA.(?:AA|CA)/.test(acknowledgment)) {
      refused += 1;
      console.error(`${file}: message ${index + 1} of ${outgoing.length} was not accepted`);
    }
    if ((index + 1) % 100 === 0) console.error(`${index + 1} of ${outgoing.length} messages sent`);
  }
  const accepted = outgoing.length - refused;
  if (outgoing.length > 1) console.error(`${accepted} of ${outgoing.length} messages accepted`);
  return refused === 0 && outgoing.length > 0 ? 0 : 1;
}

/** Bytes stay as they are but for the line ends: the character set is the receiver's affair. */
async function readMessages(file: string): Promise<Outgoing[]> {
  const text = (await readFile(file)).toString('latin1').replace(/^\xef\xbb\xbf/, '');
  const { messages, envelope, strayLines } = splitMessages(text);
  if (envelope.length > 0) {
    console.error(`${file}: a batch of ${messages.length}; its messages are sent singly, without the envelope`);
  }
  if (strayLines > 0) console.error(`${file}: ${strayLines} lines before the first MSH segment were left out`);
  if (messages.length === 0) console.error(`${file}: no MSH segment found, nothing to send`);
  return messages.map((message) => {
    const wire = withCarriageReturns(message);
    return { file, bytes: Buffer.from(wire, 'latin1'), expectsReply: asksForReply(wire) };
  });
}

/** LF and CRLF files become CR; in a CR file a bare LF is data. */
function withCarriageReturns(message: string): string {
  const text = message.replaceAll('\r\n', '\r');
  const ended = text.includes('\r') ? text : text.replaceAll('\n', '\r');
  return `${ended.replace(/[\r\n]{1,100}$/, '')}\r`;
}

function asksForReply(message: string): boolean {
  try {
    return decideAcknowledgments(readHeader(message), { accepted: true }).length > 0;
  } catch {
    return true;
  }
}

async function connect(host: string, port: number): Promise<MllpClient> {
  try {
    return await connectMllp({ host, port, onOther: (acknowledgment) => console.log(printed(acknowledgment)) });
  } catch {
    throw new Error(`cannot connect to ${host}:${port}: is the service running? npm run demo`);
  }
}

const printed = (acknowledgment: string): string => acknowledgment.replaceAll('\r', '\n');

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
