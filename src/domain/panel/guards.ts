// Guards: what makes a list suspicious. Each is a sentence for a person, who may name it to go on all the same.

import type { LocalDate } from '../../base/instant.ts';
import { countOn, type LoadMode } from './difference.ts';
import type { PanelEntry, PanelRules } from './member.ts';

export const guardCodes = [
  'empty-file',
  'half-size',
  'unreadable-rows',
  'duplicate-rows',
  'shared-identifiers',
  'same-file',
  'older-file',
] as const;
export type GuardCode = (typeof guardCodes)[number];

export interface Guard {
  readonly code: GuardCode;
  readonly says: string;
}

export interface ListInQuestion {
  readonly mode: LoadMode;
  readonly asOf: LocalDate;
  readonly standing: readonly PanelEntry[];
  readonly list: readonly PanelEntry[];
  readonly unreadable: number;
  /** Rows that repeat an identifier for the same person; rows that give it to another. */
  readonly duplicates: number;
  readonly shared: number;
  /** An applied load of the same bytes. */
  readonly sameAs?: { readonly id: number; readonly appliedOn: LocalDate };
  /** The latest day as of which a list was applied. */
  readonly latestAsOf?: LocalDate;
  readonly rules: PanelRules;
}

export function guardsOf(asked: ListInQuestion): Guard[] {
  const { mode, asOf, standing, list, rules, sameAs, latestAsOf } = asked;
  const guards: Guard[] = [];
  const guard = (code: GuardCode, says: string) => void guards.push({ code, says });
  const before = countOn(standing, asOf);
  const after = countOn(list, asOf);
  const leastShare = 100 - rules.shrinkPercentMax;
  if (list.length === 0)
    guard(
      'empty-file',
      'The list names nobody who can be read; a list that is to change the panel names at least one.',
    );
  else if (mode === 'replace' && after * 100 < before * leastShare)
    guard(
      'half-size',
      `The list attributes ${after} identifiers on ${asOf}, and ${before} stand; a replacement should hold at least ${leastShare} % of them. A part of a panel is loaded with mode add.`,
    );
  if (asked.unreadable > 0)
    guard(
      'unreadable-rows',
      `${count(asked.unreadable, 'row')} cannot be read and would count as absent; mend them as their reasons say and load the file again.`,
    );
  if (asked.duplicates > 0)
    guard(
      'duplicate-rows',
      `${count(asked.duplicates, 'row')} repeat an identifier of the same person; each identifier should stand once. Accepted, the first of each counts.`,
    );
  if (asked.shared > 0)
    guard(
      'shared-identifiers',
      `${count(asked.shared, 'row')} give an identifier to a second person; an identifier should be one person's. Accepted, the first of each counts.`,
    );
  if (sameAs)
    guard(
      'same-file',
      `The same file was applied on ${sameAs.appliedOn} as load ${sameAs.id}; a new one should differ.`,
    );
  if (latestAsOf !== undefined && asOf < latestAsOf)
    guard(
      'older-file',
      `A list as of ${latestAsOf} was applied already; this one is as of ${asOf} and should be newer.`,
    );
  return guards;
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
