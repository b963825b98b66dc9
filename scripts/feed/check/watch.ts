// A message whose fields notice that they are read, so that it can be told what nobody looks at, and where a reader was
// when it met a code.

import type { Message, Segment } from '../../../src/hl7/parse.ts';

export interface Watched {
  readonly message: Message;
  /** The field that was read last, `PV1-2`. */
  lastRead(): string | undefined;
  /** Fields that hold something and were never read, by segment; a segment of which nothing was read has no fields. */
  unread(): readonly Unread[];
}

export interface Unread {
  readonly segment: string;
  /** Absent: no field of the segment was read. */
  readonly fields?: readonly number[];
}

export function watch(message: Message): Watched {
  const readOf = new Map<Segment, Set<number>>();
  let last: string | undefined;

  function watched(segment: Segment): Segment {
    const read = new Set<number>();
    const note = (field: number): number => {
      read.add(field);
      last = `${segment.name}-${field}`;
      return field;
    };
    const one: Segment = {
      name: segment.name,
      raw: segment.raw,
      delimiters: segment.delimiters,
      field: (number) => segment.field(note(number)),
      repetitions: (field) => segment.repetitions(note(field)),
      get: (field, component, subcomponent, repetition) =>
        segment.get(note(field), component, subcomponent, repetition),
    };
    readOf.set(segment, read);
    return one;
  }

  const segments = message.segments.map(watched);
  return {
    message: {
      ...message,
      segments,
      first: (name) => segments.find((segment) => segment.name === name),
      all: (name) => segments.filter((segment) => segment.name === name),
    },
    lastRead: () => last,
    unread: () => message.segments.flatMap((segment) => unreadOf(segment, readOf.get(segment) ?? new Set()) ?? []),
  };
}

function unreadOf(segment: Segment, read: ReadonlySet<number>): Unread | undefined {
  if (read.size === 0) return { segment: segment.name };
  const fields: number[] = [];
  for (let number = 1; ; number += 1) {
    const value = segment.field(number);
    if (value === undefined) break;
    if (value.trim() !== '' && !read.has(number)) fields.push(number);
  }
  return fields.length === 0 ? undefined : { segment: segment.name, fields };
}
