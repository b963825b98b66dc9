// The panel in Postgres: spans of identifiers, read whole for a difference and identifier by identifier for a message.

import type { LocalDate } from '../base/instant.ts';
import type { Identifier } from '../domain/code.ts';
import type { PanelEntry } from '../domain/panel/member.ts';
import { textArray } from './arrays.ts';
import type { Queries } from './pool.ts';

type EntryRow = { readonly [Name in keyof Required<PanelEntry>]: string | null };

const columns = `authority, value, person, family, given, birth_date as "birthDate", practitioner_npi as "practitionerNpi",
            practitioner_name as "practitionerName", from_day as "from", until_day as "until"`;

const entryOf = (row: EntryRow): PanelEntry =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as PanelEntry;

/** The span told last of each identifier. */
export async function standingPanel(queries: Queries): Promise<PanelEntry[]> {
  const rows = await queries.query<EntryRow>(
    'panel.standing',
    `select distinct on (authority, value) ${columns} from panel_member order by authority, value, id desc`,
    [],
  );
  return rows.map(entryOf);
}

export interface MemberSpan {
  readonly authority: string;
  readonly value: string;
  readonly kind: 'member' | 'opt-out' | 'kept';
  readonly from: LocalDate | null;
  readonly until: LocalDate | null;
  /** Of what is kept: the message, which happened on the day `from`. */
  readonly message: number | null;
}

/** Whether anyone has opted out: the one question that a feed of everybody asks, once a batch. */
export async function anyOptOut(queries: Queries): Promise<boolean> {
  const rows = await queries.query<{ any: boolean }>(
    'panel.any-opt-out',
    'select exists (select 1 from panel_opt_out) as any',
    [],
  );
  return rows[0]?.any ?? false;
}

/** Every span of the identifiers, their opt-outs, and the messages kept of them. */
export function spansOf(queries: Queries, identifiers: readonly Identifier[]): Promise<MemberSpan[]> {
  return queries.query(
    'panel.spans',
    `select asked.authority, asked.value, s.kind, s."from", s."until", s.message
       from unnest($1::text[], $2::text[]) as asked (authority, value)
      cross join lateral (
        select 'member' as kind, m.from_day as "from", m.until_day as "until", null::bigint as message
          from panel_member m where m.authority = asked.authority and m.value = asked.value
        union all
        select 'opt-out', o.from_day, o.until_day, null
          from panel_opt_out o where o.authority = asked.authority and o.value = asked.value
        union all
        select 'kept', k.day, k.day, k.message
          from panel_kept k where k.authority = asked.authority and k.value = asked.value
      ) s`,
    [
      textArray(identifiers.map((identifier) => identifier.authority)),
      textArray(identifiers.map((identifier) => identifier.value)),
    ],
  );
}

export interface MemberFound extends PanelEntry {
  readonly id: number;
  readonly load: number;
  readonly endedBy: number | null;
}

/** Every span of the people who hold an identifier, the newest first. Without an authority, whoever gave it. */
export async function findMembers(
  queries: Queries,
  asked: { readonly authority?: string; readonly value: string },
  limit: number,
): Promise<MemberFound[]> {
  const rows = await queries.query<EntryRow & { id: number; load: number; endedBy: number | null }>(
    'panel.find-members',
    `with persons as (
       select distinct person from panel_member where value = $1 and ($2::text is null or authority = $2)
     )
     select id, load, ended_by as "endedBy", ${columns}
       from panel_member where person in (select person from persons) order by id desc limit $3`,
    [asked.value, asked.authority ?? null, limit],
  );
  return rows.map((row) => ({ ...(entryOf(row) as MemberFound), endedBy: row.endedBy }));
}

export interface PanelFigures {
  /** In force on the day. */
  readonly identifiers: number;
  readonly persons: number;
  readonly attributed: number;
  readonly optOuts: number;
  readonly messagesKept: number;
}

export async function panelFigures(queries: Queries, day: LocalDate): Promise<PanelFigures> {
  const rows = await queries.query<PanelFigures>(
    'panel.figures',
    `select count(*) as identifiers, count(distinct person) as persons,
            count(distinct person) filter (where practitioner_npi is not null or practitioner_name is not null) as attributed,
            (select count(*) from panel_opt_out where from_day <= $1 and (until_day is null or until_day >= $1)) as "optOuts",
            (select count(distinct message) from panel_kept) as "messagesKept"
       from panel_member where (from_day is null or from_day <= $1) and (until_day is null or until_day >= $1)`,
    [day],
  );
  return rows[0] ?? { identifiers: 0, persons: 0, attributed: 0, optOuts: 0, messagesKept: 0 };
}

export function leftOut(
  queries: Queries,
): Promise<
  { readonly partner: string; readonly reason: string; readonly trigger: string; readonly messages: number }[]
> {
  return queries.query(
    'panel.left-out',
    `select partner, reason, trigger, count(*) as messages from inbox
      where state = 'ignored' and reason in ('off-panel', 'opted-out') group by 1, 2, 3 order by 1, 2, 3`,
    [],
  );
}
