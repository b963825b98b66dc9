// One human being under several numbers, and the merges that say so (A40, HL7 v2.9 ch. 3.3.40): single, repeated,
// reversed, chained, circular, of a number into itself; before, amid and after the work.

import { dayMs, minuteMs } from '../hospital/zone-time.ts';
import type { Teller } from './teller.ts';
import type { Happening, PatientNumber } from './truth.ts';
import { sameNumber } from './truth.ts';
import type { World } from './world.ts';

interface Link {
  readonly at: number;
  readonly retired: PatientNumber;
  readonly survivor: PatientNumber;
}

export function insertMerges(
  teller: Teller,
  world: World,
): { readonly numbers: readonly PatientNumber[]; readonly happenings: Happening[] } {
  const { house, person } = teller;
  const pairs = shapeOf(teller, () => ({ value: world.patientNumber(), authority: 'main' }));
  const numbers = [teller.number, ...new Map(pairs.flat().map((one) => [one.value, one])).values()].filter(
    (one, at, all) => all.findIndex((other) => sameNumber(one, other)) === at,
  );
  const links = timesFor(teller, pairs.length, world.until).map((at, index): Link => {
    const [retired, survivor] = pairs[index] as [PatientNumber, PatientNumber];
    return { at, retired, survivor };
  });
  // Before the merge they were somebody else to the clerk: given name and birth date were understood, little besides.
  const aliases = new Map(
    numbers.map((one) => {
      const alias = {
        ...world.person(one.value, house),
        given: person.given,
        sex: person.sex,
        birthDate: person.birthDate,
      };
      return [one.value, one.value === teller.number.value ? undefined : alias];
    }),
  );
  const numberOf = numbering(teller, numbers, links);
  const told = teller.happenings.map((happening): Happening => {
    const number = numberOf(happening);
    const isKnownAs = links.some(({ at }) => at < happening.at);
    const alias = isKnownAs ? undefined : aliases.get(number.value);
    const { groupNumber: _main, ...plain } = happening.person;
    if (!alias) return { ...happening, number, person: sameNumber(number, teller.number) ? happening.person : plain };
    const { groupNumber: _none, ...shown } = alias;
    const { died } = happening.person;
    return { ...happening, number, person: { ...shown, ...(died && { died }) } };
  });
  const triggerOf = () => {
    if (links.length === 1 && teller.strikes('merge-by-move')) return 'A43';
    return teller.strikes('merge-withdrawn') ? teller.random.pick(['A18', 'A30', 'A34', 'A36', 'A39']) : 'A40';
  };
  const merges = links.map(({ at, retired, survivor }): Happening => {
    const last = teller.happenings.findLast((happening) => happening.at < at)?.person ?? teller.happenings[0]!.person;
    const { groupNumber: _none, ...shown } = last;
    return { at, kind: 'merged', trigger: triggerOf(), house, number: survivor, person: shown, retired };
  });
  return { numbers, happenings: [...told, ...merges].sort((a, b) => a.at - b.at) };
}

/** A47 and its withdrawn forms: from a moment on another number, now and then still the old one. */
export function changeNumber(
  teller: Teller,
  world: World,
): { readonly numbers: readonly PatientNumber[]; readonly happenings: Happening[] } {
  const { house, happenings } = teller;
  const number: PatientNumber = { value: world.patientNumber(), authority: 'main' };
  const [at = world.until] = timesFor(teller, 1, world.until);
  const last = happenings.findLast((happening) => happening.at < at)?.person ?? happenings[0]!.person;
  const trigger = teller.strikes('merge-withdrawn') ? teller.random.pick(['A46', 'A48']) : 'A47';
  const change: Happening = {
    ...{ at, kind: 'number-changed', trigger, house, number, person: last, retired: teller.number },
  };
  const told = happenings.map((happening) =>
    happening.at < at || teller.strikes('old-number') ? happening : { ...happening, number },
  );
  return { numbers: [teller.number, number], happenings: [...told, change].sort((a, b) => a.at - b.at) };
}

/** Pairs of retired and surviving number, in the order in which they are told. */
function shapeOf(teller: Teller, another: () => PatientNumber): [PatientNumber, PatientNumber][] {
  const main = teller.number;
  const a = another();
  const pairs: [PatientNumber, PatientNumber][] = [];
  if (teller.strikes('merge-circular')) {
    const b = another();
    pairs.push([a, b], [b, main], [main, a]);
  } else if (teller.strikes('merge-chained')) {
    const b = another();
    pairs.push([a, b], [b, main]);
  } else {
    pairs.push([a, main]);
    if (teller.strikes('merge-reversed')) pairs.push([main, a]);
  }
  const last = pairs.at(-1) as [PatientNumber, PatientNumber];
  if (teller.strikes('merge-repeated')) pairs.push(last);
  if (teller.strikes('merge-self')) pairs.push([last[1], last[1]]);
  return pairs;
}

/** Minutes at which nothing else happens. */
function timesFor({ random, happenings }: Teller, count: number, until: number): number[] {
  const first = Math.max(happenings[0]!.at, until - 2 * dayMs);
  const room = Math.floor((until - first) / minuteMs);
  const taken = new Set(happenings.map(({ at }) => at));
  const times: number[] = [];
  while (times.length < count) {
    const at = first + random.between(-120, room) * minuteMs;
    if (taken.has(at)) continue;
    taken.add(at);
    times.push(at);
  }
  return times.sort((a, b) => a - b);
}

/** Under which number each happening is told: a stay keeps its number until that is retired, and often beyond. */
function numbering(
  teller: Teller,
  numbers: readonly PatientNumber[],
  links: readonly Link[],
): (happening: Happening) => PatientNumber {
  const ofStay = new Map<string, PatientNumber>();
  return ({ stay, formerVisit, at }) => {
    const key = stay?.visit ?? '';
    const known = ofStay.get(formerVisit ?? key) ?? teller.random.pick(numbers);
    const survivor = survivorAt(known, links, at);
    const number = sameNumber(known, survivor) || teller.strikes('old-number') ? known : survivor;
    ofStay.set(key, number);
    return number;
  };
}

/** Whom a number leads to at a time: the latest merge of each number counts, and of a circle the oldest does not. */
export function survivorAt(number: PatientNumber, links: readonly Link[], at: number): PatientNumber {
  const standing = new Map<string, Link>();
  for (const link of links) {
    if (link.at > at || sameNumber(link.retired, link.survivor)) continue;
    standing.set(link.retired.value, link);
    const circle = [link];
    for (let next = standing.get(link.survivor.value); next && next !== link; next = standing.get(next.survivor.value))
      circle.push(next);
    if (circle.at(-1)?.survivor.value !== link.retired.value) continue;
    const oldest = circle.reduce((a, b) => (a.at <= b.at ? a : b));
    standing.delete(oldest.retired.value);
  }
  let current = number;
  for (let link = standing.get(current.value); link; link = standing.get(current.value)) current = link.survivor;
  return current;
}
