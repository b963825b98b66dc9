// A practice: the organisation that coordinates the care, its days and its roles (profiles/organisations/*.yaml).

import type { LocalDate } from '../base/instant.ts';
import type { Code, PostalAddress } from './code.ts';
import type { PanelRules } from './panel/member.ts';

export interface Role {
  /** `care-coordinator`; what protocols name as owner. */
  readonly id: string;
  readonly title: string;
  readonly code: Code;
}

export interface Practice {
  readonly id: string;
  readonly name: string;
  /** IANA zone in which its deadlines end. */
  readonly timeZone: string;
  readonly holidays: 'us-federal' | 'none';
  /** Days without work beyond the holidays; they never extend a deadline unless `closuresExtend` is set (AMB-1). */
  readonly closures: readonly LocalDate[];
  readonly closuresExtend: boolean;
  readonly phone: string;
  readonly address?: PostalAddress;
  readonly roles: readonly Role[];
  /** Absent: the defaults. */
  readonly panel?: PanelRules;
  readonly operators?: Operators;
}

/** Who looks after the feeds and what they are to be told of. */
export interface Operators {
  /** A role; absent: the first. */
  readonly owner?: string;
  /** After how many days a stay that goes on is looked at, by class; absent: the defaults. */
  readonly stayDaysMax?: Readonly<Record<string, number>>;
}

const stayDaysMax: Readonly<Record<string, number>> = { IMP: 30, OBSENC: 3, EMER: 2, AMB: 2 };

/** With the defaults filled in. */
export const operatorsOf = ({ operators, roles }: Pick<Practice, 'operators' | 'roles'>): Required<Operators> => ({
  owner: operators?.owner ?? roles[0]?.id ?? 'operator',
  stayDaysMax: { ...stayDaysMax, ...operators?.stayDaysMax },
});
