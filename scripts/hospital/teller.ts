// Tells the story of one human being, happening by happening: each is kept with what the hospital knew afterwards.

import type { Person } from './person.ts';
import type { Site } from './site.ts';
import type { Disorder, Happening, HappeningKind, Life, Stay } from './truth.ts';
import type { World } from './world.ts';
import { minuteMs } from './zone-time.ts';

/** What a happening changes; `undefined` takes a value away. */
export interface Change {
  readonly person?: Person;
  readonly stay?: Stay;
  readonly more?: Pick<Happening, 'formerVisit' | 'cancels' | 'retired' | 'deletes' | 'enteredAfterMinutes'>;
  /** Concerns the person alone: no PV1. */
  readonly isPersonal?: boolean;
}

export interface Teller {
  readonly world: World;
  readonly site: Site;
  person(): Person;
  stay(): Stay;
  /** When something wished for a time can really happen: never at the minute of what went before. */
  moment(wished: number): number;
  /** Returns when it happened. */
  tell(at: number, kind: HappeningKind, trigger: string, change?: Change): number;
  /** From now on under another number, or in another house. */
  goOn(as: { readonly person?: Person; readonly site?: Site }): void;
  life(...disorders: Disorder[]): Life;
}

export function beginLife(world: World, story: string, given: { readonly site?: Site } = {}): Teller {
  let site = given.site ?? world.site();
  let person = world.person(site);
  let stay: Stay | undefined;
  const happenings: Happening[] = [];

  const moment = (wished: number): number =>
    Math.max(Math.floor(wished / minuteMs) * minuteMs, (happenings.at(-1)?.at ?? 0) + 7 * minuteMs);

  return {
    world,
    get site() {
      return site;
    },
    person: () => person,
    stay() {
      if (!stay) throw new Error(`${story}: nobody is in hospital yet`);
      return stay;
    },
    moment,
    tell(wished, kind, trigger, change = {}) {
      const at = moment(wished);
      if (at > world.now) throw new Error(`${story}: ${kind} would be in the future`);
      person = change.person ?? person;
      stay = change.stay ?? stay;
      happenings.push({
        at,
        kind,
        trigger,
        site,
        person,
        ...(stay && !change.isPersonal && { stay }),
        ...change.more,
        ...(at < world.from && { isUntold: true }),
      });
      return at;
    },
    goOn(as) {
      person = as.person ?? person;
      site = as.site ?? site;
    },
    life: (...disorders) => ({ story, happenings, disorders }),
  };
}
