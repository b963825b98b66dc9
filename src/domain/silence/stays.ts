// Stays that nobody ended: those that go on for longer than their class usually does, and those whose discharge was told
// of without its message ever coming.

const dayMs = 86_400_000;

/** A discharge told of may be so much in the past before it is missed. */
const missedMs = dayMs;

/** A stay in progress, as far as its end is concerned. */
export interface OpenStay {
  readonly encounter: string;
  readonly class: string | undefined;
  readonly startedAt: number;
  /** What its events say of an end, in the order they happened. */
  readonly events: readonly StayEvent[];
}

export interface StayEvent {
  readonly kind: string;
  readonly happenedAt: number;
  /** PV1-45, though the event was no discharge: a plan, or a hint; `null`: taken back. */
  readonly dischargedAt?: number | null | undefined;
  /** Whether it names a disposition that ends a stay; `null`: taken back. */
  readonly hasLeft?: boolean | null | undefined;
}

/** Days after which it is looked at; an unknown class waits as long as an inpatient stay. */
export const daysFor = (daysMax: Readonly<Record<string, number>>, code: string | undefined): number =>
  daysMax[code ?? 'IMP'] ?? daysMax.IMP ?? 30;

export const isOverlong = (stay: OpenStay, daysMax: Readonly<Record<string, number>>, now: number): boolean =>
  now - stay.startedAt >= daysFor(daysMax, stay.class) * dayMs;

export interface ToldEnd {
  readonly by: 'discharge-time' | 'disposition';
  readonly at: number;
}

/** The end that was told of and not taken back, once it is missed. */
export function missedEnd({ events }: OpenStay, now: number): ToldEnd | undefined {
  let time: ToldEnd | undefined;
  let disposition: ToldEnd | undefined;
  for (const event of events) {
    if (event.kind === 'discharge-cancelled') time = disposition = undefined;
    else {
      if (event.dischargedAt === null) time = undefined;
      else if (event.dischargedAt !== undefined) time = { by: 'discharge-time', at: event.dischargedAt };
      if (event.hasLeft === null || event.hasLeft === false) disposition = undefined;
      else if (event.hasLeft === true) disposition ??= { by: 'disposition', at: event.happenedAt };
    }
  }
  // A plan for later outweighs a disposition that stands there beforehand.
  const told = time ?? disposition;
  return told !== undefined && now - told.at > missedMs ? told : undefined;
}
