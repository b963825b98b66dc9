// Who is on the panel, by identifier; opt-outs; and the figures of it all. Every question can be posted, so that no
// identifier need stand in an address.

import { Fault } from '../../base/fault.ts';
import { todayOf } from '../../flow/load-panel.ts';
import { optOut, withdrawOptOut } from '../../flow/opt-out.ts';
import { authorityUri, authorityWanted } from '../../flow/read-panel-list.ts';
import { findOptOuts, identifiersOfPerson } from '../../store/opt-outs.ts';
import { findMembers, leftOut, panelFigures } from '../../store/panel-members.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { jsonOf, type OperatorReply, type OperatorRequest, type OperatorRoute, parametersOf } from './operator.ts';
import { actingOf, dayOf, practiceOf } from './panel.ts';

const membersMax = 200;
const textMax = 500;

export function panelMemberRoutes(given: ApiDependencies): readonly OperatorRoute[] {
  const dialectsOf = ({ caller }: OperatorRequest) =>
    given.feeds.filter(({ organisation }) => organisation === caller.organisation).map(({ dialect }) => dialect);

  /** Whom a body names. */
  function personIn(request: OperatorRequest, body: Texts): { readonly authority: string; readonly value: string } {
    const value = body.identifier;
    if (value === undefined) throw new Fault('ops.request-invalid', { detail: 'identifier must be given' });
    const authority = authorityUri(dialectsOf(request), body.authority);
    if (authority === undefined)
      throw new Fault('ops.request-invalid', { detail: authorityWanted(dialectsOf(request)) });
    return { authority, value };
  }

  async function find(request: OperatorRequest, { identifier, authority }: Texts): Promise<OperatorReply> {
    if (identifier === undefined) throw new Fault('ops.request-invalid', { detail: 'identifier must be given' });
    const uri = authority === undefined ? undefined : authorityUri(dialectsOf(request), authority);
    if (authority !== undefined && uri === undefined)
      throw new Fault('ops.request-invalid', { detail: authorityWanted(dialectsOf(request)) });
    const asked = { value: identifier, ...(uri !== undefined && { authority: uri }) };
    const members = await findMembers(request.database, asked, membersMax);
    const known = await identifiersOfPerson(request.database, asked);
    const named = uri === undefined ? known : [{ authority: uri, value: identifier }, ...known];
    const optOuts = await findOptOuts(request.database, distinct([...named, ...members]));
    const patients = [...new Set(known.flatMap(({ patient }) => patient ?? []))];
    return { json: { members, optOuts, patients }, patients };
  }

  return [
    {
      method: 'GET',
      path: '/panel/members',
      name: 'ops panel members',
      serve: (request) => find(request, parametersOf(request.query, ['identifier', 'authority'])),
    },
    {
      method: 'POST',
      path: '/panel/members/search',
      name: 'ops panel members',
      action: 'R',
      serve: (request) => find(request, textsIn(request, ['identifier', 'authority'])),
    },
    {
      method: 'POST',
      path: '/panel/opt-outs',
      name: 'ops panel opt-out',
      async serve(request) {
        const body = textsIn(request, ['identifier', 'authority', 'from', 'until', 'note']);
        const person = personIn(request, body);
        const from = dayOf(body.from, 'from') ?? todayOf(practiceOf(given, request), actingOf(request).now);
        const until = dayOf(body.until, 'until');
        if (until !== undefined && until < from)
          throw new Fault('ops.request-invalid', { detail: 'until must not be before from' });
        const said = {
          from,
          ...(until !== undefined && { until }),
          ...(body.note !== undefined && { note: body.note }),
        };
        const { optOuts, patients } = await optOut(request.database, person, said, actingOf(request));
        return { status: 201, json: { optOuts, patients }, isAudited: true };
      },
    },
    {
      method: 'POST',
      path: '/panel/opt-outs/withdraw',
      name: 'ops panel opt-out',
      async serve(request) {
        const body = textsIn(request, ['identifier', 'authority', 'from']);
        const person = personIn(request, body);
        const from = dayOf(body.from, 'from') ?? todayOf(practiceOf(given, request), actingOf(request).now);
        const { optOuts, patients } = await withdrawOptOut(request.database, person, from, actingOf(request));
        return { json: { optOuts, patients }, isAudited: true };
      },
    },
    {
      method: 'GET',
      path: '/panel/stats',
      name: 'ops panel stats',
      async serve(request) {
        const today = todayOf(practiceOf(given, request), actingOf(request).now);
        const figures = await panelFigures(request.database, today);
        return { json: { day: today, ...figures, leftOut: await leftOut(request.database) } };
      },
    },
  ];
}

type Texts = { readonly [Name in 'identifier' | 'authority' | 'from' | 'until' | 'note']?: string };

function textsIn(request: OperatorRequest, known: readonly (keyof Texts)[]): Texts {
  const body = jsonOf(request);
  const isText = (value: unknown): boolean =>
    typeof value === 'string' && value.trim() !== '' && value.length <= textMax;
  for (const [name, value] of Object.entries(body))
    if (!(known as readonly string[]).includes(name) || !isText(value))
      throw new Fault('ops.request-invalid', {
        detail: `send texts of at most ${textMax} characters: ${known.join(', ')}`,
      });
  return body as Texts;
}

const distinct = (named: readonly { readonly authority: string; readonly value: string }[]) => [
  ...new Map(named.map((one) => [`${one.authority}|${one.value}`, one])).values(),
];
