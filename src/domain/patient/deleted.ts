// Whether the sender has deleted the person (A29): only while nothing newer was said of them. A deletion ends no care and
// forgets nothing; the record is shown as no longer in use. Deleting a number that was merged into another tidies up.

import type { Chart } from '../chart.ts';
import { statementsOf } from './demographics.ts';

export function isDeleted(chart: Chart): boolean {
  const { deleted } = chart.patient.statements;
  if (deleted === undefined) return false;
  const { deleted: _any, ...others } = statementsOf(chart);
  return (
    Object.values(others).every((statement) => statement.order <= deleted.order) &&
    chart.events.every((event) => event.order <= deleted.order)
  );
}
