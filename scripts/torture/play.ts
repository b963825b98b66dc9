// A torture feed from a seed: the messages in the order in which they arrive, and what must stand at the end. The same
// options give the same feed, byte for byte; nothing here touches the network, the clock or chance of its own.

import { createRandom, type Random } from '../hospital/random.ts';
import { draftLife } from './disorder.ts';
import { type ExpectedPerson, expectPerson } from './expect.ts';
import { live } from './life.ts';
import { makeNoise } from './noise.ts';
import { makeAlike, type PairKind, pairUp } from './pairs.ts';
import { defaultRates, type Rates } from './rates.ts';
import { type Happening, type Life, sameNumber } from './truth.ts';
import { createWorld, type World } from './world.ts';
import { write } from './write.ts';

export interface TortureOptions {
  readonly seed: number;
  readonly patients: number;
  readonly rates?: Partial<Rates>;
  /** When the two days end, milliseconds since 1970. */
  readonly at: number;
  /** When the end state is looked at: `at` unless told. */
  readonly seenAt?: number;
  /** Begins every number of the feed, at most eight letters and digits: runs with different ones do not meet. */
  readonly prefix?: string;
}

export interface TortureMessage {
  readonly bytes: Uint8Array;
  /** `A01`, `beheaded`. */
  readonly event: string;
  /** What becomes of it: taken, or held back for a person to look at where two people are alike, kept without effect, parked for a person, or refused on the spot and kept. */
  readonly fate: 'applied' | 'applied-or-waiting' | 'ignored' | 'parked' | 'refused';
  /** When the sender says it was sent. */
  readonly sentAt: number;
}

export interface TortureFeed {
  /** In order of arrival. */
  readonly messages: readonly TortureMessage[];
  readonly expected: readonly ExpectedPerson[];
}

const pairKinds: readonly PairKind[] = ['moved', 'swapped', 'linked', 'merged-by-mistake'];

export function playTorture({
  seed,
  patients,
  rates: given,
  at,
  seenAt = at,
  prefix = 'T',
}: TortureOptions): TortureFeed {
  const rates = { ...defaultRates, ...given };
  const random = createRandom(Math.imul(seed, 0x9e3779b1) >>> 0);
  const world = createWorld({ seed, prefix, rates, at });
  const lives: Life[] = [];
  const nextSeed = () => seedFrom(random);
  while (lives.length < patients) {
    const pair = lives.length + 1 < patients ? pairKinds.find((kind) => random.chance(rates[kind])) : undefined;
    if (pair !== undefined) {
      lives.push(...livePair(pair, world, random));
      continue;
    }
    if (lives.length + 1 < patients && random.chance(rates.similar)) {
      const given = { value: world.patientNumber(), authority: 'west' } as const;
      lives.push(
        ...makeAlike([live(world, nextSeed(), { isPlain: true }), live(world, nextSeed(), { given, isPlain: true })]),
      );
      continue;
    }
    const life = live(world, nextSeed());
    lives.push(life);
    const [number] = life.numbers;
    if (number && lives.length < patients && random.chance(rates['same-number']))
      lives.push(live(world, nextSeed(), { given: { value: number.value, authority: 'west' } }));
  }
  let ids = 0;
  const newId = () => `${prefix}${String(++ids).padStart(8, '0')}`;
  const usedIds: string[] = [];
  const messages: (TortureMessage & { readonly arrivesAt: number })[] = [];
  for (const life of lives) {
    for (const draft of draftLife(life, random, rates, { newId, usedIds, until: world.until })) {
      const { happening, arrivesAt } = draft;
      const offsets = random.chance(0.5);
      const bytes = write(happening, { ...draft, offsets, leavesOutTimes: life.leavesOutTimes });
      messages.push({
        bytes,
        event: happening.trigger,
        fate: life.alike ? 'applied-or-waiting' : fateOf(happening),
        arrivesAt,
        sentAt: draft.sentAt,
      });
    }
  }
  const noises = Math.round(messages.length * rates.noise);
  for (let count = 0; count < noises; count += 1) {
    const noise = makeNoise(random, newId, world.until);
    messages.push({ ...noise, sentAt: noise.arrivesAt });
  }
  messages.sort((a, b) => a.arrivesAt - b.arrivesAt);
  return { messages, expected: lives.map((life) => expectPerson(life, seenAt)) };
}

const seedFrom = (random: Random): number => random.between(0, 0xffffffff);

/** Two who never lie in hospital at once cannot change beds: for these a second is looked for. */
const triesMax = 12;

function livePair(kind: PairKind, world: World, random: Random): readonly [Life, Life] {
  const one = live(world, seedFrom(random), { isPlain: true });
  const at = kind === 'swapped' ? one.happenings[0]?.house : undefined;
  for (let tries = 1; ; tries += 1) {
    const other = live(world, seedFrom(random), { isPlain: true, at });
    const pair = pairUp(kind, [one, other], random, world.until);
    if (kind !== 'swapped' || pair[0] !== one || tries === triesMax) return pair;
  }
}

const fateOf = ({ retired, number }: Happening): TortureMessage['fate'] =>
  retired && sameNumber(retired, number) ? 'parked' : 'applied';
