// Observation stays that a feed sends under another class: outpatient, with the word elsewhere (PV1-18, PV1-10). What
// tells them is agreed with each partner (profiles/partners/*.yaml, `observation`).

import type { Code } from '../../domain/code.ts';
import { terminology } from './code.ts';
import { nameOf } from './field-path.ts';
import { valueAt } from './path.ts';
import type { Reading } from './reading.ts';
import { text } from './sent.ts';

const observed: Code = { system: `${terminology}v3-ActCode`, code: 'OBSENC' };

/** The class of an observation stay where any of the partner's rules holds. */
export function observationOf({ language, message }: Reading): Code | undefined {
  for (const { path, values } of language.dialect.observation ?? []) {
    const segment = message.first(path.segment);
    const value = segment && text(valueAt({ path, segment }));
    if (segment === undefined || value === undefined || !values.includes(value.toUpperCase())) continue;
    language.trace?.fact('observation', nameOf(path), segment.field(path.field) ?? '', observed);
    return observed;
  }
  return undefined;
}
