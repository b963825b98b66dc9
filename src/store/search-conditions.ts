// Conditions of a search as SQL over the search columns of `resource r`. Only btree comparisons of plain columns lead:
// row-level security lets no other operator use an index, so arrays are tested on what those have found.

import type { DateTest } from '../fhir/search-date.ts';
import type { ResourceType } from '../fhir/search-params.ts';
import type { Criterion } from '../fhir/search-query.ts';
import { type StatementBuilder, timeOf } from './statement.ts';

/** A range of which both columns may be open (null); for a single instant both are the same column. */
interface Columns {
  readonly from: string;
  readonly to: string;
  readonly known: string;
  readonly mayBeOpen: boolean;
}

const columns: Readonly<Record<'updated_at' | 'due_at' | 'period', Columns>> = {
  updated_at: { from: 'r.updated_at', to: 'r.updated_at', known: 'true', mayBeOpen: false },
  due_at: { from: 'r.due_at', to: 'r.due_at', known: 'r.due_at is not null', mayBeOpen: false },
  period: {
    from: 'r.date_from',
    to: 'r.date_to',
    known: '(r.date_from is not null or r.date_to is not null)',
    mayBeOpen: true,
  },
};

/** FHIR R4 search.html#prefix: how the resource's range lies to the value's. */
function dateCondition(test: DateTest, { from, to, known, mayBeOpen }: Columns, sql: StatementBuilder): string {
  // Bound where they are used: Postgres refuses a value that its text does not mention.
  const low = () => timeOf(sql.bind(test.from, 'float8'));
  const high = () => timeOf(sql.bind(test.until, 'float8'));
  const openTo = (condition: string) =>
    mayBeOpen ? `(${condition} or ${to} is null and ${from} is not null)` : condition;
  const openFrom = (condition: string) =>
    mayBeOpen ? `(${condition} or ${from} is null and ${to} is not null)` : condition;
  const within = () => `(${from} >= ${low()} and ${to} < ${high()})`;
  switch (test.prefix) {
    case 'eq':
      return within();
    case 'ne':
      return `(${known} and ${within()} is not true)`;
    case 'gt':
      return openTo(`${to} >= ${high()}`);
    case 'lt':
      return openFrom(`${from} < ${low()}`);
    // `ge` and `le` take a range that overlaps the value as reaching it: who asks for stays on or after the 20th means
    // one that ended on the 20th, too. That is how other servers read the clause.
    case 'ge':
      return openTo(`${to} >= ${low()}`);
    case 'le':
      return openFrom(`${from} < ${high()}`);
    case 'sa':
      return `${from} >= ${high()}`;
    case 'eb':
      return `${to} < ${low()}`;
    case 'ap':
      return `(${openFrom(`${from} < ${high()}`)} and ${openTo(`${to} >= ${low()}`)})`;
  }
}

function identifierCondition(
  criterion: Extract<Criterion, { by: 'identifier' }>,
  type: string,
  sql: StatementBuilder,
): string {
  const anywhere = criterion.tokens.filter(({ system }) => system === undefined).map(({ value }) => value);
  const exact = criterion.tokens.filter(({ system }) => system !== undefined);
  const found: string[] = [];
  if (anywhere.length > 0) {
    found.push(
      `select i.id from resource_identifier i where i.type = ${type} and i.value = any(${sql.bind(anywhere, 'text[]')})`,
    );
  }
  if (exact.length > 0) {
    const values = sql.bind(
      exact.map(({ value }) => value),
      'text[]',
    );
    const systems = sql.bind(
      exact.map(({ system }) => system),
      'text[]',
    );
    found.push(
      `select i.id from unnest(${values}, ${systems}) as w (value, system) join resource_identifier i on i.value = w.value and i.system = w.system and i.type = ${type}`,
    );
  }
  // As an array, the ids are found first and lead into the primary key, whatever the planner thinks of their number.
  return `r.id = any(array(${found.join(' union all ')}))`;
}

function condition(criterion: Criterion, type: string, sql: StatementBuilder): string {
  switch (criterion.by) {
    case 'id':
      return `r.id = any(${sql.bind(criterion.ids, 'text[]')})`;
    case 'identifier':
      return identifierCondition(criterion, type, sql);
    case 'status': {
      // One value as an equation: only then does the index of the worklist give its order away.
      if (!criterion.not && criterion.values.length === 1) return `r.status = ${sql.bind(criterion.values[0], 'text')}`;
      const values = sql.bind(criterion.values, 'text[]');
      return criterion.not ? `(r.status is null or r.status <> all(${values}))` : `r.status = any(${values})`;
    }
    case 'codes': {
      const entries = sql.bind(criterion.entries, 'text[]');
      return criterion.not ? `(r.code is null or not r.code && ${entries})` : `r.code && ${entries}`;
    }
    case 'column':
      return criterion.values.length === 1
        ? `r.${criterion.column} = ${sql.bind(criterion.values[0], 'text')}`
        : `r.${criterion.column} = any(${sql.bind(criterion.values, 'text[]')})`;
    case 'date': {
      const tests = criterion.tests.map((test) => dateCondition(test, columns[criterion.column], sql));
      return tests.length === 1 ? (tests[0] ?? 'false') : `(${tests.join(' or ')})`;
    }
    case 'missing': {
      const known = criterion.column === 'period' ? columns.period.known : `r.${criterion.column} is not null`;
      return criterion.missing ? `not ${known}` : known;
    }
  }
}

/** All conditions, the type's first. The type is one of ours and stands in the text, so that partial indexes are found. */
export function conditions(type: ResourceType, criteria: readonly Criterion[], sql: StatementBuilder): string[] {
  const literal = `'${type}'`;
  return [`r.type = ${literal}`, ...criteria.map((criterion) => condition(criterion, literal, sql))];
}
