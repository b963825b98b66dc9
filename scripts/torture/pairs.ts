// What happens between two people: a stay told of the wrong one until A45 or A44 moves it, beds that change hands (A17),
// a link (A24) and its undoing, a merge that was a mistake (A40, A37).

import type { Random } from '../hospital/random.ts';
import type { Stay } from '../hospital/truth.ts';
import { minuteMs } from '../hospital/zone-time.ts';
import type { Happening, Life, PatientNumber } from './truth.ts';

export type PairKind = 'moved' | 'swapped' | 'linked' | 'merged-by-mistake';

/** The lives of both, with what happened between them; the same lives where there was no occasion. */
export function pairUp(
  kind: PairKind,
  lives: readonly [Life, Life],
  random: Random,
  until: number,
): readonly [Life, Life] {
  switch (kind) {
    case 'moved':
      return moveStay(lives, random);
    case 'swapped':
      return swapBeds(lives, random, until);
    case 'linked': {
      const [first, second] = timesBetween(lives, random, until);
      const isUndone = random.chance(0.5);
      const told = [
        between('linked', 'A24', lives, first),
        ...(isUndone ? [between('parted', 'A37', lives, second)] : []),
      ];
      const [a, b] = lives;
      const linkedWith = (other: Life) => (isUndone ? [] : [numberOf(other)]);
      return [
        { ...withHappenings(a, told, 'linked'), linked: linkedWith(b) },
        { ...b, linked: linkedWith(a), traits: [...b.traits, 'linked'] },
      ];
    }
    case 'merged-by-mistake': {
      const [first, second] = timesBetween(lives, random, until);
      const [a, b] = namesakes(lives);
      const { house } = a.happenings[0] as Happening;
      const merge: Happening = {
        ...{
          at: first,
          kind: 'merged-by-mistake',
          trigger: 'A40',
          house,
          number: numberOf(b),
          person: personAt(b, first),
        },
        retired: numberOf(a),
      };
      return [
        { ...a, traits: [...a.traits, kind] },
        withHappenings(b, [merge, between('parted', 'A37', [b, a], second)], kind),
      ];
    }
  }
}

/** Both with one given name, or their merge would be held back for a person to look at, as it should. */
function namesakes([a, b]: readonly [Life, Life]): readonly [Life, Life] {
  const { given, sex } = (a.happenings[0] as Happening).person;
  const happenings = b.happenings.map((happening) => ({ ...happening, person: { ...happening.person, given, sex } }));
  return [a, { ...b, happenings }];
}

/** Two people whom only their numbers tell apart, by two authorities that know nothing of each other. */
export function makeAlike([a, b]: readonly [Life, Life]): readonly [Life, Life] {
  const { family, given, birthDate, sex } = (a.happenings[0] as Happening).person;
  const named = ({ happenings, traits, ...life }: Life): Life => ({
    ...life,
    traits: [...traits, 'similar'],
    happenings: happenings.map((one) => ({ ...one, person: { ...one.person, family, given, birthDate, sex } })),
  });
  return [
    { ...named(a), alike: numberOf(b) },
    { ...named(b), alike: numberOf(a) },
  ];
}

/** A stay of the second is told of the first, until somebody notices. */
function moveStay([wrong, right]: readonly [Life, Life], random: Random): readonly [Life, Life] {
  const visits = new Set<string>();
  const stay = right.happenings.find(({ isUntold, stay }) => stay && !isUntold)?.stay;
  if (!stay || right.traits.includes('visit-reused')) return [wrong, right];
  visits.add(stay.visit);
  const own = right.happenings.filter((happening) => {
    const names = [happening.stay?.visit, happening.formerVisit].filter((name) => name !== undefined);
    if (!names.some((name) => visits.has(name))) return false;
    for (const name of names) visits.add(name);
    return true;
  });
  const noticed = random.pick(own);
  const next = right.happenings.find(({ at }) => at > noticed.at);
  const at = noticed.at + minuteMs;
  if (next?.at === at || noticed.isUntold || own.some(({ person }) => person.died)) return [wrong, right];
  const current = own.findLast(
    (happening) => happening.at <= noticed.at && happening.kind !== 'registered-twice',
  )?.stay;
  if (!current) return [wrong, right];
  const { house, person } = noticed;
  const number = numberOf(right);
  const base = { at, kind: 'moved', house, number, person, retired: numberOf(wrong), stay: current } as const;
  // The account stands for the stay where it had one number from beginning to end.
  const move: Happening =
    visits.size === 1 && random.chance(0.4)
      ? { ...base, trigger: 'A44', formerAccount: `${current.visit}A` }
      : { ...base, trigger: 'A45', formerVisit: current.visit };
  const told = right.happenings.map((happening): Happening => {
    if (happening.at > noticed.at || !own.includes(happening)) return happening;
    return { ...happening, number: numberOf(wrong), person: personAt(wrong, happening.at), isMistaken: true };
  });
  return [
    { ...wrong, traits: [...wrong.traits, 'moved'] },
    withHappenings({ ...right, happenings: told }, [move], 'moved'),
  ];
}

/** Both lie in a bed of one house and change places; one message tells it of both. */
function swapBeds(lives: readonly [Life, Life], random: Random, until: number): readonly [Life, Life] {
  const [a, b] = lives.map((life) => restOf(life, until));
  if (!a || !b || a.house !== b.house) return lives;
  const [from, to] = [Math.max(a.from, b.from), Math.min(a.to, b.to)];
  const minutes = (to - from) / minuteMs;
  if (minutes < 3) return lives;
  const at = from + random.between(1, minutes - 1) * minuteMs;
  if (lives.some(({ happenings }) => happenings.some((happening) => happening.at === at))) return lives;
  const swapped = (life: Life, own: Rest, bed: Stay['bed'], more: Partial<Happening>): Life => {
    const stay = { ...stayAt(life, own.visit, at), bed, formerBed: own.bed };
    const [number, person] = [numberOf(life), personAt(life, at)];
    const swap: Happening = {
      ...{ at, kind: 'transferred', trigger: 'A17', house: own.house, number, person, stay },
      ...more,
    };
    const happenings = life.happenings.map((happening) =>
      happening.at > at && happening.stay?.visit === own.visit
        ? { ...happening, stay: { ...happening.stay, bed } }
        : happening,
    );
    return withHappenings({ ...life, happenings }, [swap], 'swapped');
  };
  const second = swapped(lives[1], b, a.bed, { isUntold: true });
  const told = second.happenings.find((happening) => happening.at === at);
  const other = told?.stay && { number: told.number, person: told.person, stay: told.stay };
  return [swapped(lives[0], a, b.bed, other ? { other } : {}), second];
}

interface Rest {
  readonly house: Happening['house'];
  readonly visit: string;
  readonly bed: Stay['bed'];
  /** Between these nothing else moves them. */
  readonly from: number;
  readonly to: number;
}

/** A stay in a bed, from its last change of beds to its end, if it is one that keeps its number and goes straight on. */
function restOf({ happenings, traits }: Life, until: number): Rest | undefined {
  const windings = ['leave', 'stay-deleted', 'visit-reused', 'renumbered', 'visit-renumbered', 'visit-merged'];
  if (windings.some((name) => traits.includes(name))) return undefined;
  const stay = happenings.find((happening) => happening.stay?.class === 'I' || happening.stay?.class === 'V')?.stay;
  if (!stay) return undefined;
  const own = happenings.filter((happening) => happening.stay?.visit === stay.visit);
  const end = own.find(({ kind }) => kind === 'discharged' || kind === 'admission-cancelled');
  const before = own.filter(({ at }) => end === undefined || at < end.at);
  const isMoved = ({ stay: now }: Happening, index: number) => now?.bed !== before[index - 1]?.stay?.bed;
  const last = before.findLast(isMoved);
  if (!last?.stay || last.kind === 'announced') return undefined;
  return { house: last.house, visit: stay.visit, bed: last.stay.bed, from: last.at, to: end?.at ?? until };
}

const stayAt = ({ happenings }: Life, visit: string, at: number): Stay =>
  happenings.findLast((happening) => happening.at < at && happening.stay?.visit === visit)?.stay as Stay;

const numberOf = ({ numbers }: Life): PatientNumber => numbers[0] as PatientNumber;

/** As the clerk knew them then. */
const personAt = ({ happenings }: Life, at: number): Happening['person'] =>
  (happenings.findLast((happening) => happening.at <= at) ?? (happenings[0] as Happening)).person;

function between(
  kind: 'linked' | 'parted',
  trigger: string,
  [one, other]: readonly [Life, Life],
  at: number,
): Happening {
  const { house } = one.happenings[0] as Happening;
  const [number, person] = [numberOf(one), personAt(one, at)];
  return { at, kind, trigger, house, number, person, other: { number: numberOf(other), person: personAt(other, at) } };
}

const withHappenings = (life: Life, more: readonly Happening[], trait: string): Life => ({
  ...life,
  traits: [...life.traits, trait],
  happenings: [...life.happenings, ...more].sort((a, b) => a.at - b.at),
});

/** Two moments at which nothing else happens to either. */
function timesBetween(lives: readonly [Life, Life], random: Random, until: number): [number, number] {
  const taken = new Set(lives.flatMap(({ happenings }) => happenings.map(({ at }) => at)));
  const times: number[] = [];
  while (times.length < 2) {
    const at = until - random.between(0, 2_500) * minuteMs;
    if (taken.has(at)) continue;
    taken.add(at);
    times.push(at);
  }
  return times.sort((a, b) => a - b) as [number, number];
}
