// Starts helper programs (initdb, id, useradd, sh) with a fixed, empty environment and collects what they say.

import { execFile } from 'node:child_process';

/** Postgres inherits this: no locale, no password, no proxy of the person who started the service. */
export const cleanEnvironment: Readonly<Record<string, string>> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
};

export interface Ids {
  readonly uid: number;
  readonly gid: number;
}

export interface Ran {
  readonly ok: boolean;
  readonly out: string;
  readonly error: string;
}

/** Never throws: a program that is missing or fails is `ok: false` with the reason. */
export function run(program: string, args: readonly string[], as?: Ids): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { env: cleanEnvironment, cwd: '/', ...(as && { uid: as.uid, gid: as.gid }) };
    try {
      execFile(program, [...args], options, (error, out, told) =>
        resolve({ ok: error === null, out: out.trim(), error: told.trim() || (error?.message ?? '') }),
      );
    } catch (error) {
      resolve({ ok: false, out: '', error: String(error) });
    }
  });
}
