// What every FHIR interaction here shares: who asks, whose data, and how a fault is answered and audited.

import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { asFault, Fault } from '../../base/fault.ts';
import type { NewId } from '../../base/id.ts';
import { describeCause, type Log } from '../../base/log.ts';
import { acceptsJson } from '../../fhir/http-headers.ts';
import { permits, type Right } from '../../fhir/scopes.ts';
import type { WallClock } from '../../fhir/search-date.ts';
import { isResourceType, type ResourceType } from '../../fhir/search-params.ts';
import { type Parameters, parseParameters } from '../../fhir/search-parse.ts';
import type { ReadResource } from '../../flow/read-resource.ts';
import { keepAudit } from '../../store/audit.ts';
import type { Database } from '../../store/pool.ts';
import type { Authenticate } from '../authenticate.ts';
import type { Caller } from '../caller.ts';
import type { ApiLimits } from '../dependencies.ts';
import { nameClient } from '../observe.ts';
import { sendOutcome } from '../respond.ts';

export interface FhirEdge {
  /** Without a slash at the end. */
  readonly base: string;
  readonly authenticate: Authenticate;
  readonly databaseOf: (organisation: string) => Database;
  readonly readerOf: (organisation: string) => ReadResource;
  readonly clockOf: (organisation: string) => WallClock;
  readonly limits: ApiLimits;
  readonly now: () => number;
  readonly newId: NewId;
  readonly log: Log;
}

/** What a request was about, for the audit row of its denial. */
export interface Attempt {
  readonly interaction: string;
  readonly resource: string;
  caller?: Caller;
}

export function requireType(text: string): ResourceType {
  if (!isResourceType(text)) throw new Fault('fhir.type-unknown');
  return text;
}

export function requireScope(caller: Caller, type: ResourceType, right: Right): void {
  if (!permits(caller.scopes, type, right))
    throw new Fault('auth.scope-insufficient', { detail: `system/${type}.${right}` });
}

/** JSON is all we speak; `_format` speaks before `Accept`. */
export function requireJson(req: IncomingMessage, format: string | undefined): void {
  const accept = format ?? req.headers.accept;
  if (accept !== undefined && accept !== '' && !acceptsJson(accept)) throw new Fault('fhir.format-unsupported');
}

export function queryOf(req: IncomingMessage): Parameters {
  const url = req.url ?? '';
  const at = url.indexOf('?');
  return at < 0 ? [] : parseParameters(url.slice(at + 1));
}

export const formatOf = (parameters: Parameters): string | undefined =>
  // A plus sign that was not escaped arrives as a blank: `application/fhir+json`.
  parameters.find(([name]) => name === '_format')?.[1].replaceAll(' ', '+');

/** Parameters of interactions that have none but the format. */
export function refuseParameters(parameters: Parameters, taken: readonly string[] = []): void {
  for (const [name] of parameters) {
    if (name !== '_format' && name !== '_pretty' && !taken.includes(name)) {
      throw new Fault('fhir.parameter-unknown', { detail: `${name.slice(0, 64)}: not known here` });
    }
  }
}

/** Denials are audited before they are told; where that fails, the failure is told instead. */
async function auditDenial(edge: FhirEdge, fault: Fault, attempt: Attempt): Promise<void> {
  const { caller } = attempt;
  if (caller === undefined || (fault.kind !== 'forbidden' && fault.code !== 'fhir.interaction-unsupported')) return;
  const outcome = fault.kind === 'forbidden' ? 8 : 4;
  const { interaction, resource } = attempt;
  const action = interaction.startsWith('search') ? 'E' : interaction === 'read' || interaction === 'vread' ? 'R' : 'E';
  await keepAudit(
    edge.databaseOf(caller.organisation),
    caller.organisation,
    [{ actor: caller.actor, action, interaction, outcome, patients: [], resources: resource === '' ? [] : [resource] }],
    edge.now(),
  );
}

export function failFhir(
  edge: FhirEdge,
  req: IncomingMessage,
  res: ServerResponse,
  thrown: unknown,
  attempt: Attempt,
  headers: OutgoingHttpHeaders = {},
): Promise<void> {
  const fault = asFault(thrown);
  if (fault.kind === 'defect') edge.log.error('request failed', { code: fault.code, cause: describeCause(fault) });
  return auditDenial(edge, fault, attempt).then(
    () => sendOutcome(req, res, fault, headers),
    (failed: unknown) => sendOutcome(req, res, asFault(failed)),
  );
}

/** Runs an interaction for whoever the token names; every fault becomes an OperationOutcome. */
export async function answer(
  edge: FhirEdge,
  req: IncomingMessage,
  res: ServerResponse,
  attempt: Attempt,
  work: (caller: Caller) => Promise<void>,
): Promise<void> {
  try {
    const caller = await edge.authenticate(req.headers.authorization);
    attempt.caller = caller;
    nameClient(res, caller.client);
    await work(caller);
  } catch (thrown) {
    await failFhir(edge, req, res, thrown, attempt);
  }
}
