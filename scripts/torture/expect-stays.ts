// Every stay as it was lived, and every discharge with what was said of it while it stood: worked out from the truth in
// the order in which it happened, knowing neither messages nor the service.

import type { Stay } from '../hospital/truth.ts';
import type { Happening, Life } from './truth.ts';

export interface LivedDischarge {
  at: number;
  readonly zone: string;
  isCancelled: boolean;
  readonly said: { readonly class: Stay['class']; readonly disposition: string | undefined }[];
}

export interface LivedStay {
  stay: Stay;
  status: 'planned' | 'in-progress' | 'onleave' | 'finished' | 'cancelled' | 'entered-in-error';
  readonly formerVisits: string[];
  readonly discharges: LivedDischarge[];
  startedAt: number;
}

/** A visit number that comes again this long after a discharge is that of another stay. */
const reuseMs = 365 * 86_400_000;

/** Kinds that tell nothing of the stay beside which they stand. */
const tellsNothing: ReadonlySet<Happening['kind']> = new Set([
  'merged',
  'registered-twice',
  'account-renamed',
  'moved',
]);

export function expectStays({ happenings }: Life): LivedStay[] {
  const stays: LivedStay[] = [];
  for (const happening of happenings) {
    const { stay, formerVisit, kind } = happening;
    if (!stay || tellsNothing.has(kind)) continue;
    const key = kind === 'visits-merged' ? stay.visit : (formerVisit ?? stay.visit);
    const known = stays.findLast((lived) => lived.stay.visit === key && !isLongOver(lived, happening));
    const lived: LivedStay = known ?? {
      ...{ stay, status: 'in-progress', formerVisits: [], discharges: [], startedAt: stay.admittedAt },
    };
    if (!known) stays.push(lived);
    if (formerVisit !== undefined) lived.formerVisits.push(formerVisit);
    // What straggles in after a deletion is kept and changes nothing.
    if (lived.status === 'entered-in-error') continue;
    lived.stay = stay;
    live(lived, happening, stay);
  }
  return stays;
}

function isLongOver({ status, stay }: LivedStay, { at, kind }: Happening): boolean {
  const begins = kind === 'admitted' || kind === 'announced';
  return status === 'finished' && begins && at - (stay.dischargedAt ?? at) > reuseMs;
}

function live(lived: LivedStay, { kind, at, house }: Happening, stay: Stay): void {
  const standing = lived.discharges.at(-1);
  switch (kind) {
    case 'announced':
      lived.status = 'planned';
      return;
    case 'announcement-cancelled':
    case 'admission-cancelled':
      lived.status = 'cancelled';
      return;
    case 'admitted':
    case 'came-back':
      lived.status = 'in-progress';
      lived.startedAt = stay.admittedAt;
      return;
    case 'left-for-a-while':
      lived.status = 'onleave';
      return;
    case 'discharged':
      lived.status = 'finished';
      lived.discharges.push({
        ...{ at: stay.dischargedAt ?? at, zone: house.zone, isCancelled: false, said: [sayingOf(stay)] },
      });
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
    case 'deleted':
      lived.status = 'entered-in-error';
      return;
    case 'doctor-changed':
    case 'class-changed':
    case 'transferred':
    case 'transfer-cancelled':
    case 'renumbered':
    case 'visits-merged':
    case 'person-told':
    case 'person-deleted':
    case 'merged':
    case 'number-changed':
    case 'registered-twice':
    case 'account-renamed':
    case 'moved':
    case 'linked':
    case 'merged-by-mistake':
    case 'parted':
      return;
  }
}

const sayingOf = (stay: Stay) => ({ class: stay.class, disposition: stay.disposition });
