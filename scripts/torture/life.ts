// A life of two days: somebody comes, goes, comes again, dies, is found to be known under other numbers.

import { createRandom } from '../hospital/random.ts';
import { type Site, siteChances } from '../hospital/site.ts';
import { dayMs, hourMs, minuteMs } from '../hospital/zone-time.ts';
import { changeNumber, insertMerges } from './merges.ts';
import { misheard } from './people.ts';
import { begin, liveStay } from './stay.ts';
import { createTeller, type Teller } from './teller.ts';
import type { Life, PatientNumber } from './truth.ts';
import type { World } from './world.ts';

const staysMax = 3;

/** `isPlain`: known under one number, from beginning to end. `at`: the house where it is lived. */
export function live(
  world: World,
  seed: number,
  {
    given,
    isPlain = false,
    at,
  }: { readonly given?: PatientNumber; readonly isPlain?: boolean; readonly at?: Site | undefined } = {},
): Life {
  const random = createRandom(seed);
  const { rates, until } = world;
  const from = until - 2 * dayMs + random.between(0, 26 * 60) * minuteMs;
  const traits = new Set<string>();
  const house = at ?? random.pick(siteChances);
  const number: PatientNumber = given ?? { value: world.patientNumber(), authority: 'main' };
  const { groupNumber, ...plain } = world.person(number.value, house);
  const person = given === undefined && groupNumber !== undefined ? { ...plain, groupNumber } : plain;
  const teller = createTeller({
    ...{ random, rates, house, number, person, newVisit: world.visitNumber, from, until, traits },
  });
  teller.leavesOutTimes = teller.strikes('times-left-out');
  const isRenamed = teller.strikes('renamed');
  if (isRenamed) teller.person = misheard(person);
  if (teller.strikes('enrolled')) enrol(teller);
  const reused = teller.strikes('visit-reused') ? longAgo(teller) : undefined;
  liveStays(teller, reused);
  if (isRenamed && teller.pass(5, 200)) tellPerson(teller, { family: person.family });
  if (teller.strikes('phone-deleted') && teller.pass(5, 200)) tellPerson(teller, { phone: '' });
  if (teller.person.died === undefined && teller.strikes('died') && teller.pass(5, 200))
    tellPerson(teller, { died: {} });
  const isMerged = given === undefined && !isPlain && teller.strikes('merged');
  const isRenumbered = given === undefined && !isPlain && !isMerged && teller.strikes('number-changed');
  if (!isMerged && !isPlain && teller.strikes('person-deleted')) deletePerson(teller);
  const { leavesOutTimes } = teller;
  if (!leavesOutTimes && reused === undefined && teller.strikes('admission-lost')) loseAdmission(teller);
  const merged = isMerged ? insertMerges(teller, world) : isRenumbered ? changeNumber(teller, world) : undefined;
  const { happenings, numbers } = merged ?? { happenings: teller.happenings, numbers: [number] };
  return { traits: [...traits], numbers, happenings, leavesOutTimes };
}

function liveStays(teller: Teller, reused: string | undefined): void {
  if (teller.happenings.length > 0 && !teller.pass(5, 300)) return;
  let mayComeAgain = liveStay(teller, reused === undefined ? {} : { visit: reused });
  for (let stays = 1; stays < staysMax && mayComeAgain && teller.person.died === undefined; stays += 1) {
    if (!teller.strikes('readmitted') || !teller.pass(30, 600)) return;
    mayComeAgain = liveStay(teller);
  }
}

/** A29: the record is out of use, until anything newer is said of the person. */
function deletePerson(teller: Teller): void {
  if (!teller.pass(5, 100)) return;
  const { stay } = teller;
  teller.stay = undefined;
  teller.tell('person-deleted', 'A29');
  teller.stay = stay;
  if (teller.random.chance(0.4) && teller.pass(5, 60)) tellPerson(teller, {});
}

function enrol(teller: Teller): void {
  teller.tell('person-told', 'A28');
  if (teller.random.chance(0.4) && teller.pass(5, 90)) tellPerson(teller, { marital: 'W' });
}

function tellPerson(teller: Teller, change: Partial<Teller['person']>): void {
  teller.person = { ...teller.person, ...change };
  const { stay } = teller;
  teller.stay = undefined;
  teller.tell('person-told', 'A31');
  teller.stay = stay;
}

/** A stay of more than a year ago, over and done; its visit number comes again. */
function longAgo(teller: Teller): string {
  const { random, happenings } = teller;
  const visit = teller.newVisit();
  const came = teller.now() - random.between(400, 500) * dayMs;
  const left = came + random.between(20, 60) * hourMs;
  const stay = { ...begin(teller, visit, 'I', came) };
  teller.stay = stay;
  teller.tell('admitted', 'A01', { at: came });
  teller.stay = { ...stay, dischargedAt: left, disposition: '01' };
  teller.tell('discharged', 'A03', { at: left });
  teller.stay = undefined;
  happenings.sort((a, b) => a.at - b.at);
  return visit;
}

/** The feed was switched on too late for the first message of the first stay, if there is another one. */
function loseAdmission(teller: Teller): void {
  const [lost, next] = teller.happenings;
  // A visit number that no message tells of cannot be known as a former one.
  if (!lost?.stay || next?.stay?.visit !== lost.stay.visit) return;
  // Nor one of which nothing else is told than that it was called off, or what its account is called.
  if (next.kind === 'admission-cancelled' || next.kind === 'account-renamed') return;
  if (lost.stay.class === 'I' || lost.stay.class === 'V') teller.happenings[0] = { ...lost, isUntold: true };
}
