// The running service's operators' addresses, asked with a token of the local client. Settings say where it is.

import { asFault } from '../../src/base/fault.ts';
import { readConfig } from '../../src/config.ts';
import { fetchLocalToken, type LocalSettings, serviceUrl } from '../local-token.ts';

const answerMsMax = 60_000;

export interface OperatorClient {
  /** Throws an error whose message says what the service said. */
  get<Body>(path: string): Promise<Body>;
  post<Body>(path: string, body: unknown): Promise<Body>;
  postFile<Body>(path: string, bytes: Uint8Array, contentType: string): Promise<Body>;
}

export async function operatorClient(): Promise<OperatorClient> {
  const settings = readSettings();
  const { token } = await fetchLocalToken(settings, 'system/*.rs');
  const base = serviceUrl(settings);
  async function ask<Body>(path: string, init: RequestInit, type = 'application/json'): Promise<Body> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': type };
    const response = await fetch(`${base}/ops${path}`, { ...init, headers, signal: AbortSignal.timeout(answerMsMax) });
    const body: unknown = await response.json().catch(() => ({}));
    if (response.ok) return body as Body;
    const { error = 'no reason', message, detail } = body as Readonly<Record<string, string>>;
    throw new Error([`${message ?? `status ${response.status}`} (${error})`, ...(detail ? [detail] : [])].join('\n'));
  }
  return {
    get: (path) => ask(path, { method: 'GET' }),
    post: (path, body) => ask(path, { method: 'POST', body: JSON.stringify(body) }),
    postFile: (path, bytes, contentType) => ask(path, { method: 'POST', body: bytes }, contentType),
  };
}

function readSettings(): LocalSettings {
  try {
    return readConfig();
  } catch (thrown) {
    const { code, detail } = asFault(thrown);
    throw code === 'config.invalid' ? new Error(`the settings hold errors\n${detail ?? ''}`) : thrown;
  }
}
