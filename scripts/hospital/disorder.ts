// What goes wrong between a hospital and whoever listens: messages that come late, early, twice, under a used number.

import type { Random } from './random.ts';
import type { Disorder, Happening } from './truth.ts';
import { hourMs, minuteMs } from './zone-time.ts';

/** A message before it is written. */
export interface Draft {
  happening: Happening;
  /** Names the message among all; the draft of a copy has the number of the original or one of its own. */
  controlNumber: number;
  /** EVN-2 and MSH-7. */
  enteredAt: number;
  sentAt: number;
  /** Only for the order of arrival. */
  arrivesAt: number;
}

/** `nextNumber` gives fresh control numbers. */
export function disturb(drafts: Draft[], disorder: Disorder, random: Random, nextNumber: () => number): void {
  const last = drafts.at(-1)?.arrivesAt ?? 0;
  const of = (...triggers: string[]): Draft | undefined =>
    drafts.find((draft) => triggers.includes(draft.happening.trigger));
  switch (disorder) {
    case 'late-admission': {
      const admission = of('A01');
      if (!admission) return;
      admission.arrivesAt = last + random.between(5, 90) * minuteMs;
      // Entered after the fact, or held up on its way.
      if (random.chance(0.5)) enterLate(admission, drafts.at(-1)?.happening);
      return;
    }
    case 'early-cancel': {
      const [left, cancel] = [of('A03'), of('A13')];
      if (left && cancel) left.arrivesAt = cancel.arrivesAt + random.between(1, 40) * minuteMs;
      return;
    }
    case 'late-update': {
      const update = drafts.filter(({ happening }) => happening.trigger === 'A08').at(-1);
      if (update) update.arrivesAt = last + random.between(5, 300) * minuteMs;
      return;
    }
    case 'early-merge': {
      const merge = of('A40');
      if (merge) merge.arrivesAt = Math.min(...drafts.map((draft) => draft.arrivesAt)) - minuteMs;
      return;
    }
    case 'swapped':
      for (let at = 0; at + 1 < drafts.length; at += 2) swapArrivals(drafts[at]!, drafts[at + 1]!);
      return;
    case 'duplicate':
      drafts.push(
        ...drafts.map((draft) => ({ ...draft, arrivesAt: draft.arrivesAt + random.between(1, 240) * minuteMs })),
      );
      return;
    case 'resent': {
      const sentAgain = drafts.map((draft) => {
        const sentAt = draft.sentAt + random.between(10, 600) * 1000;
        return { ...draft, sentAt, arrivesAt: sentAt + 2 * hourMs, controlNumber: nextNumber() };
      });
      drafts.push(...sentAgain);
      return;
    }
    case 'reused-control-id': {
      const [first, ...others] = drafts;
      for (const other of others) if (first) other.controlNumber = first.controlNumber;
      return;
    }
  }
}

/** Whoever enters an admission late enters what is known by then; EVN-2 is later than the discharge. */
function enterLate(admission: Draft, last: Happening | undefined): void {
  admission.enteredAt = admission.sentAt = admission.arrivesAt;
  if (!last?.stay) return;
  const { dischargedAt: _not, disposition: _yet, ...stay } = last.stay;
  admission.happening = { ...admission.happening, person: last.person, stay };
}

function swapArrivals(one: Draft, other: Draft): void {
  [one.arrivesAt, other.arrivesAt] = [other.arrivesAt, one.arrivesAt];
}
