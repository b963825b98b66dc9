// The feed: every happening as a message, put into the order in which the messages arrive, with all that goes wrong on
// the way.

import { compose } from './compose.ts';
import { type Draft, disturb } from './disorder.ts';
import { canSpoil, noises } from './noise.ts';
import type { Random } from './random.ts';
import type { Happening, Life } from './truth.ts';
import { minuteMs } from './zone-time.ts';

export interface FeedMessage {
  readonly bytes: Uint8Array;
  /** `A01`, `ORU`, `unreadable`. */
  readonly event: string;
  readonly arrivesAt: number;
  /** Messages of one line keep their order on the way; each line goes over one connection. */
  readonly line: number;
  readonly fate: 'applied' | 'ignored' | 'parked' | 'refused';
  /** The same bytes came before. */
  readonly isRepeat: boolean;
}

export function writeFeed(lives: readonly Life[], random: Random): FeedMessage[] {
  let numbers = 0;
  const nextNumber = () => ++numbers;
  const messages: FeedMessage[] = [];
  lives.forEach((life, line) => {
    const drafts = life.happenings
      .filter(({ isUntold }) => !isUntold)
      .map((happening) => draft(happening, random, nextNumber));
    for (const disorder of life.disorders) disturb(drafts, disorder, random, nextNumber);
    for (const one of drafts) messages.push({ ...write(one), arrivesAt: one.arrivesAt, line });
  });
  for (const message of [...messages]) {
    // A connection that broke before the acknowledgment came: the engine sends again.
    if (random.chance(0.015))
      messages.push({ ...message, arrivesAt: message.arrivesAt + random.between(1, 15) * minuteMs });
  }
  messages.push(...makeNoise(lives, random, nextNumber));
  return markRepeats(messages.sort((a, b) => a.arrivesAt - b.arrivesAt));
}

function draft(happening: Happening, random: Random, nextNumber: () => number): Draft {
  const { at, site } = happening;
  const enteredAt = at + (site.tellsOccurrence ? random.between(0, 5) * minuteMs : 0);
  const sentAt = enteredAt + random.between(1, 50) * 1000;
  return { happening, controlNumber: nextNumber(), enteredAt, sentAt, arrivesAt: sentAt };
}

function write({ happening, controlNumber, enteredAt, sentAt }: Draft) {
  const { site, trigger } = happening;
  const offsets = controlNumber % 2 === 0;
  const bytes = compose(happening, { controlId: controlId(site.id, controlNumber), enteredAt, sentAt, offsets });
  return { bytes, event: trigger, fate: 'applied', isRepeat: false } as const;
}

function makeNoise(lives: readonly Life[], random: Random, nextNumber: () => number): FeedMessage[] {
  const about = lives
    .flatMap(({ happenings }) => happenings)
    .filter((happening) => !happening.isUntold && canSpoil(happening));
  if (about.length === 0) return [];
  return noises.flatMap(([per150, make]) =>
    Array.from({ length: Math.ceil((per150 * lives.length) / 150) }, (): FeedMessage => {
      const happening = random.pick(about);
      const number = nextNumber();
      const sentAt = happening.at + random.between(10, 50) * 1000;
      const id = controlId(happening.site.id, number);
      const envelope = { controlId: id, enteredAt: happening.at, sentAt, offsets: number % 2 === 0 };
      return { ...make(happening, envelope, random), arrivesAt: sentAt, line: number, isRepeat: false };
    }),
  );
}

const controlId = (site: string, number: number): string => `${site.slice(3)}${String(number).padStart(7, '0')}`;

function markRepeats(messages: readonly FeedMessage[]): FeedMessage[] {
  const seen = new Set<string>();
  return messages.map((message) => {
    const text = Buffer.from(message.bytes).toString('latin1');
    const isRepeat = seen.has(text);
    seen.add(text);
    return { ...message, isRepeat };
  });
}
