// Hears how a message is understood while it is read: which field gave which fact, which zone a time was read in, which
// row a code met. Only `feed check` listens; without a listener reading costs nothing more.

import type { Moment } from '../../base/instant.ts';
import type { TableName } from './table.ts';

export interface Trace {
  /**
   * A fact that the mapping places, or one whose segment the standard fixes, such as `diagnoses`. `raw` as it was sent,
   * escapes and all; `meaning` undefined where nothing could be made of it, `null` where it deletes.
   */
  fact(fact: string, field: string, raw: string, meaning: unknown): void;
  time(field: string, moment: Moment, zoneFrom: ZoneSource): void;
  /** `to` undefined: no table row, not even a default. */
  code(table: TableName, code: string, row: 'found' | 'default' | 'none', to: string | undefined): void;
}

export type ZoneSource = 'the field' | 'MSH-7' | 'the facility' | 'the partner';
