// Next of kin and other contacts (NK1, HL7 v2.5.1 ch. 3.4.5): a snapshot of the whole group.

import type { RelatedContact } from '../../domain/patient/record.ts';
import { readCwe } from '../../hl7/datatypes.ts';
import type { Segment } from '../../hl7/parse.ts';
import { mapped, terminology } from './code.ts';
import { readAddresses, readContactPoints } from './contact-point.ts';
import { readNames } from './name.ts';
import { limited, type Reading } from './reading.ts';
import { sent } from './sent.ts';

/** Undefined when no segment says anything; `null` when the only word is `""` in a key field (ch. 2.10.4). */
export function readContacts(
  reading: Reading,
  segments: readonly Segment[],
): readonly RelatedContact[] | null | undefined {
  const contacts = limited(reading, segments, 'NK1').flatMap((segment) => contactOf(reading, segment) ?? []);
  const isNone = segments.some((segment) => segment.get(1) === null || segment.get(2) === null);
  const said = contacts.length > 0 ? contacts : isNone ? null : undefined;
  if (said !== undefined) {
    const raw = segments.map((segment) => segment.field(2) ?? '').join(' / ');
    reading.language.trace?.fact('contacts', 'NK1-2', raw, said);
  }
  return said;
}

/** Undefined when it neither names nor reaches anyone. */
function contactOf(reading: Reading, segment: Segment): RelatedContact | undefined {
  const name = readNames(reading, segment, 2)[0];
  const telecoms = [
    ...readContactPoints(reading, segment, 5, 'home'),
    ...readContactPoints(reading, segment, 6, 'work'),
    ...readContactPoints(reading, segment, 40, 'home'),
  ];
  const address = readAddresses(reading, segment, 4)[0];
  if (name === undefined && telecoms.length === 0 && address === undefined) return undefined;
  const relationship = mapped(reading, 'relationship', `${terminology}v2-0063`, readCwe(segment, 3));
  return { telecoms, ...sent({ name, relationship, address }) };
}
