// What the overview page shows: how many cases are open, which tasks are due, and whose they are; a fixed number of
// rows, in one statement with the audit row of the view.

import type { Act } from './act.ts';
import type { Database } from './pool.ts';

export interface OverviewTask {
  readonly due: 'overdue' | 'today' | 'next';
  /** Milliseconds since 1970. */
  readonly dueAt: number;
  /** The Task and the Patient as they are served. */
  readonly task: string;
  readonly patient: string | null;
}

export interface Overview {
  readonly openCases: number;
  readonly suspendedCases: number;
  readonly overdue: number;
  readonly today: number;
  readonly next: number;
  readonly parked: number;
  readonly tasks: readonly OverviewTask[];
}

export interface OverviewDays {
  /** First instant of the day in the practice's zone, of the next day, and of the day after those shown as next. */
  readonly today: number;
  readonly tomorrow: number;
  readonly later: number;
  /** Rows per table. */
  readonly rowsMax: number;
}

type Row = Omit<Overview, 'tasks'> & { readonly tasks: readonly OverviewTask[] | null };

const open = "r.type = 'Task' and r.status in ('ready', 'in-progress')";
const due = (from: string, until: string) =>
  `r.due_at >= to_timestamp(${from} / 1000) and r.due_at < to_timestamp(${until} / 1000)`;

const part = (name: string, from: string, until: string): string => `
  (select '${name}' as due, r.due_at, r.id, r.patient, r.body from resource r
    where ${open} and ${due(from, until)} order by r.due_at, r.id limit $4::int)`;

export async function readOverview(database: Database, days: OverviewDays, act: Act): Promise<Overview> {
  const [row] = await database.query<Row>(
    'overview',
    `with shown as materialized (
       ${part('overdue', '0::float8', '$1::float8')} union all ${part('today', '$1::float8', '$2::float8')} union all ${part('next', '$2::float8', '$3::float8')}
     ), audited as (
       insert into audit (organisation, at, actor, action, interaction, outcome, patients, resources)
       select $5, to_timestamp($6::float8 / 1000), $7, 'R', 'overview', 0,
              array(select distinct patient from shown where patient is not null), array(select 'Task/' || id from shown)
     )
     select (select count(*) from resource r where r.type = 'CarePlan' and r.status = 'active') as "openCases",
            (select count(*) from resource r where r.type = 'CarePlan' and r.status = 'on-hold') as "suspendedCases",
            (select count(*) from resource r where ${open} and ${due('0::float8', '$1::float8')}) as overdue,
            (select count(*) from resource r where ${open} and ${due('$1::float8', '$2::float8')}) as today,
            (select count(*) from resource r where ${open} and ${due('$2::float8', '$3::float8')}) as next,
            (select count(*) from inbox i where i.state = 'parked') as parked,
            (select json_agg(json_build_object('due', s.due, 'dueAt', (extract(epoch from s.due_at) * 1000)::int8, 'task', s.body, 'patient', p.body)
                      order by s.due_at, s.id)
               from shown s left join resource p on p.type = 'Patient' and p.id = s.patient) as tasks`,
    [days.today, days.tomorrow, days.later, days.rowsMax, database.organisation, act.at, act.actor],
  );
  if (row === undefined)
    return { openCases: 0, suspendedCases: 0, overdue: 0, today: 0, next: 0, parked: 0, tasks: [] };
  return { ...row, tasks: row.tasks ?? [] };
}
