// The keys in DATA_DIR: the one that signs access tokens and, for a partner file that asks for it, the local client's
// key pair. Made at the first start, readable by this user only.

import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';

export interface ServiceKeys {
  /** ES256, private. */
  readonly issuer: JWK;
  /** ES384, private. */
  readonly localClient: JWK;
}

export const keysFolder = (dataDir: string): string => path.join(dataDir, 'keys');

export async function loadKeys(dataDir: string): Promise<ServiceKeys> {
  const folder = keysFolder(dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o711 }); // the account that runs Postgres must be able to pass
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return {
    issuer: await loadKey(path.join(folder, 'issuer.jwk.json'), 'ES256'),
    localClient: await loadKey(path.join(folder, 'local-client.jwk.json'), 'ES384'),
  };
}

/** Whoever makes the file first makes the key; everyone else reads it. */
async function loadKey(file: string, alg: string): Promise<JWK> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as JWK;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
  }
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const key = { ...jwk, alg, use: 'sig', kid: await calculateJwkThumbprint(jwk) };
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(JSON.stringify(key));
    await handle.sync();
    await handle.close();
    return key;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    await new Promise((resolve) => setTimeout(resolve, 100));
    return JSON.parse(await readFile(file, 'utf8')) as JWK;
  }
}
