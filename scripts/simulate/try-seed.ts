// One seed from beginning to verdict.

import { check } from './check.ts';
import type { Ground } from './ground.ts';
import { readKept } from './kept.ts';
import { type Played, playSeed } from './play-seed.ts';
import type { Setting } from './service.ts';

export interface Verdict {
  readonly seed: number;
  readonly messages: number;
  readonly steps: number;
  readonly faults: Played['faults'];
  /** Empty: all that must hold does. */
  readonly findings: readonly string[];
}

export interface Told extends Verdict {
  readonly played: Played | undefined;
}

export async function trySeed(seed: number, patientsMax: number, setting: Setting, ground: Ground): Promise<Told> {
  try {
    const played = await playSeed({ seed, patientsMax, setting, ground });
    const findings = check(played, await readKept(ground.owner, played.organisation));
    const { feed, steps, faults } = played;
    return { seed, messages: feed.messages.length, steps: steps.length, faults, findings, played };
  } catch (thrown) {
    const tells = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return { seed, messages: 0, steps: 0, faults: {}, findings: [`broken off: ${tells}`], played: undefined };
  }
}
