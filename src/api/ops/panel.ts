// Loading the panel: a list of members is posted and compared, its difference looked at, and applied when a person says
// so. A list is CSV, or a FHIR Group whose members are contained, in its Bundle, or named by identifier.

import { Fault } from '../../base/fault.ts';
import { type Instant, type LocalDate, localDate } from '../../base/instant.ts';
import { isDay } from '../../base/time.ts';
import type { PanelList } from '../../domain/panel/collect.ts';
import { type GuardCode, guardCodes } from '../../domain/panel/guards.ts';
import type { Practice } from '../../domain/practice.ts';
import { applyPreview, previewLoad } from '../../flow/load-panel.ts';
import { readPanelList } from '../../flow/read-panel-list.ts';
import { listLoads, readLoad } from '../../store/panel-loads.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { jsonOf, type OperatorRequest, type OperatorRoute, parametersOf } from './operator.ts';
import { numberOf, shownOf } from './parameter.ts';

const loadsMax = 200;
const sourceLengthMax = 120;
const firstDay = '0001-01-01';

export function panelRoutes(given: ApiDependencies): readonly OperatorRoute[] {
  return [
    {
      method: 'POST',
      path: '/panel/loads',
      name: 'ops panel load',
      takesFile: true,
      async serve(request) {
        const { source, mode, ...rest } = parametersOf(request.query, ['source', 'mode', 'as-of']);
        if (mode !== undefined && mode !== 'replace' && mode !== 'add')
          throw new Fault('ops.request-invalid', { detail: 'mode is replace or add' });
        if (source !== undefined && source.length > sourceLengthMax)
          throw new Fault('ops.request-invalid', { detail: `source has at most ${sourceLengthMax} characters` });
        const asOf = dayOf(rest['as-of'], 'as-of');
        const practice = practiceOf(given, request);
        const list = listOf(given, request);
        const load = await previewLoad(
          request.database,
          practice,
          {
            bytes: request.body,
            list,
            source: source ?? 'upload',
            mode: mode ?? 'replace',
            ...(asOf !== undefined && { asOf }),
          },
          actingOf(request),
        );
        return { status: 201, json: load, isAudited: true };
      },
    },
    {
      method: 'GET',
      path: '/panel/loads',
      name: 'ops panel loads',
      async serve({ database, query }) {
        const { before, limit } = parametersOf(query, ['before', 'limit']);
        const most = Math.min(loadsMax, numberOf(limit, 'limit') ?? 20);
        const { rows, more } = shownOf(await listLoads(database, most + 1, numberOf(before, 'before')), most);
        // The samples hold people; the list of loads need not.
        return { json: { loads: rows.map(({ samples: _people, ...load }) => load), ...more } };
      },
    },
    {
      method: 'GET',
      path: '/panel/loads/:id',
      name: 'ops panel load',
      async serve({ database, params }) {
        const load = await readLoad(database, numberOf(params.id, 'the id') ?? 0);
        if (load === undefined) throw new Fault('ops.not-found');
        return { json: load, resources: [`PanelLoad/${load.id}`] };
      },
    },
    {
      method: 'POST',
      path: '/panel/loads/:id/apply',
      name: 'ops panel apply',
      action: 'U',
      async serve(request) {
        const id = numberOf(request.params.id, 'the id') ?? 0;
        const accepted = request.body.length === 0 ? [] : acceptedOf(jsonOf(request));
        const { load, replayed } = await applyPreview(request.database, id, accepted, actingOf(request));
        return { json: { ...load, replayed }, isAudited: true };
      },
    },
  ];
}

export function practiceOf(given: ApiDependencies, { caller }: OperatorRequest): Practice {
  const practice = given.practices.find(({ id }) => id === caller.organisation);
  if (practice === undefined) throw new Fault('auth.token-invalid');
  return practice;
}

export const actingOf = ({ caller, now }: OperatorRequest) => ({ actor: caller.actor, now: now as Instant });

/** A day that has a day before it, for what ends on its eve. Throws `ops.request-invalid` naming the place. */
export function dayOf(text: unknown, name: string): LocalDate | undefined {
  if (text === undefined || text === null) return undefined;
  if (typeof text !== 'string' || !isDay(text) || text <= firstDay)
    throw new Fault('ops.request-invalid', { detail: `${name} is a day like 2026-11-20` });
  return localDate(text);
}

function listOf(given: ApiDependencies, { caller, body, contentType }: OperatorRequest): PanelList {
  const dialects = given.feeds
    .filter(({ organisation }) => organisation === caller.organisation)
    .map(({ dialect }) => dialect);
  switch (contentType.split(';')[0]?.trim().toLowerCase()) {
    case 'text/csv':
      return readPanelList('csv', body, dialects);
    case 'application/fhir+json':
    case 'application/json':
      return readPanelList('group', body, dialects);
    default:
      throw new Fault('http.content-type');
  }
}

function acceptedOf({ accept = [], ...rest }: Readonly<Record<string, unknown>>): readonly GuardCode[] {
  const isCode = (code: unknown): code is GuardCode => (guardCodes as readonly unknown[]).includes(code);
  if (Array.isArray(accept) && accept.every(isCode) && Object.keys(rest).length === 0) return accept;
  throw new Fault('ops.request-invalid', { detail: `accept is a list of ${guardCodes.join(', ')}` });
}
