// Who asks. So far callers are systems; staff and patients come with the launch.

import type { Scope } from '../fhir/scopes.ts';

export interface Caller {
  readonly kind: 'system';
  /** The client's id. */
  readonly client: string;
  readonly organisation: string;
  readonly scopes: readonly Scope[];
  /** May use the addresses under /ops. */
  readonly isOperator: boolean;
  /** As audit rows name it: `system:client`. */
  readonly actor: string;
}
