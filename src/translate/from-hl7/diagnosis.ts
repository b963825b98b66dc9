// Diagnoses of a stay (DG1, HL7 v2.5.1 ch. 6.5.2): a snapshot of the whole group.

import type { Diagnosis } from '../../domain/encounter/event.ts';
import { readCwe } from '../../hl7/datatypes.ts';
import type { Segment } from '../../hl7/parse.ts';
import { coded, lookUp } from './code.ts';
import { momentOf } from './moment.ts';
import { limited, type Reading } from './reading.ts';
import { sent, text } from './sent.ts';

/** Undefined when no segment says anything; `null` when the only word is `""` in a key field (ch. 2.10.4). */
export function readDiagnoses(reading: Reading, segments: readonly Segment[]): readonly Diagnosis[] | null | undefined {
  const diagnoses = limited(reading, segments, 'DG1').flatMap((segment) => diagnosisOf(reading, segment) ?? []);
  if (diagnoses.length > 0) return diagnoses;
  return segments.some((segment) => segment.get(1) === null || segment.get(3) === null) ? null : undefined;
}

/** Undefined when it names none, and when its action code (DG1-21) takes it back. */
function diagnosisOf(reading: Reading, segment: Segment): Diagnosis | undefined {
  if (text(segment.get(21)) === 'D') return undefined;
  const cwe = readCwe(segment, 3);
  const description = text(segment.get(4));
  const code = coded(reading, cwe, segment.get(2)) ?? (description === undefined ? undefined : { text: description });
  if (code === undefined) return undefined;
  const type = text(segment.get(6));
  return {
    code: text(cwe?.text) === undefined && description !== undefined ? { ...code, text: description } : code,
    ...sent({
      role: type === undefined ? undefined : lookUp(reading, 'diagnosis-type', type),
      rank: rankOf(text(segment.get(15))),
      recordedAt: momentOf(reading, segment.get(19), 'DG1-19'),
    }),
  };
}

/** 1 is the primary diagnosis, 0 is none (table 0359). */
const rankOf = (rank: string | undefined): number | undefined =>
  rank !== undefined && /^[1-9]\d{0,3}$/.test(rank) ? Number(rank) : undefined;
