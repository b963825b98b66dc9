// The service as a process of its own: started with settings, watched by its log, stopped by signals. What a test
// leaves running is killed at the end of its file.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { builtService } from './built-service.ts';

export interface Addresses {
  readonly http: string;
  /** MLLP port by partner id. */
  readonly mllp: Readonly<Record<string, number>>;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ServiceProcess {
  readonly child: ChildProcess;
  /** Resolves when it listens everywhere; rejects with what it printed when it ends before. */
  readonly ready: Promise<Addresses>;
  readonly ended: Promise<Ended>;
  /** All that it printed, on both streams. */
  output(): string;
  isRunning(): boolean;
  kill(signal: NodeJS.Signals): Promise<Ended>;
}

export type Settings = Readonly<Record<string, string>>;

const children: ChildProcess[] = [];
const folders: string[] = [];

/** A folder of the test's own that goes when the file ends. */
export function aTestFolder(name: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), `throughline-${name}-`));
  folders.push(folder);
  return folder;
}

/** Ports are free ones, and the data folder a new one, unless the settings say otherwise. */
export async function startProcess(settings: Settings): Promise<ServiceProcess> {
  const main = await builtService();
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    HTTP_PORT: '0',
    MLLP_PORT: '0',
    ...settings,
  };
  const child = spawn(process.execPath, [main], {
    env: { DATA_DIR: settings.DATA_DIR ?? aTestFolder('data'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let printed = '';
  const ended = once(child, 'close').then(([code, signal]): Ended => ({ code, signal }));
  const ready = new Promise<Addresses>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      printed += chunk.toString('utf8');
      const found = printed.includes('listening for HTTP') ? addressesIn(printed) : undefined;
      if (found) resolve(found);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    void ended.then(() => reject(new Error(`the service ended before it listened: ${printed}`)));
  });
  ready.catch(() => undefined);
  return {
    child,
    ready,
    ended,
    output: () => printed,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    async kill(signal) {
      child.kill(signal);
      return await ended;
    },
  };
}

function addressesIn(printed: string): Addresses | undefined {
  const mllp: Record<string, number> = {};
  let http: string | undefined;
  for (const line of printed.split('\n')) {
    if (!line.startsWith('{') || !line.endsWith('}')) continue;
    const event = JSON.parse(line) as { msg?: string; partner?: string; port?: number; address?: string };
    if (event.msg === 'listening for HL7 v2') mllp[event.partner ?? ''] = event.port ?? 0;
    if (event.msg === 'listening for HTTP') http = event.address;
  }
  return http === undefined ? undefined : { http, mllp };
}

afterAll(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
  for (const folder of folders.splice(0))
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});
