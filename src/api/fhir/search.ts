// Search of one type, by GET and by POST _search (FHIR R4 http.html#search). The scopes narrow the question before it
// is asked: types that may not be seen are neither found nor included nor counted.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Fault } from '../../base/fault.ts';
import { searchBundle } from '../../fhir/bundle.ts';
import { wantsLenient } from '../../fhir/http-headers.ts';
import { ignoredOutcome } from '../../fhir/outcome.ts';
import { permits } from '../../fhir/scopes.ts';
import { writeCursor } from '../../fhir/search-cursor.ts';
import { isResourceType } from '../../fhir/search-params.ts';
import { type Parameters, parseParameters, parseSearch } from '../../fhir/search-parse.ts';
import type { Cursor, SearchQuery } from '../../fhir/search-query.ts';
import { countResources, type SearchAnswer, searchResources } from '../../store/resource-search.ts';
import type { Caller } from '../caller.ts';
import { nameRoute } from '../observe.ts';
import { mediaTypeOf, readBody } from '../read-body.ts';
import { sendFhir } from '../respond.ts';
import { answer, type FhirEdge, formatOf, queryOf, requireJson, requireScope, requireType } from './edge.ts';

async function parametersOf(edge: FhirEdge, req: IncomingMessage): Promise<Parameters> {
  const inUrl = queryOf(req);
  if (req.method !== 'POST') return inUrl;
  if (mediaTypeOf(req) !== 'application/x-www-form-urlencoded') throw new Fault('http.content-type');
  const body = await readBody(req, edge.limits.searchBytesMax, edge.limits);
  return [...inUrl, ...parseParameters(body.toString('utf8'))];
}

/** What comes along needs a scope of its own: `r` for what is referred to, `s` for what refers here. */
function narrow(query: SearchQuery, caller: Caller): SearchQuery {
  const include = query.include.map((path) => ({
    ...path,
    targets: path.targets.filter((type) => permits(caller.scopes, type, 'r')),
  }));
  if (include.some(({ targets }) => targets.length === 0))
    throw new Fault('auth.scope-insufficient', { detail: '_include' });
  for (const { type } of query.revinclude) requireScope(caller, type, 's');
  return { ...query, include };
}

function linkTo(edge: FhirEdge, query: SearchQuery, cursor: Cursor | undefined): string {
  const parameters = query.understood.map(([name, value]) => [name, value] as [string, string]);
  if (cursor !== undefined) parameters.push(['_cursor', writeCursor(query.digest, cursor)]);
  const text = new URLSearchParams(parameters).toString();
  return `${edge.base}/${query.type}${text === '' ? '' : `?${text}`}`;
}

function bundleOf(edge: FhirEdge, query: SearchQuery, found: SearchAnswer, now: number): string {
  const links = {
    self: linkTo(edge, query, query.cursor),
    ...(found.next === undefined ? {} : { next: linkTo(edge, query, found.next) }),
  };
  return searchBundle({
    base: edge.base,
    id: edge.newId(),
    now,
    links,
    total: found.total,
    matches: found.matches,
    included: found.included,
    outcome: query.ignored.length === 0 ? undefined : JSON.stringify(ignoredOutcome(query.ignored)),
  });
}

export function serveSearch(edge: FhirEdge, req: IncomingMessage, res: ServerResponse, named: string): Promise<void> {
  nameRoute(res, isResourceType(named) ? `search-type ${named}` : 'search-type');
  const attempt = { interaction: 'search-type', resource: named.slice(0, 64) };
  return answer(edge, req, res, attempt, async (caller) => {
    const type = requireType(named);
    requireScope(caller, type, 's');
    const parameters = await parametersOf(edge, req);
    requireJson(req, formatOf(parameters));
    const now = edge.now();
    const context = { base: edge.base, now, clock: edge.clockOf(caller.organisation) };
    const lenient = wantsLenient(req.headers.prefer?.toString());
    const query = narrow(parseSearch(type, parameters, lenient, context), caller);
    const asked = new URLSearchParams(
      query.understood.map(([name, value]) => [name, value] as [string, string]),
    ).toString();
    const act = { at: now, actor: caller.actor, request: Buffer.from(`${type}?${asked}`).toString('base64') };
    const database = edge.databaseOf(caller.organisation);
    const found = query.countOnly
      ? { matches: [], included: [], total: await countResources(database, query, act) }
      : await searchResources(database, query, act);
    sendFhir(req, res, 200, bundleOf(edge, query, found, now));
  });
}
