// Whether the share of messages that went wrong has risen: more of them than the feed's own history makes probable.

import { atLeast } from './poisson.ts';

export interface Part {
  /** Those that went wrong. */
  readonly bad: number;
  readonly all: number;
}

export interface Rise extends Part {
  /** The share that was usual, as a part of 1. */
  readonly usual: number;
  readonly probability: number;
}

/** Fewer than these say nothing. */
const badMin = 5;
const allMin = 10;
/** Taken as usual while less than this was heard. */
const historyMin = 500;
const usualAtFirst = 0.05;
const improbable = 0.001;
/** A rise is at least a doubling. */
const timesMin = 2;

/** Undefined when it has not risen. */
export function risen(now: Part, before: Part): Rise | undefined {
  if (now.bad < badMin || now.all < allMin) return undefined;
  const usual = before.all < historyMin ? usualAtFirst : (before.bad + 1) / (before.all + 1);
  const probability = atLeast(now.bad, usual * now.all);
  return probability < improbable && now.bad / now.all >= timesMin * usual ? { ...now, usual, probability } : undefined;
}
