// The marks by which a message's fate is found: the first identifier of its patient and its visit number, values as
// sent. Also where nobody could read the rest of it.

import { Fault } from '../base/fault.ts';
import { eventsOf, type Notice, subjectsOf } from '../domain/notice.ts';
import { decodeMessage } from '../hl7/charset.ts';
import { firstIdentifier } from '../hl7/first-identifier.ts';
import type { Decision, InboxEntry } from '../store/inbox.ts';

export type Marks = Pick<Decision, 'subject' | 'visit'>;

const markMax = 250;

export function marksOf(entry: Pick<InboxEntry, 'raw'>, notice: Notice | Fault): Marks {
  if (notice instanceof Fault || notice.kind === 'ignored') return marks(firstIn(entry.raw), undefined);
  return marks(subjectsOf(notice)[0]?.identifiers[0]?.value, eventsOf(notice)[0]?.visit?.value);
}

/** A value longer than any search would ask for cannot be indexed either. */
const marks = (subject: string | undefined, visit: string | undefined): Marks => ({
  ...(subject !== undefined && subject.length <= markMax && { subject }),
  ...(visit !== undefined && visit.length <= markMax && { visit }),
});

function firstIn(raw: Buffer): string | undefined {
  try {
    return firstIdentifier(decodeMessage(raw, undefined).text)?.id;
  } catch {
    return undefined; // no header: nothing to find it by
  }
}
