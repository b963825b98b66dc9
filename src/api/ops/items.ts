// What operators have to look at, as a list; to take in hand, give to somebody, or close.

import { Fault } from '../../base/fault.ts';
import type { Practice } from '../../domain/practice.ts';
import { changeItem, type Item, type ItemChange, listItems, readItem } from '../../store/ops-items.ts';
import { jsonOf, type OperatorReply, type OperatorRequest, type OperatorRoute, parametersOf } from './operator.ts';
import { numberOf, shownOf } from './parameter.ts';

const rowsMax = 500;
const states = ['open', 'acknowledged', 'closed'];

export function itemRoutes(practices: readonly Practice[]): readonly OperatorRoute[] {
  const rolesOf = (organisation: string): readonly string[] =>
    practices.find(({ id }) => id === organisation)?.roles.map(({ id }) => id) ?? [];

  return [
    {
      method: 'GET',
      path: '/items',
      name: 'ops items',
      async serve({ database, query }) {
        const { state, kind, key, before, limit } = parametersOf(query, ['state', 'kind', 'key', 'before', 'limit']);
        if (state !== undefined && !states.includes(state))
          throw new Fault('ops.request-invalid', { detail: `state is one of ${states.join(', ')}` });
        const from = numberOf(before, 'before');
        const most = Math.min(rowsMax, numberOf(limit, 'limit') ?? 100);
        const found = await listItems(database, {
          ...(state !== undefined && { state }),
          ...(kind !== undefined && { kind }),
          ...(key !== undefined && { key }),
          ...(from !== undefined && { before: from }),
          limit: most + 1,
        });
        const { rows, more } = shownOf(found, most);
        return { json: { items: rows, ...more } };
      },
    },
    {
      method: 'GET',
      path: '/items/:id',
      name: 'ops item',
      serve: async (request) => ({ json: await itemOf(request) }),
    },
    {
      method: 'POST',
      path: '/items/:id/acknowledge',
      name: 'ops item acknowledge',
      action: 'U',
      serve: (request) => {
        const { by, note } = textsOf(request, ['by'], ['note']);
        return change(request, { state: 'acknowledged', by, assigned: by, ...(note !== undefined && { note }) });
      },
    },
    {
      method: 'POST',
      path: '/items/:id/close',
      name: 'ops item close',
      action: 'U',
      serve: (request) => {
        const { by, note } = textsOf(request, ['by'], ['note']);
        return change(request, { state: 'closed', by, ...(note !== undefined && { note }) });
      },
    },
    {
      method: 'POST',
      path: '/items/:id/assign',
      name: 'ops item assign',
      action: 'U',
      serve: (request) => {
        const { owner, assigned } = textsOf(request, [], ['owner', 'assigned']);
        const roles = rolesOf(request.caller.organisation);
        if (owner === undefined && assigned === undefined)
          throw new Fault('ops.request-invalid', { detail: 'send owner, a role, or assigned, a person' });
        if (owner !== undefined && !roles.includes(owner))
          throw new Fault('ops.request-invalid', { detail: `owner is one of ${roles.join(', ')}` });
        return change(request, { ...(owner !== undefined && { owner }), ...(assigned !== undefined && { assigned }) });
      },
    },
  ];
}

async function itemOf({ database, params }: OperatorRequest): Promise<Item> {
  const item = await readItem(database, numberOf(params.id, 'the id') ?? 0);
  if (!item) throw new Fault('ops.not-found');
  return item;
}

async function change(request: OperatorRequest, wanted: ItemChange): Promise<OperatorReply> {
  const { id } = await itemOf(request);
  const changed = await changeItem(request.database, id, wanted, request.now);
  if (!changed) throw new Fault('ops.conflict', { detail: 'the item is closed' });
  return { json: changed, resources: [`OpsItem/${id}`] };
}

const textMax = 500;

/** The body's texts. Throws `ops.request-invalid` saying which are needed and known. */
function textsOf<Needed extends string, Known extends string>(
  request: OperatorRequest,
  needed: readonly Needed[],
  known: readonly Known[],
): { readonly [Name in Needed]: string } & { readonly [Name in Known]?: string } {
  const body = jsonOf(request);
  const names: readonly string[] = [...needed, ...known];
  const isText = (value: unknown): boolean =>
    typeof value === 'string' && value.trim() !== '' && value.length <= textMax;
  if (
    !Object.entries(body).every(([name, value]) => names.includes(name) && isText(value)) ||
    needed.some((name) => body[name] === undefined)
  )
    throw new Fault('ops.request-invalid', {
      detail: `send texts of at most ${textMax} characters: ${[...needed, ...known.map((name) => `${name} (if wanted)`)].join(', ')}`,
    });
  return body as ReturnType<typeof textsOf<Needed, Known>>;
}
