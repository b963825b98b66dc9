// The token with which commands ask the running service: the one in THROUGHLINE_TOKEN, where operators have a client of
// their own, else a fresh one of the local client. Never an argument, since every user sees those in the process list.

import { fetchLocalToken, type LocalSettings, tokensPage } from './local-token.ts';

/** For the help of every command that asks the service. */
export const tokenUsage = `The service is asked with the token in THROUGHLINE_TOKEN, or else as the local client (${tokensPage}).`;

/** RFC 6750 section 2.1. Throws an error that says what would be right. */
export function givenToken(): string | undefined {
  const token = process.env.THROUGHLINE_TOKEN?.trim() ?? '';
  if (token === '') return undefined;
  if (/^[A-Za-z0-9_=.~+/-]+$/.test(token)) return token;
  throw new Error(`THROUGHLINE_TOKEN holds no bearer token; npm run -s token prints one (${tokensPage})`);
}

export async function serviceToken(settings: LocalSettings): Promise<string> {
  return givenToken() ?? (await fetchLocalToken(settings, 'system/*.rs')).token;
}

/** What would be right where the service refused the token. */
export function tokenHint(faultCode: string): string | undefined {
  if (faultCode === 'auth.operator-only')
    return `The partner file of the token's client must say operator: true (${tokensPage}).`;
  if (faultCode === 'auth.token-invalid' && givenToken() !== undefined)
    return `A token lives five minutes: put a fresh one of this service into THROUGHLINE_TOKEN, from npm run -s token -- --client ID --key FILE (${tokensPage}).`;
  return undefined;
}
