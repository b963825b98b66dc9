// `npm run send` as a person runs it: files of every kind against a real port, its output and its exit code.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectMllp } from '../../scripts/mllp-client.ts';
import { buildAck } from '../../src/hl7/ack.ts';
import { decideAcknowledgments } from '../../src/hl7/acknowledgments.ts';
import { readHeader } from '../../src/hl7/header.ts';
import { type MllpFixture, startMllp } from '../support/mllp.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const us = { application: 'THROUGHLINE', facility: 'PRACTICE' };
let mllp: MllpFixture;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'send-'));
  // Accepts everything but control ids that start with BAD.
  mllp = await startMllp({
    receive: async ({ bytes }) => {
      const header = readHeader(Buffer.from(bytes).toString('utf8'));
      const isBad = header.controlId?.startsWith('BAD') ?? true;
      const codes = decideAcknowledgments(
        header,
        isBad ? { accepted: false, problems: [{ reply: 'AE' }] } : { accepted: true },
      );
      return codes.map((code) =>
        Buffer.from(buildAck({ header, code, controlId: 'T1', now: '20261120120000+0000', us })),
      );
    },
  });
});

afterEach(async () => {
  await mllp.server.stop(500);
  rmSync(folder, { recursive: true });
});

const message = (controlId: string, conditions = '') =>
  `MSH|^~\\&|S|F|||20261120||ADT^A03|${controlId}|P|2.5|||${conditions}\rPID|1||7^^^N||Müller\r`;

const write = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const send = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', 'scripts/send.ts', ...args],
      { cwd: root, env: { ...process.env, HOST: '127.0.0.1', MLLP_PORT: String(mllp.port), ...env } },
      (error, out, err) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err }),
    );
  });

describe('sending', () => {
  test('a message is sent byte for byte, its acknowledgment is printed on lines', async () => {
    const { code, out } = await send([write('a.hl7', message('1'))]);
    expect(mllp.received).toEqual([message('1')]);
    expect(out).toContain('MSH|^~\\&|THROUGHLINE|PRACTICE|S|F|20261120120000+0000||ACK^A03^ACK|T1|P|2.5\nMSA|AA|1\n');
    expect(code).toBe(0);
  });

  test('LF, CRLF, frame bytes, byte order marks and missing last line ends become the wire form', async () => {
    const lf = message('1').replaceAll('\r', '\n');
    const files = [
      lf,
      message('2').replaceAll('\r', '\r\n'),
      `\x0b${message('3')}\x1c\r`,
      `\uFEFF${message('4').trimEnd()}`,
    ];
    const { code } = await send(files.map((content, index) => write(`${index}.hl7`, content)));
    expect(mllp.received).toEqual(['1', '2', '3', '4'].map((id) => message(id)));
    expect(code).toBe(0);
  });

  test('several messages in a file are sent one by one, a batch without its envelope', async () => {
    const batch = `FHS|^~\\&|S\rBHS|^~\\&|S\r${message('3')}BTS|1\rFTS|1\r`;
    const { code, err } = await send([
      write('two.hl7', `${message('1')}\n\n${message('2')}`),
      write('batch.hl7', batch),
    ]);
    expect(mllp.received).toEqual(['1', '2', '3'].map((id) => message(id)));
    expect(err).toContain('a batch of 1; its messages are sent singly, without the envelope');
    expect(err).toContain('3 of 3 messages accepted');
    expect(code).toBe(0);
  });

  test('a message in another character set keeps its bytes', async () => {
    const bytes = Buffer.from(message('1'), 'latin1');
    await send([write('latin.hl7', bytes)]);
    expect(mllp.received).toEqual([bytes.toString('utf8')]);
  });

  test('--host and --port win over the settings', async () => {
    const { code } = await send(['--host', '127.0.0.1', '--port', String(mllp.port), write('a.hl7', message('1'))], {
      HOST: '127.0.0.9',
      MLLP_PORT: '1',
    });
    expect(code).toBe(0);
  });
});

describe('what was not accepted', () => {
  test('exits 1, and the rest is sent', async () => {
    const { code, out, err } = await send([write('a.hl7', message('1') + message('BAD') + message('2'))]);
    expect(code).toBe(1);
    expect(out).toContain('MSA|AE|BAD');
    expect(err).toContain('message 2 of 3 was not accepted');
    expect(mllp.received.length).toBe(3);
  });

  test('no service: it says what to do', async () => {
    await mllp.server.stop(100);
    const { code, err } = await send([write('a.hl7', message('1'))]);
    expect(code).toBe(1);
    expect(err.trim()).toBe(`cannot connect to 127.0.0.1:${mllp.port}: is the service running? npm run demo`);
  });

  test('a file without a message, a file that is not there, no file, no port', async () => {
    expect((await send([write('x.txt', 'hello\n')])).code).toBe(1);
    expect((await send([join(folder, 'missing.hl7')])).err).toContain('missing.hl7');
    expect((await send([])).code).toBe(1);
    expect((await send(['--port', 'x', write('a.hl7', message('1'))])).err).toContain('port must be a number');
  });
});

describe('enhanced mode', () => {
  test('the first reply decides, and the second one is not taken for the next message', async () => {
    const { code, out } = await send([write('a.hl7', message('1', 'AL|AL') + message('2', 'AL|AL'))]);
    expect(code).toBe(0);
    expect(out.match(/MSA\|\w\w\|\d/g)).toEqual(['MSA|CA|1', 'MSA|AA|1', 'MSA|CA|2', 'MSA|AA|2']);
  });

  test('a message that asks for no reply is not waited for', async () => {
    const { code, out } = await send([write('a.hl7', message('1', 'NE|NE') + message('2'))]);
    expect(code).toBe(0);
    expect(out).toContain('asks for no acknowledgment');
    expect(mllp.received.length).toBe(2);
  });
});

describe('the client', () => {
  test('rejects when the connection ends before the acknowledgment', async () => {
    const client = await connectMllp({ host: '127.0.0.1', port: mllp.port });
    const answered = client.send(message('1').replace('MSH', 'XYZ'));
    await expect(answered).rejects.toThrow('closed without an acknowledgment');
    await client.close();
  });

  test('waits no longer than it may', async () => {
    const client = await connectMllp({ host: '127.0.0.1', port: mllp.port, timeMsMax: 100 });
    await expect(client.send(message('1', 'NE|NE'))).rejects.toThrow('no acknowledgment within 0.1 seconds');
  });
});
