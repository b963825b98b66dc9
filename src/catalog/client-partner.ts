// The file of a client: a system with a token of its own (SMART Backend Services; profiles/partners/*.yaml,
// kind: client).

import { isNode } from 'yaml';
import type { ClientPartner, Keys } from './partner.ts';
import { type Field, flag, has, identifier, list, record, report, text } from './reading.ts';

/** System scopes of SMART App Launch 2.2 (and 1.0: read, write, *). */
const scopeForm = /^system\/(\*|[A-Z][A-Za-z]+)\.((?=[cruds])c?r?u?d?s?|read|write|\*)$/;

const keysForm = 'write keys: local, or a mapping with jwks or jwks-url';

export function readClientPartner(field: Field, fileId: string): ClientPartner {
  const keys = record(field, ['kind', 'id', 'organisation', 'name', 'client-id', 'keys', 'scopes'], ['operator']);
  const id = identifier(keys.id);
  if (id !== fileId) report(keys.id, `the id "${id}" is not the name of its file`, `write ${fileId}`);
  return {
    kind: 'client',
    id,
    organisation: identifier(keys.organisation),
    clientId: text(keys['client-id']),
    name: text(keys.name),
    scopes: list(keys.scopes).map(readScope),
    isOperator: keys.operator === undefined ? false : flag(keys.operator),
    keys: readKeys(keys.keys),
  };
}

function readScope(field: Field): string {
  const scope = text(field);
  if (scope !== '' && !scopeForm.test(scope)) {
    report(field, `"${scope}" is no system scope`, 'write it like system/Task.rs or system/*.cruds');
  }
  return scope;
}

function readKeys(field: Field): Keys {
  if (has(field, 'jwks')) return { jwks: readKeySet(record(field, ['jwks']).jwks) };
  if (has(field, 'jwks-url')) {
    const keys = record(field, ['jwks-url']);
    const jwksUrl = text(keys['jwks-url']);
    if (jwksUrl !== '' && !isHttps(jwksUrl)) {
      report(keys['jwks-url'], `"${jwksUrl}" is not an https address`, 'write it like https://ehr.example/jwks');
    }
    return { jwksUrl };
  }
  if (text(field) !== 'local') report(field, 'these are no keys', keysForm);
  return 'local';
}

/** Public keys only (RFC 7517): a secret in a partner file is a mistake. */
function readKeySet(field: Field): { readonly keys: readonly Readonly<Record<string, unknown>>[] } {
  const keys = list(record(field, ['keys']).keys).map((key) => {
    const value: unknown = isNode(key.node) ? key.node.toJSON() : undefined;
    const isKey = typeof value === 'object' && value !== null && !Array.isArray(value);
    const jwk = (isKey ? value : {}) as Record<string, unknown>;
    if (jwk.kty !== 'RSA' && jwk.kty !== 'EC') report(key, 'this is no public key', 'write a JWK of kty RSA or EC');
    if ('d' in jwk || 'k' in jwk) report(key, 'this key holds its secret', 'write the public part alone');
    return jwk;
  });
  if (keys.length === 0) report(field, 'the key set is empty', 'write at least one JWK');
  return { keys };
}

function isHttps(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:';
}
