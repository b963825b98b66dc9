// Opt-outs shown where work is open: the records say that one holds, and the care plans bear a flag.

import { formatInstant } from '../base/time.ts';
import type { PatientRecord } from '../domain/patient/record.ts';
import { keepAudit } from '../store/audit.ts';
import { keepBodies, keepRecords, loadCharts } from '../store/charts.ts';
import { optOutsToShow } from '../store/opt-outs.ts';
import { keepResources } from '../store/resources.ts';
import { advanceCharts } from './advance-charts.ts';
import { takeInHand } from './hand.ts';
import { todayOf } from './load-panel.ts';
import type { Organisation } from './organisation.ts';

/** Brings up to `limit` records in line with the opt-outs of today. Returns how many there were. */
export function showOptOuts(organisation: Organisation, limit: number): Promise<number> {
  return organisation.database.transaction(async (tx) => {
    const now = organisation.now();
    const due = await optOutsToShow(tx, todayOf(organisation.practice, now), limit);
    if (due.length === 0) return 0;
    const patients = due.map(({ patient }) => patient);
    const hand = takeInHand(await loadCharts(tx, { identifiers: [], patients }), organisation.matchRules);
    for (const { patient, holds } of due) hand.putRecord(marked(hand.record(patient), holds));
    const survivors = [...new Set(patients.map((patient) => hand.survivor(patient).id))];
    const { versions } = advanceCharts(hand, survivors, organisation, now);
    await keepRecords(tx, hand.changes().records);
    await keepBodies(tx, hand.changes().bodies);
    await keepResources(tx, versions, now);
    const resources = versions.map((version) => `${version.type}/${version.id}/_history/${version.version}`);
    await keepAudit(
      tx,
      tx.organisation,
      [
        {
          actor: 'service',
          action: 'U',
          interaction: 'opt-out shown',
          outcome: 0,
          patients: survivors,
          resources,
          request: formatInstant(now),
        },
      ],
      now,
    );
    return due.length;
  });
}

function marked({ optedOut: _before, ...record }: PatientRecord, holds: boolean): PatientRecord {
  return holds ? { ...record, optedOut: true } : record;
}
