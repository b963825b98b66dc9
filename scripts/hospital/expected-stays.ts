// Every stay as it was lived, and every discharge with what was said of it, for the expected outcome.

import type { Site } from './site.ts';
import type { Happening, Stay } from './truth.ts';

export interface LivedDischarge {
  readonly site: Site;
  at: number;
  isCancelled: boolean;
  /** Class and disposition as they were said while it stood, the last one last. */
  readonly said: { readonly class: Stay['class']; readonly disposition: string | undefined }[];
}

export interface LivedStay {
  stay: Stay;
  status: 'planned' | 'in-progress' | 'finished' | 'cancelled';
  readonly formerVisits: string[];
  readonly discharges: LivedDischarge[];
}

/** `happenings` in the order in which they happened. */
export function expectStays(happenings: readonly Happening[]): LivedStay[] {
  const stays = new Map<string, LivedStay>();
  for (const happening of happenings) {
    const { stay, formerVisit } = happening;
    if (!stay) continue;
    const known = stays.get(formerVisit ?? stay.visit);
    const lived = known ?? { stay, status: 'in-progress' as const, formerVisits: [], discharges: [] };
    if (formerVisit !== undefined) {
      stays.delete(formerVisit);
      // A number that nobody told of is not known.
      if (!happening.isUntold) lived.formerVisits.push(formerVisit);
    }
    lived.stay = stay;
    live(lived, happening, stay);
    stays.set(stay.visit, lived);
  }
  return [...stays.values()];
}

function live(lived: LivedStay, { kind, at, site }: Happening, stay: Stay): void {
  const standing = lived.discharges.at(-1);
  switch (kind) {
    case 'pre-admitted':
      lived.status = 'planned';
      return;
    case 'registered':
    case 'admitted':
      lived.status = 'in-progress';
      return;
    case 'discharged':
      lived.status = 'finished';
      lived.discharges.push({ site, at: stay.dischargedAt ?? at, isCancelled: false, said: [sayingOf(stay)] });
      return;
    case 'updated':
      if (lived.status !== 'finished' || !standing) return;
      standing.at = stay.dischargedAt ?? standing.at;
      standing.said.push(sayingOf(stay));
      return;
    case 'discharge-cancelled':
      lived.status = 'in-progress';
      if (standing) standing.isCancelled = true;
      return;
    case 'admission-cancelled':
      lived.status = 'cancelled';
      return;
    case 'class-changed':
    case 'transferred':
    case 'transfer-cancelled':
    case 'person-added':
    case 'person-updated':
    case 'merged':
      return;
  }
}

const sayingOf = (stay: Stay) => ({ class: stay.class, disposition: stay.disposition });
