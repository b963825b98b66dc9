// What time alone changes about the panel: bytes kept of people off it are forgotten, previews that nobody applied lose
// the names they hold, and open work of people who opted out shows it.

import { dueToForget, forgetMessages } from '../store/panel-kept.ts';
import { expirePreviews } from '../store/panel-loads.ts';
import type { Organisation } from './organisation.ts';
import { showOptOuts } from './show-opt-outs.ts';

const previewMs = 7 * 86_400_000;
const patientsPerTurn = 200;

/** Returns how many messages were forgotten; the limit means that there may be more. */
export async function tendPanel(organisation: Organisation, limit: number): Promise<number> {
  const { database, now } = organisation;
  await showOptOuts(organisation, patientsPerTurn);
  await expirePreviews(database, now() - previewMs);
  return database.transaction(async (tx) => {
    const due = await dueToForget(tx, now(), limit);
    await forgetMessages(tx, due);
    return due.length;
  });
}
