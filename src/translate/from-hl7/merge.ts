// Merges (A40, HL7 v2.9 ch. 3.3.40): repeated groups of PID [PD1] MRG, each of which retires the record of MRG-1 in
// favour of the record of PID-3.

import { Fault } from '../../base/fault.ts';
import { type Identifier, identifierKey } from '../../domain/code.ts';
import type { Subject } from '../../domain/notice.ts';
import type { Segment } from '../../hl7/parse.ts';
import type { Segments } from './path.ts';
import { readDemographics } from './person.ts';
import type { Reading } from './reading.ts';
import { readIdentifiers } from './subject.ts';

export interface Pair {
  readonly survivor: Subject;
  readonly retired: Subject;
}

/** Throws `hl7.segment-missing` without any PID, `hl7.merge-incomplete` when one side of a pair identifies nobody. */
export function readPairs(reading: Reading): readonly Pair[] {
  const groups = groupsOf(reading.message.segments);
  if (groups.length === 0) throw new Fault('hl7.segment-missing', { detail: 'PID' });
  return groups.map((group) => pairOf(reading, group));
}

/** An identifier named on both sides goes: PID-3 may list all that the person ever had. */
function pairOf(reading: Reading, group: Segments): Pair {
  const retired = readIdentifiers(reading, 'retired-identifiers', group);
  const survivor = without(readIdentifiers(reading, 'patient-identifiers', group), retired);
  if (retired.length === 0 || survivor.length === 0) {
    throw new Fault('hl7.merge-incomplete', { detail: retired.length === 0 ? 'MRG-1' : 'PID-3' });
  }
  return {
    survivor: { identifiers: survivor, demographics: readDemographics(reading, group) },
    retired: { identifiers: retired, demographics: {} },
  };
}

function without(identifiers: readonly Identifier[], others: readonly Identifier[]): readonly Identifier[] {
  const keys = new Set(others.map(identifierKey));
  return identifiers.filter((identifier) => !keys.has(identifierKey(identifier)));
}

/** A PID opens a group, and so does a second MRG, whose group then lacks its PID. */
function groupsOf(segments: readonly Segment[]): readonly Segments[] {
  const groups: Map<string, Segment>[] = [];
  for (const segment of segments) {
    const last = groups.at(-1);
    const isNext = segment.name === 'PID' || (segment.name === 'MRG' && (last === undefined || last.has('MRG')));
    if (isNext) groups.push(new Map([[segment.name, segment]]));
    else if (last !== undefined && !last.has(segment.name)) last.set(segment.name, segment);
  }
  return groups.map((group) => (name) => group.get(name));
}
