// A swap of beds (A17, HL7 v2.9 ch. 3.3.17): one message, two groups of PID [PD1] PV1, each with the place where that
// patient now is. Each group is read as a transfer of its own.

import { Fault } from '../../base/fault.ts';
import type { NoticeBase, Told } from '../../domain/notice.ts';
import type { Segment } from '../../hl7/parse.ts';
import { readEvent } from './event.ts';
import { readOrder } from './order.ts';
import { limited, type Reading } from './reading.ts';
import { readSubject } from './subject.ts';

/**
 * The transfer of each patient, in the order sent. The first has the digest of the message as its id, each further one
 * that digest with its number. Throws `hl7.segment-missing` without PID, or where a PID has no PV1.
 */
export function readSwap(reading: Reading, base: NoticeBase, digest: string): readonly Told[] {
  const [head = [], ...groups] = groupsOf(reading.message.segments);
  if (groups.length === 0) throw new Fault('hl7.segment-missing', { detail: 'PID' });
  return limited(reading, groups, 'PID').map((group, index) => {
    const own: Reading = { ...reading, message: { ...reading.message, ...partOf([...head, ...group]) } };
    const id = index === 0 ? digest : `${digest}.${index + 1}`;
    const order = readOrder(reading, base.happenedAt, id);
    const { trigger, happenedAt } = base;
    const subject = readSubject(own);
    if (own.message.first('PV1') === undefined) throw new Fault('hl7.segment-missing', { detail: 'PV1' });
    const event = readEvent(own, subject, { kind: 'transferred', trigger, digest: id, order, happenedAt });
    return { ...base, order, kind: 'encounter', subject, event };
  });
}

/** What belongs to the message as a whole, then the groups, each opened by a PID. */
function groupsOf(segments: readonly Segment[]): readonly (readonly Segment[])[] {
  const groups: Segment[][] = [[]];
  for (const segment of segments) {
    if (segment.name === 'PID') groups.push([segment]);
    else groups.at(-1)?.push(segment);
  }
  return groups;
}

/** The segments of a group as a message has them. */
const partOf = (segments: readonly Segment[]) => ({
  segments,
  first: (name: string) => segments.find((segment) => segment.name === name),
  all: (name: string) => segments.filter((segment) => segment.name === name),
});
