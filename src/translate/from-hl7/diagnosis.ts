// Diagnoses of a stay (DG1, HL7 v2.5.1 ch. 6.5.2): a snapshot of the whole group or, where a partner agreed to it, single
// diagnoses that are added, updated and deleted (DG1-21, table 0206).

import type { Diagnosis, DiagnosisAction, StayFacts } from '../../domain/encounter/event.ts';
import { readCwe } from '../../hl7/datatypes.ts';
import type { Segment } from '../../hl7/parse.ts';
import { coded, lookUp } from './code.ts';
import { momentOf } from './moment.ts';
import { limited, type Reading, warn } from './reading.ts';
import { sent, text } from './sent.ts';

/** No segment at all says nothing: what was known stays. */
export function readDiagnoses(
  reading: Reading,
  segments: readonly Segment[],
): Pick<StayFacts, 'diagnoses' | 'diagnosisActions'> {
  if (reading.language.dialect.mode === 'action') return sent({ diagnosisActions: readActions(reading, segments) });
  return sent({ diagnoses: readSnapshot(reading, segments) });
}

/** Undefined when no segment says anything; `null` when the only word is `""` in a key field (ch. 2.10.4). */
function readSnapshot(reading: Reading, segments: readonly Segment[]): readonly Diagnosis[] | null | undefined {
  const diagnoses = limited(reading, segments, 'DG1').flatMap((segment) =>
    text(segment.get(21)) === 'D' ? [] : (diagnosisOf(reading, segment) ?? []),
  );
  const isNone = segments.some((segment) => segment.get(1) === null || segment.get(3) === null);
  const said = diagnoses.length > 0 ? diagnoses : isNone ? null : undefined;
  if (said !== undefined) reading.language.trace?.fact('diagnoses', 'DG1-3', rawOf(segments), said);
  return said;
}

/** In the order sent. X changes nothing; without a code, or with one of no table, the diagnosis is put, and that is noted. */
function readActions(reading: Reading, segments: readonly Segment[]): readonly DiagnosisAction[] | undefined {
  const actions = limited(reading, segments, 'DG1').flatMap((segment): DiagnosisAction[] => {
    const action = text(segment.get(21))?.toUpperCase();
    if (action === 'X') return [];
    if (action === undefined || !['A', 'U', 'D'].includes(action)) warn(reading, 'action-missing', 'DG1-21');
    const diagnosis = diagnosisOf(reading, segment);
    const key = text(segment.get(20));
    if (diagnosis === undefined && (action !== 'D' || key === undefined)) return [];
    return [
      {
        action: action === 'D' ? 'delete' : 'put',
        ...sent({ key, diagnosis: diagnosis && { ...diagnosis, ...sent({ key }) } }),
      },
    ];
  });
  if (actions.length === 0) return undefined;
  reading.language.trace?.fact('diagnoses', 'DG1-21', rawOf(segments), actions);
  return actions;
}

/** Undefined when it names none. */
function diagnosisOf(reading: Reading, segment: Segment): Diagnosis | undefined {
  const description = text(segment.get(4));
  const method = segment.get(2);
  const cwe = readCwe(segment, 3);
  const code = coded(reading, cwe, method) ?? (description === undefined ? undefined : { text: description });
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

const rawOf = (segments: readonly Segment[]): string => segments.map((segment) => segment.field(3) ?? '').join(' / ');
