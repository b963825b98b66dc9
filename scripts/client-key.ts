// Makes the key pair of a client: the private key into a file that its user alone may read, the public one in the form
// that a partner file takes (SMART App Launch 2.2.0, client-confidential-asymmetric.html; RFC 7517).

import { writeFile } from 'node:fs/promises';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';

const alg = 'ES384';

/** Gives the lines for the partner file. Never writes over a file. */
export async function makeClientKey(file: string): Promise<string> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const common = { alg, use: 'sig', kid: await calculateJwkThumbprint(publicKey) };
  const secret = JSON.stringify({ ...(await exportJWK(privateKey)), ...common });
  await writeFile(file, `${secret}\n`, { flag: 'wx', mode: 0o600 }).catch((thrown: NodeJS.ErrnoException) => {
    throw new Error(
      thrown.code === 'EEXIST' ? `${file} is there already; name a new file` : `${file} cannot be written`,
    );
  });
  return `keys:\n  jwks:\n    keys:\n      - ${JSON.stringify({ ...(await exportJWK(publicKey)), ...common })}`;
}
