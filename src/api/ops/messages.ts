// Every message's fate: found, looked at byte by byte and field by field, replayed, set aside, counted. What identifies a
// patient can be sent as a body (POST …/search) and so stays out of addresses.

import { Fault } from '../../base/fault.ts';
import { parkMessage, replayMessages } from '../../flow/replay-messages.ts';
import { showMessage } from '../../flow/show-message.ts';
import { countFates, countParked, countUndecided } from '../../store/fate-figures.ts';
import { type Fate, type FateFilter, listFates, rawOf } from '../../store/fates.ts';
import type { ApiDependencies } from '../dependencies.ts';
import {
  cursorAfter,
  filterNames,
  filterOf,
  type Given,
  pageNames,
  pageOf,
  readTime,
  textsIn,
} from './message-filter.ts';
import type { MessageList, ReplayAnswer } from './message-types.ts';
import { detailOf, statsOf, summaryOf } from './message-view.ts';
import { jsonOf, type OperatorReply, type OperatorRequest, type OperatorRoute, parametersOf } from './operator.ts';

const searchNames = [...filterNames, ...pageNames] as const;
const idsMax = 10_000;
const dayMs = 86_400_000;
const statsDaysMax = 400;
const noteMax = 500;

const invalid = (detail: string): Fault => new Fault('ops.request-invalid', { detail });
const patientsOf = (fates: readonly Fate[]): string[] => [
  ...new Set(fates.flatMap(({ patient }) => (patient === null ? [] : [patient]))),
];

export function messageRoutes(given: Pick<ApiDependencies, 'feeds' | 'rawRetentionDays'>): readonly OperatorRoute[] {
  const days = given.rawRetentionDays ?? 90;
  const charsetOf = (organisation: string) => (partner: string) =>
    given.feeds.find((feed) => feed.id === partner && feed.organisation === organisation)?.dialect?.charset;

  async function search(
    { database }: OperatorRequest,
    asked: Given<(typeof searchNames)[number]>,
  ): Promise<OperatorReply> {
    const filter = filterOf(asked);
    const page = pageOf(asked, filter);
    const found = await listFates(database, database.organisation, filter, {
      limit: page.size + 1,
      ...(page.before !== undefined && { before: page.before }),
    });
    const fates = found.slice(0, page.size);
    const last = fates.at(-1);
    const json: MessageList = {
      messages: fates.map((fate) => summaryOf(fate, days)),
      ...(found.length > page.size && last && { cursor: cursorAfter(filter, last.id) }),
    };
    return { json, patients: patientsOf(fates) };
  }

  return [
    {
      method: 'GET',
      path: '/messages',
      name: 'ops messages',
      serve: (request) => search(request, parametersOf(request.query, searchNames)),
    },
    {
      method: 'POST',
      path: '/messages/search',
      name: 'ops messages',
      serve: (request) => search(request, textsIn(jsonOf(request), searchNames)),
    },
    { method: 'GET', path: '/messages/stats', name: 'ops message stats', serve: stats },
    { method: 'POST', path: '/messages/replay', name: 'ops message replay', action: 'U', serve: replaySelection },
    {
      method: 'GET',
      path: '/messages/:id',
      name: 'ops message',
      async serve({ database, params }) {
        const shown = await showMessage(database, idOf(params), charsetOf(database.organisation));
        if (!shown) throw new Fault('ops.not-found');
        const patients = new Set([...patientsOf([shown.fate]), ...shown.changes.flatMap((change) => change.patients)]);
        return {
          json: detailOf(shown, days),
          patients: [...patients],
          resources: [...new Set(shown.changes.flatMap((change) => change.resources))],
        };
      },
    },
    {
      method: 'GET',
      path: '/messages/:id/raw',
      name: 'ops message raw',
      async serve({ database, params }) {
        const fate = await fateOf(database, idOf(params));
        const raw = await rawOf(database, database.organisation, fate.id);
        if (!raw) throw new Fault('ops.raw-expired');
        return { text: { body: raw, contentType: 'application/octet-stream' }, patients: patientsOf([fate]) };
      },
    },
    {
      method: 'POST',
      path: '/messages/:id/replay',
      name: 'ops message replay',
      action: 'U',
      async serve(request) {
        const fate = await fateOf(request.database, idOf(request.params));
        if (fate.state === 'received') throw new Fault('ops.conflict', { detail: 'it is still to be worked' });
        if (!fate.hasRaw) throw new Fault('ops.raw-expired');
        return replay(request, { ids: [fate.id] }, false);
      },
    },
    {
      method: 'POST',
      path: '/messages/:id/park',
      name: 'ops message park',
      action: 'U',
      async serve(request) {
        const { database, params, caller, now } = request;
        const { reason } = textsIn(jsonOf(request), ['reason']);
        if (reason === undefined || reason.trim() === '' || reason.length > noteMax)
          throw invalid(`reason is a text of at most ${noteMax} characters`);
        const { id } = await fateOf(database, idOf(params));
        await parkMessage(database, id, { note: reason, actor: caller.actor, now });
        return { json: summaryOf(await fateOf(database, id), days), isAudited: true };
      },
    },
  ];
}

function idOf({ id = '' }: OperatorRequest['params']): number {
  if (!/^\d{1,15}$/.test(id)) throw new Fault('ops.not-found');
  return Number(id);
}

async function fateOf(database: OperatorRequest['database'], id: number): Promise<Fate> {
  const [fate] = await listFates(database, database.organisation, { ids: [id] }, { limit: 1 });
  if (!fate) throw new Fault('ops.not-found');
  return fate;
}

async function replay(
  { database, caller, now }: OperatorRequest,
  filter: FateFilter,
  isDryRun: boolean,
): Promise<OperatorReply> {
  const done = await replayMessages(database, filter, { actor: caller.actor, now, isDryRun });
  const json: ReplayAnswer = {
    matched: done.matched,
    setBack: done.setBack,
    stillUndecided: done.undecided,
    rawExpired: done.expired,
    dryRun: isDryRun,
  };
  return { json, isAudited: !isDryRun };
}

async function replaySelection(request: OperatorRequest): Promise<OperatorReply> {
  const { ids, 'dry-run': dryRun, ...conditions } = jsonOf(request);
  if (dryRun !== undefined && typeof dryRun !== 'boolean') throw invalid('dry-run is true or false');
  const filter: FateFilter = {
    ...filterOf(textsIn(conditions, filterNames)),
    ...(ids !== undefined && { ids: idsIn(ids) }),
  };
  if (Object.keys(filter).length === 0) throw invalid(`select by ids or by at least one of ${filterNames.join(', ')}`);
  return replay(request, filter, dryRun === true);
}

function idsIn(value: unknown): number[] {
  const isId = (id: unknown): id is number => Number.isSafeInteger(id) && (id as number) > 0;
  if (!Array.isArray(value) || value.length === 0 || value.length > idsMax || !value.every(isId))
    throw invalid(`ids is a list of 1 to ${idsMax} message ids`);
  return value;
}

async function stats({ database, query, now }: OperatorRequest): Promise<OperatorReply> {
  const asked = parametersOf(query, ['from', 'to']);
  const to = readTime(asked.to, 'to') ?? now;
  const from = readTime(asked.from, 'from') ?? to - dayMs;
  if (from >= to || to - from > statsDaysMax * dayMs)
    throw invalid(`from lies before to, by at most ${statsDaysMax} days`);
  const { organisation } = database;
  return {
    json: statsOf(
      from,
      to,
      await countFates(database, organisation, from, to),
      await countUndecided(database, organisation),
      await countParked(database, organisation),
    ),
  };
}
