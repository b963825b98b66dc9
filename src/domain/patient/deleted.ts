// Whether the sender has deleted the person (A29): only while nothing newer was said of them. A deletion ends no care and
// forgets nothing; the record is shown as no longer in use.

import type { Chart } from '../chart.ts';
import { statementsOf } from './demographics.ts';

export function isDeleted(chart: Chart): boolean {
  const { deleted, ...others } = statementsOf(chart);
  if (deleted === undefined) return false;
  return (
    Object.values(others).every((statement) => statement.order <= deleted.order) &&
    chart.events.every((event) => event.order <= deleted.order)
  );
}
