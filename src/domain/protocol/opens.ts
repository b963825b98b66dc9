// Whether a discharge opens a case under a protocol, and what a person should look at when it does.

import { holds } from './condition.ts';
import type { Facts, Protocol } from './protocol.ts';

/** No flags where no case opens. */
export interface Opening {
  readonly opens: boolean;
  readonly flags: readonly string[];
}

export function opensOn(protocol: Protocol, facts: Facts): Opening {
  if (!holds(protocol.open.if, facts)) return { opens: false, flags: [] };
  return { opens: true, flags: protocol.flags.filter((rule) => holds(rule.if, facts)).map((rule) => rule.flag) };
}
