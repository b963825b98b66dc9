// Time passes: charts whose next look has come are advanced, so that periods end without a message.

import { formatInstant } from '../base/time.ts';
import { keepAudit } from '../store/audit.ts';
import { dueForALook, keepBodies, loadCharts } from '../store/charts.ts';
import { keepResources } from '../store/resources.ts';
import { advanceCharts } from './advance-charts.ts';
import { takeInHand } from './hand.ts';
import type { Organisation } from './organisation.ts';

/** Advances up to `limit` charts that time has changed. Returns how many there were. */
export function reviewCharts(organisation: Organisation, limit: number): Promise<number> {
  return organisation.database.transaction(async (tx) => {
    const now = organisation.now();
    const due = await dueForALook(tx, now, limit);
    if (due.length === 0) return 0;
    const hand = takeInHand(await loadCharts(tx, { identifiers: [], patients: due }), organisation.matchRules);
    const survivors = [...new Set(due.map((patient) => hand.survivor(patient).id))];
    const { versions, charts } = advanceCharts(hand, survivors, organisation, now);
    await keepBodies(tx, hand.changes().bodies);
    await keepResources(tx, versions, now);
    await keepAudit(
      tx,
      tx.organisation,
      charts.map((chart) => ({
        actor: 'service',
        action: 'U' as const,
        interaction: 'timer',
        outcome: 0 as const,
        patients: [chart.patient.id],
        resources: versions
          .filter((version) => version.index.patient === chart.patient.id)
          .map((version) => `${version.type}/${version.id}/_history/${version.version}`),
        request: formatInstant(now),
      })),
      now,
    );
    return due.length;
  });
}
