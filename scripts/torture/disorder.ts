// What goes wrong between a hospital and whoever listens: messages that come late, early, twice, under a used number.

import type { Random } from '../hospital/random.ts';
import { hourMs, minuteMs } from '../hospital/zone-time.ts';
import type { Rates } from './rates.ts';
import type { Happening, Life } from './truth.ts';

/** A message before it is written. */
export interface Draft {
  readonly happening: Happening;
  controlId: string;
  readonly enteredAt: number;
  readonly sentAt: number;
  /** Only for the order of arrival. */
  arrivesAt: number;
  readonly otherDelimiters: boolean;
}

const cancelled: Readonly<Record<string, readonly string[]>> = {
  A11: ['A01', 'A04'],
  A12: ['A02'],
  A13: ['A03'],
  A27: ['A14'],
  A38: ['A05'],
  A52: ['A21'],
  A53: ['A22'],
  A55: ['A54'],
  A23: ['A01', 'A04'],
};

/** The messages of a life, each with when it arrives; `strikes` notes for reports what went wrong. */
export function draftLife(
  life: Life,
  random: Random,
  rates: Rates,
  given: { readonly newId: () => string; readonly usedIds: string[]; readonly until: number },
): Draft[] {
  const strikes = (name: keyof Rates): boolean => rates[name] > 0 && random.chance(rates[name]);
  const drafts = life.happenings
    .filter(({ isUntold }) => !isUntold)
    .map((happening): Draft => {
      const enteredAt = happening.at + (happening.house.tellsOccurrence ? random.between(0, 5) * minuteMs : 0);
      const sentAt = enteredAt + random.between(1, 50) * 1000;
      const controlId = strikes('id-reused') && given.usedIds.length > 0 ? random.pick(given.usedIds) : given.newId();
      if (given.usedIds.length < 500) given.usedIds.push(controlId);
      return { happening, controlId, enteredAt, sentAt, arrivesAt: sentAt, otherDelimiters: strikes('delimiters') };
    });
  const [first = given.until, last = given.until] = [drafts[0]?.arrivesAt, drafts.at(-1)?.arrivesAt];
  const after = () => last + random.between(1, 300) * minuteMs;
  const before = () => first - random.between(1, 60) * minuteMs;

  if (strikes('shuffled')) {
    const times = random.shuffled(drafts.map(({ arrivesAt }) => arrivesAt));
    for (const [at, draft] of drafts.entries()) draft.arrivesAt = times[at] ?? draft.arrivesAt;
  }
  if (drafts.length > 0 && strikes('late')) random.pick(drafts).arrivesAt = after();
  if (drafts.length > 0 && strikes('early')) random.pick(drafts).arrivesAt = before();
  const admission = drafts.find(({ happening }) => happening.kind === 'admitted');
  if (admission && strikes('late-admission')) admission.arrivesAt = after();
  for (const [at, draft] of drafts.entries()) {
    const { trigger } = draft.happening;
    const targets = cancelled[trigger];
    const target = targets && drafts.slice(0, at).findLast(({ happening }) => targets.includes(happening.trigger));
    if (target && strikes('early-cancel')) draft.arrivesAt = target.arrivesAt - minuteMs;
    if (draft.happening.kind === 'merged' && strikes('early-merge')) draft.arrivesAt = before();
  }
  for (const draft of [...drafts]) {
    if (strikes('duplicated'))
      drafts.push({ ...draft, arrivesAt: draft.arrivesAt + random.between(1, 240) * minuteMs });
    if (strikes('resent')) {
      const sentAt = draft.sentAt + random.between(10, 600) * 1000;
      drafts.push({ ...draft, sentAt, arrivesAt: sentAt + random.between(0, 2) * hourMs, controlId: given.newId() });
    }
  }
  return drafts;
}
