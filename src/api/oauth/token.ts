// The token endpoint of SMART Backend Services: client_credentials with a signed assertion (SMART App Launch 2.2.0
// backend-services.html; RFC 6749 sections 4.4 and 5). Every grant and every refusal of a known client is audited.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JWK } from 'jose';
import { asFault } from '../../base/fault.ts';
import type { NewId } from '../../base/id.ts';
import { describeCause, type Log } from '../../base/log.ts';
import { grantScopes } from '../../fhir/scopes.ts';
import { parseParameters } from '../../fhir/search-parse.ts';
import { keepAudit } from '../../store/audit.ts';
import { forgetAssertions, useAssertion } from '../../store/client-assertions.ts';
import type { Database } from '../../store/pool.ts';
import type { ApiClient, ApiLimits } from '../dependencies.ts';
import { nameClient, nameRoute } from '../observe.ts';
import { mediaTypeOf, readBody } from '../read-body.ts';
import { sendFault, sendJson } from '../respond.ts';
import { signAccessToken, tokenSeconds } from './access-token.ts';
import { type Proven, proveClient } from './assertion.ts';
import { createClientKeys } from './client-keys.ts';
import { createRateLimit } from './rate-limit.ts';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const forgetEveryMs = 60_000;

export interface TokenEndpoint {
  readonly tokenUrl: string;
  readonly issuer: string;
  /** Audience of the tokens: the FHIR base. */
  readonly audience: string;
  readonly issuerKey: JWK;
  readonly clients: readonly ApiClient[];
  readonly databaseOf: (organisation: string) => Database;
  readonly limits: ApiLimits;
  readonly now: () => number;
  readonly newId: NewId;
  readonly log: Log;
}

type ErrorCode = 'invalid_request' | 'invalid_client' | 'invalid_scope' | 'unsupported_grant_type';
type Granted = { readonly is: 'granted'; readonly token: string; readonly scope: string };
type Decision = Granted | { readonly is: 'refused'; readonly error: ErrorCode; readonly description: string };

const refuse = (error: ErrorCode, description: string): Decision => ({ is: 'refused', error, description });

const loopbackHost = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::(\d{1,5}))?$/;

/** The configured token URL; on a loopback connection also its URL under the name by which it was called. */
function audiencesOf(endpoint: TokenEndpoint, req: IncomingMessage): string[] {
  const host = req.headers.host ?? '';
  const port = loopbackHost.exec(host)?.[1];
  const here =
    port !== undefined &&
    Number(port) === req.socket.localPort &&
    /^(?:::ffff:)?127\.|^::1$/.test(req.socket.localAddress ?? '');
  return here ? [endpoint.tokenUrl, `http://${host}/oauth/token`] : [endpoint.tokenUrl];
}

async function audit(endpoint: TokenEndpoint, client: ApiClient, outcome: 0 | 8): Promise<void> {
  const entry = {
    actor: `system:${client.clientId}`,
    action: 'E',
    interaction: 'token',
    outcome,
    patients: [],
    resources: [],
  } as const;
  await keepAudit(endpoint.databaseOf(client.organisation), client.organisation, [entry], endpoint.now());
}

async function grant(
  endpoint: TokenEndpoint,
  proven: Extract<Proven, { is: 'proven' }>,
  asked: string,
): Promise<Decision> {
  const { client, jti, usableUntil } = proven;
  const database = endpoint.databaseOf(client.organisation);
  if (!(await useAssertion(database, client.organisation, client.clientId, jti, usableUntil))) {
    await audit(endpoint, client, 8);
    return refuse('invalid_client', 'The client assertion was not accepted.');
  }
  const scope = grantScopes(asked, client.scopes.join(' '));
  if (scope === '') {
    await audit(endpoint, client, 8);
    return refuse('invalid_scope', 'None of the scopes can be granted.');
  }
  const token = await signAccessToken({ ...endpoint, client, scope, jti: endpoint.newId(), now: endpoint.now() });
  await audit(endpoint, client, 0);
  return { is: 'granted', token, scope };
}

async function decide(
  endpoint: TokenEndpoint,
  req: IncomingMessage,
  res: ServerResponse,
  prove: (assertion: string, audiences: string[]) => Promise<Proven>,
): Promise<Decision> {
  if (mediaTypeOf(req) !== 'application/x-www-form-urlencoded') return refuse('invalid_request', 'Send a form.');
  const body = await readBody(req, endpoint.limits.tokenBytesMax, endpoint.limits);
  const form = new Map<string, string>();
  for (const [name, value] of parseParameters(body.toString('utf8'))) {
    if (form.has(name)) return refuse('invalid_request', 'A parameter is given twice.');
    form.set(name, value);
  }
  if (form.get('grant_type') !== 'client_credentials')
    return refuse('unsupported_grant_type', 'Only client_credentials.');
  if (form.get('client_assertion_type') !== assertionType)
    return refuse('invalid_request', 'client_assertion_type is missing or not jwt-bearer.');
  const assertion = form.get('client_assertion');
  if (assertion === undefined || assertion === '') return refuse('invalid_request', 'client_assertion is missing.');
  const asked = form.get('scope');
  if (asked === undefined || asked.trim() === '') return refuse('invalid_scope', 'scope is missing.');
  const proven = await prove(assertion, audiencesOf(endpoint, req));
  if (proven.is === 'proven' && (form.get('client_id') ?? proven.client.clientId) === proven.client.clientId) {
    nameClient(res, proven.client.clientId);
    return grant(endpoint, proven, asked);
  }
  const { client } = proven;
  const why = proven.is === 'refused' ? proven.why : 'client_id differs';
  endpoint.log.warn('client assertion refused', {
    detail: why,
    remote: req.socket.remoteAddress,
    ...(client && { client: client.clientId }),
  });
  if (client !== undefined) await audit(endpoint, client, 8);
  return refuse('invalid_client', 'The client assertion was not accepted.');
}

export function createTokenEndpoint(
  endpoint: TokenEndpoint,
): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  const allow = createRateLimit(endpoint.limits.tokensPerMinute, 60_000, endpoint.now);
  const keys = createClientKeys(endpoint.now, (client) =>
    endpoint.log.warn('keys of a client could not be fetched', { client }),
  );
  let forgotAt = 0;

  const prove = (assertion: string, audiences: string[]) =>
    proveClient(assertion, { clients: endpoint.clients, keys, audiences, now: endpoint.now() });

  /** Assertions that have expired need no memory; looked at once a minute, when a token is granted. */
  function forget(): void {
    if (endpoint.now() - forgotAt < forgetEveryMs) return;
    forgotAt = endpoint.now();
    for (const organisation of new Set(endpoint.clients.map((client) => client.organisation))) {
      forgetAssertions(endpoint.databaseOf(organisation), forgotAt).catch((thrown: unknown) =>
        endpoint.log.warn('expired assertions not forgotten', { organisation, cause: describeCause(thrown) }),
      );
    }
  }

  return async (req, res) => {
    nameRoute(res, 'token');
    if (req.method !== 'POST') {
      sendJson(req, res, 405, { error: 'invalid_request', error_description: 'Use POST.' }, { Allow: 'POST' });
      return;
    }
    if (!allow(req.socket.remoteAddress ?? '')) {
      sendJson(
        req,
        res,
        429,
        { error: 'temporarily_unavailable', error_description: 'Too many requests.' },
        { 'Retry-After': '60' },
      );
      return;
    }
    try {
      const decision = await decide(endpoint, req, res, prove);
      if (decision.is === 'granted') {
        const body = {
          access_token: decision.token,
          token_type: 'bearer',
          expires_in: tokenSeconds,
          scope: decision.scope,
        };
        sendJson(req, res, 200, body, { Pragma: 'no-cache' });
        forget();
      } else {
        const status = decision.error === 'invalid_client' ? 401 : 400;
        sendJson(
          req,
          res,
          status,
          { error: decision.error, error_description: decision.description },
          { Pragma: 'no-cache' },
        );
      }
    } catch (thrown) {
      const fault = asFault(thrown);
      if (fault.kind === 'defect') endpoint.log.error('token request failed', { cause: describeCause(fault) });
      if (fault.kind === 'invalid')
        sendJson(req, res, 400, { error: 'invalid_request', error_description: fault.message });
      else sendFault(req, res, fault);
    }
  };
}
