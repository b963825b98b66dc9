// The running service's operators' addresses, asked with the token of scripts/service-token.ts. Settings say where it is.

import { Readable } from 'node:stream';
import { asFault } from '../../src/base/fault.ts';
import { readConfig } from '../../src/config.ts';
import { type LocalSettings, noAnswer, serviceUrl } from '../local-token.ts';
import { serviceToken, tokenHint } from '../service-token.ts';

const answerMsMax = 60_000;
/** The service gives a file as long on its way (src/api/body-time.ts), and then has to compare it. */
const fileMsMax = 960_000;
const pieceBytes = 262_144;

export interface OperatorClient {
  /** Throws an error whose message says what the service said; `faultOf` gives its code. */
  get<Body>(path: string): Promise<Body>;
  /** The answer as it is. */
  getBytes(path: string): Promise<Uint8Array>;
  post<Body>(path: string, body: unknown): Promise<Body>;
  postFile<Body>(path: string, bytes: Uint8Array, contentType: string): Promise<Body>;
}

/** The code of the fault that the service told of. */
export const faultOf = (thrown: unknown): unknown => (thrown as { readonly fault?: unknown }).fault;

export async function operatorClient(): Promise<OperatorClient> {
  const settings = readSettings();
  const token = await serviceToken(settings);
  const base = serviceUrl(settings);
  async function ask(
    path: string,
    init: RequestInit,
    ownHeaders: Readonly<Record<string, string>> = {},
    ms = answerMsMax,
  ) {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...ownHeaders };
    const response = await fetch(`${base}/ops${path}`, { ...init, headers, signal: AbortSignal.timeout(ms) }).catch(
      (thrown: unknown) => {
        throw new Error(unanswered(base, thrown, ms));
      },
    );
    if (response.ok) return response;
    const body: unknown = await response.json().catch(() => ({}));
    const { error = 'no reason', message, detail } = body as Readonly<Record<string, string>>;
    const lines = [`${message ?? `status ${response.status}`} (${error})`, detail, tokenHint(error)];
    throw Object.assign(new Error(lines.filter((line) => line !== undefined).join('\n')), { fault: error });
  }
  const json = async <Body>(asked: Promise<Response>): Promise<Body> => (await (await asked).json()) as Body;
  return {
    get: (path) => json(ask(path, { method: 'GET' })),
    getBytes: async (path) => new Uint8Array(await (await ask(path, { method: 'GET' })).arrayBuffer()),
    post: (path, body) => json(ask(path, { method: 'POST', body: JSON.stringify(body) })),
    postFile: (path, bytes, contentType) =>
      json(
        ask(path, fileBody(bytes), { 'content-type': contentType, 'content-length': String(bytes.length) }, fileMsMax),
      ),
  };
}

/** In pieces: fetch gives up a body that it sees no end of for five minutes. */
function fileBody(bytes: Uint8Array): RequestInit {
  const pieces = function* () {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  };
  return { method: 'POST', body: Readable.toWeb(Readable.from(pieces())), duplex: 'half' } as RequestInit;
}

function unanswered(base: string, thrown: unknown, ms: number): string {
  const { name, cause } = thrown as { readonly name?: string; readonly cause?: { readonly code?: string } };
  if (name === 'TimeoutError') return `the service at ${base} did not answer within ${ms / 1000} seconds`;
  return cause?.code === 'ECONNREFUSED' || cause?.code === 'ENOTFOUND'
    ? noAnswer(base)
    : `the connection to the service at ${base} broke off before an answer came (${cause?.code ?? String(thrown)})`;
}

function readSettings(): LocalSettings {
  try {
    return readConfig();
  } catch (thrown) {
    const { code, detail } = asFault(thrown);
    throw code === 'config.invalid' ? new Error(`the settings hold errors\n${detail ?? ''}`) : thrown;
  }
}
