// What a process of the simulation is told and tells.

import type { Verdict } from './try-seed.ts';

export interface Order {
  readonly clusterUrl: string;
  readonly template: string;
  readonly patientsMax: number;
  readonly from: number;
  readonly to: number;
}

/** Each verdict as soon as it stands, and `done` after the last. */
export type Answer = Verdict | 'done';
