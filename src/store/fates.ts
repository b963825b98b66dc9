// Fates: what became of messages, found by whatever a person knows of one. Conditions become one statement; everything
// asked for is bound. Newest first, paged by the message's number.

import type { Queries } from './pool.ts';
import { type StatementBuilder, statementBuilder, timeOf } from './statement.ts';

export type FateState = 'received' | 'applied' | 'ignored' | 'parked' | 'waiting';

/** All given conditions hold. Times are milliseconds since 1970; `to` is no longer within. */
export interface FateFilter {
  readonly ids?: readonly number[];
  readonly partner?: string;
  readonly controlId?: string;
  /** An identifier of the patient, as the message names it or as the patient's record holds it. */
  readonly identifier?: string;
  readonly visit?: string;
  readonly state?: FateState;
  readonly reason?: string;
  /** `ADT^A01`, or the event alone. */
  readonly trigger?: string;
  /** A warning with or without its field, or `control-id-reused`. */
  readonly flag?: string;
  readonly from?: number;
  readonly to?: number;
}

export interface Fate {
  readonly id: number;
  readonly partner: string;
  readonly controlId: string;
  readonly trigger: string;
  readonly receivedAt: Date;
  readonly state: FateState;
  readonly reason: string | null;
  readonly note: string | null;
  readonly warnings: readonly string[] | null;
  readonly isReused: boolean;
  readonly attempts: number;
  readonly replays: number;
  readonly decidedAt: Date | null;
  readonly patient: string | null;
  readonly subject: string | null;
  readonly visit: string | null;
  readonly review: string | null;
  /** Where its bytes lie in time. */
  readonly rawAt: Date;
  readonly hasRaw: boolean;
  /** When the week of its bytes was dropped. */
  readonly rawDroppedAt: Date | null;
}

const rawAt = 'coalesce(i.raw_moved_to, i.received_at)';
export const hasRaw = `exists (select from message_raw r where r.id = i.message and r.kept_at = ${rawAt})`;

const fateColumns = `i.message as id, i.partner, i.control_id as "controlId", i.trigger, i.received_at as "receivedAt", i.state, i.reason,
  i.note, i.warnings, i.control_id_reused as "isReused", i.attempts, i.replays, i.decided_at as "decidedAt", i.patient, i.subject,
  i.visit, i.review, ${rawAt} as "rawAt", ${hasRaw} as "hasRaw",
  (select x.dropped_at from raw_expiry x where x.starts_at <= ${rawAt} and x.ends_at > ${rawAt}) as "rawDroppedAt"`;

/** Numbers of the messages with this MSH-10, partner by partner, since the key begins with the partner. */
const numbersOf = (organisation: string, controlId: string): string => `array(
  with recursive partners (partner) as (
    (select m.partner from message m where m.organisation = ${organisation} order by m.partner limit 1)
    union all
    select (select m.partner from message m where m.organisation = ${organisation} and m.partner > p.partner order by m.partner limit 1)
      from partners p where p.partner is not null
  )
  select m.id from partners p cross join lateral (
    select id from message where organisation = ${organisation} and partner = p.partner and control_id = ${controlId}
  ) m)`;

/** Everyone who holds the identifier, and those they were merged with. */
const peopleOf = (organisation: string, value: string): string => `array(
  with recursive family (id) as (
    select patient from patient_identifier where organisation = ${organisation} and value = ${value}
    union
    select p.id from family f join patient q on q.organisation = ${organisation} and q.id = f.id
      join patient p on p.organisation = ${organisation} and (p.id = q.replaced_by or p.replaced_by = q.id)
  )
  select id from family)`;

/** The conditions on `inbox i`, values bound. */
export function fateConditions(organisation: string, filter: FateFilter, sql: StatementBuilder): string {
  const whose = sql.bind(organisation, 'text');
  const conditions = [`i.organisation = ${whose}`];
  if (filter.ids) conditions.push(`i.message = any (${sql.bind(filter.ids.map(String), 'text[]')}::bigint[])`);
  if (filter.partner !== undefined) conditions.push(`i.partner = ${sql.bind(filter.partner, 'text')}`);
  if (filter.controlId !== undefined)
    conditions.push(`i.message = any (${numbersOf(whose, sql.bind(filter.controlId, 'text'))})`);
  if (filter.identifier !== undefined) {
    const value = sql.bind(filter.identifier, 'text');
    conditions.push(`(i.subject = ${value} or i.patient = any (${peopleOf(whose, value)}))`);
  }
  if (filter.visit !== undefined) conditions.push(`i.visit = ${sql.bind(filter.visit, 'text')}`);
  if (filter.state !== undefined) conditions.push(`i.state = ${sql.bind(filter.state, 'text')}`);
  if (filter.reason !== undefined) conditions.push(`i.reason = ${sql.bind(filter.reason, 'text')}`);
  if (filter.trigger !== undefined) {
    const trigger = sql.bind(filter.trigger, 'text');
    conditions.push(`${filter.trigger.includes('^') ? 'i.trigger' : `split_part(i.trigger, '^', 2)`} = ${trigger}`);
  }
  if (filter.flag === 'control-id-reused') conditions.push('i.control_id_reused');
  else if (filter.flag !== undefined) {
    const flag = sql.bind(filter.flag, 'text');
    conditions.push(`exists (select from unnest(i.warnings) w where w = ${flag} or split_part(w, ':', 1) = ${flag})`);
  }
  if (filter.from !== undefined) conditions.push(`i.received_at >= ${timeOf(sql.bind(filter.from, 'float8'))}`);
  if (filter.to !== undefined) conditions.push(`i.received_at < ${timeOf(sql.bind(filter.to, 'float8'))}`);
  return conditions.join(' and ');
}

/** At most `limit` fates, newest first, older than `before`. */
export async function listFates(
  queries: Queries,
  organisation: string,
  filter: FateFilter,
  page: { readonly limit: number; readonly before?: number },
): Promise<Fate[]> {
  const sql = statementBuilder();
  const conditions = fateConditions(organisation, filter, sql);
  const older = page.before === undefined ? '' : ` and i.message < ${sql.bind(String(page.before), 'text')}::bigint`;
  const text = `select ${fateColumns} from inbox i where ${conditions}${older} order by i.message desc limit ${sql.bind(page.limit, 'int')}`;
  return queries.query<Fate>('', text, sql.values);
}

export interface FateChange {
  readonly at: Date;
  readonly actor: string;
  readonly outcome: number;
  readonly patients: readonly string[];
  /** `Task/x/_history/2`. */
  readonly resources: readonly string[];
}

/** What working it wrote, once for every time it was worked. */
export function changesOf(queries: Queries, organisation: string, message: number): Promise<FateChange[]> {
  return queries.query<FateChange>(
    'fates.changes',
    `select at, actor, outcome, patients, resources from audit
      where organisation = $1 and request = $2 and interaction = 'message' order by id`,
    [organisation, String(message)],
  );
}

export interface ChangedResource {
  readonly reference: string;
  readonly status: string | null;
  readonly code: readonly string[] | null;
}

/** Status and codes of the cases and tasks among references `Type/id`, as they are now. */
export function standingOf(
  queries: Queries,
  organisation: string,
  references: readonly string[],
): Promise<ChangedResource[]> {
  return queries.query<ChangedResource>(
    'fates.standing',
    `select r.type || '/' || r.id as reference, r.status, r.code
       from unnest($2::text[]) as asked (reference)
      cross join lateral (
        select type, id, status, code from resource
         where organisation = $1 and type = split_part(asked.reference, '/', 1) and id = split_part(asked.reference, '/', 2)
           and type in ('CarePlan', 'Task') limit 1
      ) r`,
    [organisation, references],
  );
}

export interface EarlierDecision {
  readonly replay: number;
  readonly state: FateState;
  readonly reason: string | null;
  readonly note: string | null;
  readonly warnings: readonly string[] | null;
  readonly decidedAt: Date | null;
  readonly setBackAt: Date;
  readonly setBackBy: string;
}

export function earlierDecisions(queries: Queries, organisation: string, message: number): Promise<EarlierDecision[]> {
  return queries.query<EarlierDecision>(
    'fates.earlier',
    `select replay, state, reason, note, warnings, decided_at as "decidedAt", set_back_at as "setBackAt", set_back_by as "setBackBy"
       from inbox_decision where organisation = $1 and message = $2 order by replay`,
    [organisation, message],
  );
}

/** The bytes as they arrived; undefined once they have expired. */
export async function rawOf(queries: Queries, organisation: string, message: number): Promise<Buffer | undefined> {
  const rows = await queries.query<{ raw: Buffer }>(
    'fates.raw',
    `select r.raw from inbox i cross join lateral (
       select raw from message_raw r where r.id = i.message and r.kept_at = ${rawAt}
     ) r where i.organisation = $1 and i.message = $2`,
    [organisation, message],
  );
  return rows[0]?.raw;
}
