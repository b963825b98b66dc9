// Which stories an ordinary week holds, and how often among 150 people. The rest go home, with or without home health.

import type { Random } from './random.ts';
import * as corrected from './stories-corrected.ts';
import * as ending from './stories-home.ts';
import * as merging from './stories-merged.ts';
import * as returning from './stories-return.ts';
import type { Life } from './truth.ts';
import { createWorld } from './world.ts';

/** Per 150 people. */
const mixture: readonly (readonly [number, ending.Story])[] = [
  [7, ending.nursing],
  [3, ending.againstAdvice],
  [3, ending.unsaid],
  [2, ending.custody],
  [2, ending.hospice],
  [3, ending.elsewhere],
  [2, ending.residence],
  [4, ending.observation],
  [2, ending.outpatient],
  [3, ending.died],
  [3, ending.diedAtHome],
  [4, ending.nearMidnight],
  [6, ending.lateAdmission],
  [2, ending.lateUpdate],
  [2, ending.swapped],
  [3, ending.duplicated],
  [2, ending.resent],
  [1, ending.reused],
  [2, corrected.saidLater],
  [2, corrected.nursingLater],
  [2, corrected.homeAfterAll],
  [1, corrected.diedAfterAll],
  [1, corrected.takenBack],
  [2, corrected.otherDay],
  [3, corrected.staysOn],
  [1, corrected.nursingCancelled],
  [2, corrected.earlyCancel],
  [3, corrected.leavesAgain],
  [2, corrected.neverCame],
  [2, corrected.renamed],
  [1, corrected.uncoded],
  [2, corrected.enrolled],
  [10, returning.seenAndSent],
  [4, returning.kept],
  [2, returning.keptRenumbered],
  [1, returning.toOutpatient],
  [1, returning.toObservation],
  [2, returning.plannedStay],
  [2, returning.plannedIn],
  [2, returning.plannedYet],
  [6, returning.inBed],
  [3, returning.readmitted],
  [2, returning.readmittedAndHome],
  [2, returning.readmittedElsewhere],
  [1, returning.readmissionCancelled],
  [2, returning.seenAgain],
  [2, merging.mergedCase],
  [1, merging.mergedEarly],
  [1, merging.mergedYetUsed],
  [1, merging.mergedAndBack],
  [1, merging.mergedTwice],
];

/** The week of so many people, ending now. */
export function liveAWeek(
  random: Random,
  people: number,
  now: number,
): { readonly lives: Life[]; readonly from: number } {
  const world = createWorld(random, now);
  const stories = mixture.flatMap(([per150, story]) =>
    Array.from({ length: Math.round((per150 * Math.max(people, 150)) / 150) }, () => story),
  );
  while (stories.length < people) stories.push(random.chance(0.65) ? ending.home : ending.homeHealth);
  // Few people play a part of everything rather than only what stands first.
  const chosen = people < 150 ? random.shuffled(stories).slice(0, people) : stories.slice(0, people);
  return { lives: random.shuffled(chosen).map((story) => story(world)), from: world.from };
}
