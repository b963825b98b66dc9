// One message for a person to look at: its bytes, what they say field by field, what it changed and what it was decided
// to be before.

import { asFault } from '../base/fault.ts';
import { decodeMessage } from '../hl7/charset.ts';
import { firstLines } from '../hl7/lines.ts';
import { type Outline, outline } from '../hl7/outline.ts';
import { parse } from '../hl7/parse.ts';
import {
  type ChangedResource,
  changesOf,
  type EarlierDecision,
  earlierDecisions,
  type Fate,
  type FateChange,
  listFates,
  rawOf,
  standingOf,
} from '../store/fates.ts';
import type { Database } from '../store/pool.ts';
import { isFhir } from './understand.ts';

export interface MessageContent {
  readonly bytes: number;
  readonly charset: string;
  readonly text: string;
  readonly outline: Outline;
  /** Why the outline is empty. */
  readonly unreadable?: string;
}

export interface ShownMessage {
  readonly fate: Fate;
  readonly content: MessageContent | undefined;
  readonly changes: readonly FateChange[];
  readonly standing: readonly ChangedResource[];
  readonly earlier: readonly EarlierDecision[];
}

export async function showMessage(
  database: Database,
  id: number,
  charsetOf: (partner: string) => string | undefined,
): Promise<ShownMessage | undefined> {
  const [fate] = await listFates(database, database.organisation, { ids: [id] }, { limit: 1 });
  if (!fate) return undefined;
  const raw = fate.hasRaw ? await rawOf(database, database.organisation, id) : undefined;
  const changes = await changesOf(database, database.organisation, id);
  const references = new Set(changes.flatMap(({ resources }) => resources.map(withoutVersion)));
  return {
    fate,
    content: raw && (isFhir(fate.trigger) ? jsonOf(raw) : contentOf(raw, charsetOf(fate.partner))),
    changes,
    standing: await standingOf(database, database.organisation, [...references]),
    earlier: await earlierDecisions(database, database.organisation, id),
  };
}

/** Far more than an outline holds: what was refused for its many segments is not read to its end to be shown. */
const linesShownMax = 2_000;

const withoutVersion = (reference: string): string => reference.split('/').slice(0, 2).join('/');

/** JSON names its own parts: its text shows what an outline shows of HL7 v2. */
const jsonOf = (raw: Buffer): MessageContent => ({
  bytes: raw.length,
  charset: 'utf-8',
  text: raw.toString('utf8'),
  outline: { segments: [], more: 0 },
  unreadable: 'A message of FHIR has no segments; its text is the JSON that was sent.',
});

function contentOf(raw: Buffer, charset: string | undefined): MessageContent {
  const decoded = decodeMessage(raw, charset);
  const known = { bytes: raw.length, charset: decoded.charset, text: decoded.text };
  try {
    const shown = firstLines(decoded.text, linesShownMax);
    const outlined = outline(parse(shown.text));
    return { ...known, outline: { ...outlined, more: outlined.more + shown.more } };
  } catch (thrown) {
    return { ...known, outline: { segments: [], more: 0 }, unreadable: asFault(thrown).message };
  }
}
