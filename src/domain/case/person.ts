// What deciding about cases must know of the person.

import type { Instant, LocalDate } from '../../base/instant.ts';

export interface Person {
  readonly deceased: boolean;
  /** When, as far as it is known. */
  readonly deceasedAt?: Instant;
  /** When it had happened at the latest, by a stay that ended in death or by whoever said it. */
  readonly deceasedBy?: Instant;
  readonly birthDate?: LocalDate;
}
