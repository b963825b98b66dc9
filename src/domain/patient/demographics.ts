// What holds of a person now: the newest statement per field, over the surviving record and those merged into it.
// Statements made about a retired record before its merge count only where the survivor has none.

import type { Chart } from '../chart.ts';
import type { DemographicField, Demographics, PatientRecord, Statement, Statements } from './record.ts';

/** The value of each field that is known. */
export type DemographicValues = { readonly [Field in DemographicField]?: NonNullable<Demographics[Field]> };

type Family = Pick<Chart, 'patient' | 'retired'>;

type Joined = { [Field in DemographicField]?: Statement<unknown> };

/** The person as the chart knows them. */
export const demographicsOf = (chart: Family): DemographicValues => valuesOf(statementsOf(chart));

/** The same, each with its place in the order of events. */
export function statementsOf(chart: Family): Statements {
  return chart.retired.length === 0 ? chart.patient.statements : joined(chart.patient, chart.retired, new Set());
}

/** What was said of one record alone. */
export const ownDemographics = (record: PatientRecord): DemographicValues => valuesOf(record.statements);

/** Merges follow each other (A into B, B into C): each record first takes in those merged into it. */
function joined(record: PatientRecord, retired: readonly PatientRecord[], seen: Set<string>): Statements {
  seen.add(record.id);
  const current: Joined = { ...record.statements };
  const earlier: Joined = {};
  for (const other of retired) {
    if (other.replacedBy?.patient !== record.id || seen.has(other.id)) continue;
    const merge = other.replacedBy.order;
    for (const [name, statement] of Object.entries(joined(other, retired, seen))) {
      const field = name as DemographicField;
      keepNewest(statement.order > merge ? current : earlier, field, statement);
    }
  }
  return { ...earlier, ...current } as Statements;
}

function keepNewest(kept: Joined, field: DemographicField, statement: Statement<unknown>): void {
  const known = kept[field];
  if (known === undefined || known.order < statement.order) kept[field] = statement;
}

function valuesOf(statements: Statements): DemographicValues {
  const values: { [Field in DemographicField]?: unknown } = {};
  for (const name in statements) {
    const field = name as DemographicField;
    const value = statements[field]?.value;
    if (value !== null && value !== undefined) values[field] = value;
  }
  return values as DemographicValues;
}
