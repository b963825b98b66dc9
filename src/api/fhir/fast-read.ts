// Read and vread, the interactions that EHRs call most (FHIR R4 http.html#read, #vread, #cread). They answer before
// Express, which alone costs 150 µs a request; Express comes here too for what the fast path leaves to it, so there is
// one implementation. The stored text is served as it is.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Fault } from '../../base/fault.ts';
import type { StoredResource } from '../../fhir/bundle.ts';
import { etagOf, httpDate, isUnmodifiedSince, namesVersion } from '../../fhir/http-headers.ts';
import { isResourceId } from '../../fhir/reference.ts';
import { isResourceType } from '../../fhir/search-params.ts';
import { readVersion } from '../../store/resource-reads.ts';
import type { Caller } from '../caller.ts';
import { nameClient, nameRoute } from '../observe.ts';
import { sendFhir, sendNotModified } from '../respond.ts';
import { type Attempt, type FhirEdge, failFhir, requireJson, requireScope, requireType } from './edge.ts';

const form = /^\/fhir\/R4\/([A-Z][A-Za-z]{1,63})\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/([A-Za-z0-9\-.]{1,64}))?$/;
const versionMax = 2_147_483_647;

export interface Wish {
  readonly type: string;
  readonly id: string;
  /** Present for a vread. */
  readonly version?: string | undefined;
  readonly format?: string | undefined;
}

export interface FastRead {
  /** Answers a plain read or vread and says so; leaves everything else alone. */
  take(req: IncomingMessage, res: ServerResponse): boolean;
  serve(req: IncomingMessage, res: ServerResponse, wish: Wish): void;
}

/** The resource, or nothing new for who has this version already; `If-None-Match` decides before `If-Modified-Since`. */
function sendResource(req: IncomingMessage, res: ServerResponse, { version, updatedAt, body }: StoredResource): void {
  const headers = { ETag: etagOf(version), 'Last-Modified': httpDate(updatedAt) };
  const match = req.headers['if-none-match'];
  const since = req.headers['if-modified-since'];
  const known =
    match !== undefined ? namesVersion(match, version) : since !== undefined && isUnmodifiedSince(since, updatedAt);
  if (known) sendNotModified(res, headers);
  else sendFhir(req, res, 200, body, headers);
}

function find(edge: FhirEdge, caller: Caller, { type: named, id, version }: Wish): Promise<StoredResource | undefined> {
  const type = requireType(named);
  if (!isResourceId(id)) throw new Fault('fhir.id-invalid');
  requireScope(caller, type, 'r');
  if (version === undefined) return edge.readerOf(caller.organisation)({ type, id, actor: caller.actor });
  if (!/^[1-9]\d{0,9}$/.test(version) || Number(version) > versionMax) throw new Fault('fhir.version-unknown');
  const act = { at: edge.now(), actor: caller.actor };
  return readVersion(edge.databaseOf(caller.organisation), type, id, Number(version), act);
}

export function createFastRead(edge: FhirEdge): FastRead {
  function serve(req: IncomingMessage, res: ServerResponse, wish: Wish): void {
    const isRead = wish.version === undefined;
    const interaction = isRead ? 'read' : 'vread';
    nameRoute(res, isResourceType(wish.type) ? `${interaction} ${wish.type}` : interaction);
    const attempt: Attempt = { interaction, resource: `${wish.type}/${wish.id}`.slice(0, 130) };
    const fail = (thrown: unknown) => void failFhir(edge, req, res, thrown, attempt);
    const go = (caller: Caller): void => {
      attempt.caller = caller;
      nameClient(res, caller.client);
      find(edge, caller, wish)
        .then((found) => {
          if (found === undefined) throw new Fault(isRead ? 'fhir.resource-unknown' : 'fhir.version-unknown');
          sendResource(req, res, found);
        })
        .catch(fail);
    };
    try {
      requireJson(req, wish.format);
      const caller = edge.authenticate(req.headers.authorization);
      if (caller instanceof Promise) caller.then(go).catch(fail);
      else go(caller);
    } catch (thrown) {
      fail(thrown);
    }
  }

  return {
    take(req, res) {
      if (req.method !== 'GET' && req.method !== 'HEAD') return false;
      const found = form.exec(req.url ?? '');
      if (found === null) return false;
      const [, type = '', id = '', version] = found;
      serve(req, res, { type, id, version });
      return true;
    },
    serve,
  };
}
