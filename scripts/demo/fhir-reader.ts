// Reads the service over FHIR as an EHR would: with a token got by private_key_jwt, by searches, page after page.

import type { Bundle, FhirResource } from 'fhir/r4.js';
import { fetchLocalToken, type LocalSettings } from '../local-token.ts';

export interface FhirReader {
  /** All matches of a search, over all pages. */
  search<Type extends FhirResource>(query: string): Promise<Type[]>;
  /** How many match. */
  count(query: string): Promise<number>;
  read<Type extends FhirResource>(address: string): Promise<Type>;
  /** All versions, the newest first. */
  history<Type extends FhirResource>(address: string): Promise<Type[]>;
}

/** Well before the five minutes that tokens live. */
const tokenMs = 200_000;

export function createFhirReader(settings: LocalSettings & { readonly publicUrl: string }): FhirReader {
  const base = `${settings.publicUrl}/fhir/R4`;
  let token: Promise<string> | undefined;
  let tokenAt = 0;

  function currentToken(): Promise<string> {
    if (token === undefined || Date.now() - tokenAt > tokenMs) {
      tokenAt = Date.now();
      token = fetchLocalToken(settings, 'system/*.rs').then((granted) => granted.token);
    }
    return token;
  }

  async function get<Type>(url: string): Promise<Type> {
    const response = await fetch(url, { headers: { authorization: `Bearer ${await currentToken()}` } });
    const text = await response.text();
    if (!response.ok) throw new Error(`GET ${url} answers ${response.status}: ${text.slice(0, 300)}`);
    return JSON.parse(text) as Type;
  }

  async function all<Type extends FhirResource>(first: string): Promise<Type[]> {
    const found: Type[] = [];
    for (let url: string | undefined = first; url !== undefined; ) {
      const page: Bundle = await get<Bundle>(url);
      found.push(...(page.entry ?? []).flatMap(({ resource }) => (resource === undefined ? [] : [resource as Type])));
      url = page.link?.find(({ relation }) => relation === 'next')?.url;
    }
    return found;
  }

  return {
    search: (query) => all(`${base}/${query}`),
    read: (address) => get(`${base}/${address}`),
    history: (address) => all(`${base}/${address}/_history`),
    async count(query) {
      const separator = query.includes('?') ? '&' : '?';
      const { total } = await get<Bundle>(`${base}/${query}${separator}_summary=count&_total=accurate`);
      return total ?? Number.NaN;
    },
  };
}
