// Setting messages back to be read again, and setting them aside. A decision that is given up stays beside its message.

import { type FateFilter, fateConditions, hasRaw } from './fates.ts';
import { lockShardOf, reusesControlId } from './inbox.ts';
import type { Queries, Transaction } from './pool.ts';
import { statementBuilder, timeOf } from './statement.ts';

export interface ReplayCount {
  /** Messages that the selection names. */
  readonly matched: number;
  /** Still to be worked, or being worked. */
  readonly undecided: number;
  /** Their bytes have expired. */
  readonly expired: number;
}

export async function countReplay(queries: Queries, organisation: string, filter: FateFilter): Promise<ReplayCount> {
  const sql = statementBuilder();
  const text = `select count(*) as matched, count(*) filter (where i.state = 'received') as undecided,
      count(*) filter (where i.state <> 'received' and not ${hasRaw}) as expired
    from inbox i where ${fateConditions(organisation, filter, sql)}`;
  const rows = await queries.query<ReplayCount>('', text, sql.values);
  return rows[0] ?? { matched: 0, undecided: 0, expired: 0 };
}

export interface SetBack {
  readonly count: number;
  /** Whose charts the earlier decisions named. */
  readonly patients: readonly string[];
}

/** Sets back what is decided and still has its bytes; the workers take it in the order of arrival. */
export async function setBack(tx: Transaction, filter: FateFilter, actor: string, now: number): Promise<SetBack> {
  const sql = statementBuilder();
  const conditions = fateConditions(tx.organisation, filter, sql);
  const moment = timeOf(sql.bind(now, 'float8'));
  const text = `with chosen as materialized (
      select i.organisation, i.message, i.replays, i.state, i.reason, i.note, i.warnings, i.patient, i.decided_at from inbox i
       where ${conditions} and i.state <> 'received' and ${hasRaw} order by i.message for update
    ), remembered as (
      insert into inbox_decision (organisation, message, replay, state, reason, note, warnings, patient, decided_at, set_back_at, set_back_by)
      select organisation, message, replays, state, reason, note, warnings, patient, decided_at, ${moment}, ${sql.bind(actor, 'text')} from chosen
    ), changed as (
      update inbox set state = 'received', reason = null, note = null, review = null, decided_at = null, attempts = 0,
             not_before = null, replays = inbox.replays + 1
        from chosen c where inbox.organisation = c.organisation and inbox.message = c.message
      returning inbox.message, c.patient
    )
    select count(*) as count, array(select distinct patient from changed where patient is not null) as patients from changed`;
  const rows = await tx.query<SetBack>('', text, sql.values);
  return rows[0] ?? { count: 0, patients: [] };
}

/** Parks a message that nobody has decided yet; gives whether there was one. A message in work is waited for first. */
export async function setAside(tx: Transaction, message: number, note: string, now: number): Promise<boolean> {
  await lockShardOf(tx, message);
  const rows = await tx.query(
    'replays.set-aside',
    `update inbox set state = 'parked', reason = 'operator.parked', note = $3, review = null, decided_at = to_timestamp($4::float8 / 1000),
            control_id_reused = control_id_reused or ${reusesControlId('$1', 'inbox', 'inbox.message')}
      where organisation = $1 and message = $2 and state in ('received', 'waiting') returning 1`,
    [tx.organisation, message, note, now],
  );
  return rows.length > 0;
}
