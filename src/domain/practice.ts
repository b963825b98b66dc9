// A practice: the organisation that coordinates the care, its days and its roles (profiles/organisations/*.yaml).

import type { LocalDate } from '../base/instant.ts';
import type { Code, PostalAddress } from './code.ts';

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
}
