// The public keys of clients: registered, or fetched from where the client publishes them (SMART App Launch 2.2.0
// client-confidential-asymmetric.html; RFC 7517). The address is the one that was registered, never one of a token.

import type { JWK } from 'jose';
import { z } from 'zod';
import type { ApiClient } from '../dependencies.ts';

/** RFC 7517 §5; a key that is not of the form (§4) does not spoil the others. */
const keySet = z.object({ keys: z.array(z.unknown()) });
const publicKey = z.looseObject({ kty: z.enum(['EC', 'RSA']), kid: z.string().min(1) });
const keysMax = 100;

const bytesMax = 65_536;
const fetchMsMax = 5_000;
const keptMs = { least: 60_000, usual: 300_000, most: 3_600_000 } as const;
/** An unknown `kid` may be a new key; but nobody makes us fetch more often than this. */
const refetchMs = 30_000;

export interface ClientKeys {
  /** Keys of this client with this `kid`; none when it is unknown or its address does not answer. */
  find(client: ApiClient, kid: string): Promise<readonly JWK[]>;
}

interface Kept {
  readonly keys: readonly JWK[];
  readonly fetchedAt: number;
  readonly freshUntil: number;
}

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

export function isAllowedJwksUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback.has(url.hostname));
}

async function bodyOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += (chunk as Uint8Array).length;
    if (length > bytesMax) throw new Error('too large');
    text += decoder.decode(chunk as Uint8Array, { stream: true });
  }
  return text;
}

function keptFor(cacheControl: string | null): number {
  const seconds = /(?:^|,)\s*max-age=(\d{1,9})\s*(?:,|$)/i.exec(cacheControl ?? '')?.[1];
  if (seconds === undefined) return keptMs.usual;
  return Math.min(keptMs.most, Math.max(keptMs.least, Number(seconds) * 1000));
}

async function fetchKeys(url: string, now: number): Promise<Kept> {
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(fetchMsMax),
    headers: { accept: 'application/json' },
  });
  if (response.status !== 200) throw new Error(`status ${response.status}`);
  const { keys } = keySet.parse(JSON.parse(await bodyOf(response)));
  const usable = keys.slice(0, keysMax).flatMap((key): JWK[] => {
    const read = publicKey.safeParse(key);
    return read.success ? [read.data as JWK] : [];
  });
  return { keys: usable, fetchedAt: now, freshUntil: now + keptFor(response.headers.get('cache-control')) };
}

export function createClientKeys(now: () => number, failed: (client: string) => void): ClientKeys {
  const kept = new Map<string, Kept>();
  const underWay = new Map<string, Promise<Kept | undefined>>();

  function refresh(client: ApiClient, url: string): Promise<Kept | undefined> {
    const running = underWay.get(url);
    if (running !== undefined) return running;
    const fetching = fetchKeys(url, now())
      .catch(() => {
        failed(client.clientId);
        // Keys known before stay good until the address answers again, but not for ever.
        const old = kept.get(url);
        const stale = old !== undefined && now() - old.freshUntil < keptMs.most;
        return { keys: stale ? old.keys : [], fetchedAt: now(), freshUntil: stale ? old.freshUntil : now() };
      })
      .then((result) => {
        kept.set(url, result);
        underWay.delete(url);
        return result;
      });
    underWay.set(url, fetching);
    return fetching;
  }

  const withKid = (keys: readonly JWK[], kid: string) => keys.filter((key) => key.kid === kid);

  return {
    async find(client, kid) {
      if ('jwks' in client.keys) return withKid(client.keys.jwks, kid);
      const url = client.keys.jwksUrl;
      if (!isAllowedJwksUrl(url)) return [];
      const known = kept.get(url);
      const found = withKid(known?.keys ?? [], kid);
      const mayFetch = known === undefined || now() - known.fetchedAt >= refetchMs;
      if (known !== undefined && known.freshUntil > now() && (found.length > 0 || !mayFetch)) return found;
      if (!mayFetch) return found;
      return withKid((await refresh(client, url))?.keys ?? [], kid);
    },
  };
}
