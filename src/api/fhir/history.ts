// History of one resource (FHIR R4 http.html#history). Other levels of history are not offered.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Fault } from '../../base/fault.ts';
import { historyBundle } from '../../fhir/bundle.ts';
import { isResourceId } from '../../fhir/reference.ts';
import { dateRange } from '../../fhir/search-date.ts';
import { isResourceType } from '../../fhir/search-params.ts';
import type { Parameters } from '../../fhir/search-parse.ts';
import { pageSize } from '../../fhir/search-query.ts';
import { badValue } from '../../fhir/search-terms.ts';
import { readHistory } from '../../store/resource-history.ts';
import { nameRoute } from '../observe.ts';
import { sendFhir } from '../respond.ts';
import {
  answer,
  type FhirEdge,
  formatOf,
  queryOf,
  refuseParameters,
  requireJson,
  requireScope,
  requireType,
} from './edge.ts';

interface Asked {
  readonly count: number;
  readonly since?: number;
  readonly below?: number;
}

function single(parameters: Parameters, name: string): string | undefined {
  const [first, second] = parameters.filter(([given]) => given === name);
  if (second !== undefined) throw badValue(name, 'given twice');
  return first?.[1];
}

function read(parameters: Parameters): Asked {
  refuseParameters(parameters, ['_count', '_since', '_cursor']);
  const count = single(parameters, '_count');
  const since = single(parameters, '_since');
  const cursor = single(parameters, '_cursor');
  if (count !== undefined && !/^\d{1,9}$/.test(count)) throw badValue('_count', 'a whole number');
  const from = since === undefined ? undefined : dateRange(since.replace(/ (?=\d\d:\d\d$)/, '+'))?.from;
  if (since !== undefined && from === undefined) throw badValue('_since', 'not an instant');
  if (cursor !== undefined && !/^[1-9]\d{0,8}$/.test(cursor)) throw badValue('_cursor', 'not a cursor of this history');
  return {
    count: count === undefined ? pageSize.usual : Math.min(Number(count), pageSize.max),
    ...(from === undefined ? {} : { since: from }),
    ...(cursor === undefined ? {} : { below: Number(cursor) }),
  };
}

export function serveHistory(
  edge: FhirEdge,
  req: IncomingMessage,
  res: ServerResponse,
  named: string,
  id: string,
): Promise<void> {
  nameRoute(res, isResourceType(named) ? `history-instance ${named}` : 'history-instance');
  const attempt = { interaction: 'history-instance', resource: `${named}/${id}`.slice(0, 130) };
  return answer(edge, req, res, attempt, async (caller) => {
    const parameters = queryOf(req);
    requireJson(req, formatOf(parameters));
    const type = requireType(named);
    if (!isResourceId(id)) throw new Fault('fhir.id-invalid');
    requireScope(caller, type, 'r');
    const asked = read(parameters);
    const now = edge.now();
    const found = await readHistory(
      edge.databaseOf(caller.organisation),
      { type, id, ...asked },
      { at: now, actor: caller.actor },
    );
    if (found === undefined) throw new Fault('fhir.resource-unknown');
    const link = (below?: number): string => {
      const query = new URLSearchParams(
        parameters.filter(([name]) => name === '_count' || name === '_since') as [string, string][],
      );
      if (below !== undefined) query.set('_cursor', String(below));
      const text = query.toString();
      return `${edge.base}/${type}/${id}/_history${text === '' ? '' : `?${text}`}`;
    };
    const last = found.versions.at(-1);
    const body = historyBundle({
      base: edge.base,
      id: edge.newId(),
      now,
      links: { self: link(asked.below), ...(found.more && last ? { next: link(last.version) } : {}) },
      total: found.total,
      versions: found.versions,
    });
    sendFhir(req, res, 200, body);
  });
}
