// Diagnoses that are told one by one: added, changed, taken back. Events are folded in the order they happened, so any
// order of arrival gives the same list.

import type { Diagnosis, DiagnosisAction } from './event.ts';

/** The same diagnosis is the one of the same id; where either has none, the one of the same code. */
export function applyDiagnosisActions(
  known: readonly Diagnosis[],
  actions: readonly DiagnosisAction[],
): readonly Diagnosis[] {
  let diagnoses = known;
  for (const action of actions) {
    const at = diagnoses.findIndex((diagnosis) => isMeant(diagnosis, action));
    if (action.action === 'delete') diagnoses = diagnoses.filter((_, index) => index !== at);
    else if (action.diagnosis !== undefined)
      diagnoses = at < 0 ? [...diagnoses, action.diagnosis] : diagnoses.with(at, action.diagnosis);
  }
  return diagnoses;
}

function isMeant(known: Diagnosis, { key, diagnosis }: DiagnosisAction): boolean {
  if (known.key !== undefined && key !== undefined) return known.key === key;
  if (diagnosis === undefined) return false;
  const { code: a } = known;
  const { code: b } = diagnosis;
  return a.code === b.code && a.system === b.system && (a.code !== undefined || a.text === b.text);
}
