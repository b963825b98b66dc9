// The keys in DATA_DIR: the one that signs access tokens, the local client's key pair, and the password of the embedded
// database's service role. Made at the first start, readable by this user only.

import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';

export interface ServiceKeys {
  /** ES256, private. */
  readonly issuer: JWK;
  /** ES384, private. */
  readonly localClient: JWK;
  /** Of the service's role on the embedded database. */
  readonly databasePassword: string;
}

export const keysFolder = (dataDir: string): string => path.join(dataDir, 'keys');

export async function loadKeys(dataDir: string): Promise<ServiceKeys> {
  const folder = keysFolder(dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o711 }); // the account that runs Postgres must be able to pass
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return {
    issuer: await loadKey(path.join(folder, 'issuer.jwk.json'), 'ES256'),
    localClient: await loadKey(path.join(folder, 'local-client.jwk.json'), 'ES384'),
    databasePassword: await loadSecret(path.join(folder, 'database.secret')),
  };
}

const loadSecret = (file: string): Promise<string> =>
  readOrMake(file, () => Promise.resolve(randomBytes(24).toString('base64url')));

async function loadKey(file: string, alg: string): Promise<JWK> {
  const text = await readOrMake(file, async () => {
    const { privateKey } = await generateKeyPair(alg, { extractable: true });
    const jwk = await exportJWK(privateKey);
    return JSON.stringify({ ...jwk, alg, use: 'sig', kid: await calculateJwkThumbprint(jwk) });
  });
  return JSON.parse(text) as JWK;
}

/** What the file holds; whoever links it first decides, and a half-written one is never seen. */
async function readOrMake(file: string, make: () => Promise<string>): Promise<string> {
  const known = await readIfThere(file);
  if (known !== undefined) return known;
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(await make());
    await handle.sync();
  } finally {
    await handle.close();
  }
  await link(draft, file).catch((thrown: unknown) => {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  });
  await rm(draft, { force: true });
  return readFile(file, 'utf8');
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw thrown;
  }
}
