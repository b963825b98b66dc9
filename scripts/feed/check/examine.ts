// One sample message, read as a feed would read it, with everything that the reading shows: the answer it would get,
// which field gave which fact, what was flagged, and what nobody looked at. Nothing is stored.

import { asFault, faults } from '../../../src/base/fault.ts';
import { instant, type Moment } from '../../../src/base/instant.ts';
import type { FeedPartner } from '../../../src/catalog/partner.ts';
import type { Notice } from '../../../src/domain/notice.ts';
import { placesOf } from '../../../src/flow/place-of.ts';
import { look, placeIn } from '../../../src/flow/receive-message.ts';
import { decideAcknowledgments } from '../../../src/hl7/acknowledgments.ts';
import { decodeMessage } from '../../../src/hl7/charset.ts';
import { parse } from '../../../src/hl7/parse.ts';
import type { FeedLanguage } from '../../../src/translate/from-hl7/dialect.ts';
import { readNotice } from '../../../src/translate/from-hl7/notice.ts';
import type { Trace, ZoneSource } from '../../../src/translate/from-hl7/trace.ts';
import { isSupposed } from './supposed.ts';
import { type Watched, watch } from './watch.ts';
import { inWords } from './words.ts';

export interface Examined {
  readonly type: string;
  readonly controlId: string;
  readonly sender: string;
  /** Acknowledgments in their order: AA, CA, AE, … */
  readonly answers: readonly string[];
  readonly problems: readonly { readonly at: string; readonly reason: string; readonly says: string }[];
  readonly fate: 'applied' | 'ignored' | 'parked';
  readonly reason?: string;
  readonly effect: string;
  readonly facts: readonly FactSeen[];
  readonly unmapped: readonly CodeSeen[];
  readonly flags: readonly string[];
  /** Z segments present of which nothing is read. */
  readonly zSegments: readonly string[];
  /** Other segments and fields that nothing reads. */
  readonly unread: readonly string[];
}

export interface FactSeen {
  readonly fact: string;
  readonly from: string;
  readonly raw: string;
  readonly meaning: unknown;
  readonly words: string;
  readonly zoneFrom?: ZoneSource;
  readonly codes: readonly CodeSeen[];
}

export interface CodeSeen {
  readonly table: string;
  readonly code: string;
  readonly to?: string;
  readonly row: 'found' | 'default' | 'none';
  readonly at: string;
  /** The row stands in the partner file. */
  readonly isPartners: boolean;
}

export function examine(
  bytes: Uint8Array,
  feed: FeedPartner,
  language: FeedLanguage,
  receivedAt: number | undefined,
): Examined {
  const raw = Buffer.from(bytes);
  const rules = {
    processingIds: feed.processingIds,
    charset: feed.dialect.charset,
    applications: feed.applications,
    facilities: feed.facilities,
    acknowledge: feed.acknowledge,
  };
  const { header, problems } = look(raw, rules);
  const outcome = problems.length === 0 ? ({ accepted: true } as const) : ({ accepted: false, problems } as const);
  const seen = {
    type: [header?.messageCode, header?.triggerEvent].filter((part) => part !== undefined).join('^') || 'no type',
    controlId: header?.controlId ?? '',
    sender: [header?.sendingApplication.namespace ?? 'no MSH-3', header?.sendingFacility.namespace ?? 'no MSH-4'].join(
      ' at ',
    ),
    answers: decideAcknowledgments(header, outcome, feed.acknowledge),
    problems: problems.map(({ code, location }) => ({ at: placeIn(location), reason: code, says: faults[code][1] })),
  };
  const nothing = { facts: [], unmapped: [], flags: [], zSegments: [], unread: [] };
  const [first] = problems;
  if (first !== undefined)
    return {
      ...seen,
      fate: 'parked',
      reason: `${first.code} at ${placeIn(first.location)}`,
      effect: 'none',
      ...nothing,
    };
  return { ...seen, ...understand(raw, feed, language, receivedAt) };
}

function understand(
  raw: Buffer,
  feed: FeedPartner,
  language: FeedLanguage,
  receivedAt: number | undefined,
): Omit<Examined, 'type' | 'controlId' | 'sender' | 'answers' | 'problems'> {
  const decoded = decodeMessage(raw, feed.dialect.charset);
  const watched = watch(parse(decoded.text));
  const heard = listen(feed, watched);
  const charset = decoded.warnings.map((code) => `${code}:MSH-18`);
  const context = { digest: 'sample', ...(receivedAt !== undefined && { receivedAt: instant(receivedAt) }) };
  try {
    const notice = readNotice(watched.message, { ...language, trace: heard.trace }, context);
    if (notice.kind === 'ignored') {
      const none = { facts: [], unmapped: [], zSegments: [], unread: [] };
      return { fate: 'ignored', reason: notice.reason, effect: 'none', flags: charset, ...none };
    }
    const flags = notice.warnings.map(({ code, field }) => (field === undefined ? code : `${code}:${field}`));
    return {
      fate: 'applied',
      effect: effectOf(notice, feed),
      facts: heard.facts,
      unmapped: heard.unmapped,
      flags: [...new Set([...flags, ...charset])],
      ...leftOver(watched, language),
    };
  } catch (thrown) {
    const fault = asFault(thrown);
    const place = placesOf(fault)[0]?.slice('at:'.length);
    const reason = `${fault.code}${place === undefined ? '' : ` at ${place}`}: ${fault.message}`;
    const left = { zSegments: [], unread: [] };
    return {
      fate: 'parked',
      reason,
      effect: 'none',
      facts: heard.facts,
      unmapped: heard.unmapped,
      flags: charset,
      ...left,
    };
  }
}

/** Codes that a reader met before it told its fact belong to that fact. */
function listen(feed: FeedPartner, watched: Watched) {
  const facts: FactSeen[] = [];
  const unmapped: CodeSeen[] = [];
  const zones = new Map<string, ZoneSource>();
  let codes: CodeSeen[] = [];
  const trace: Trace = {
    fact(fact, from, raw, meaning) {
      const zoneFrom = zones.get(from);
      facts.push({
        fact,
        from,
        raw,
        meaning,
        words: inWords(meaning),
        codes,
        ...(zoneFrom !== undefined && { zoneFrom }),
      });
      codes = [];
    },
    time: (field: string, _moment: Moment, zoneFrom: ZoneSource) => void zones.set(field, zoneFrom),
    code(table, code, row, to) {
      const rows = feed.overrides?.codes?.[table] ?? {};
      const isPartners = Object.keys(rows).some((from) => from.toUpperCase() === code.toUpperCase());
      const seen = { table, code, row, at: watched.lastRead() ?? '', isPartners, ...(to !== undefined && { to }) };
      codes.push(seen);
      if (row !== 'found') unmapped.push(seen);
    },
  };
  return { trace, facts, unmapped };
}

function effectOf(notice: Exclude<Notice, { kind: 'ignored' }>, feed: FeedPartner): string {
  const own = feed.overrides?.events !== undefined && Object.hasOwn(feed.overrides.events, notice.trigger);
  const by = own ? 'the partner file' : 'mappings/hl7v2';
  return `${notice.trigger}: ${whatOf(notice)} (${by})`;
}

function whatOf(notice: Exclude<Notice, { kind: 'ignored' }>): string {
  switch (notice.kind) {
    case 'encounter':
      return `the stay is ${notice.event.kind}`;
    case 'person':
      return 'demographics alone';
    case 'several':
      return `${notice.notices.length} stays of ${notice.notices.length} patients`;
    default:
      return notice.kind;
  }
}

/** A field that would be read if an earlier one were empty is not unread. */
function leftOver(watched: Watched, { mapping, others }: FeedLanguage): Pick<Examined, 'zSegments' | 'unread'> {
  const lists = [mapping, others.mdm, others.siu].flatMap(({ fields }) => Object.values(fields).flat());
  const placed = new Set(lists.map((path) => path.split('.')[0]));
  const named = watched.unread().flatMap(({ segment, fields }) => {
    if (fields === undefined) return [segment];
    return fields.map((field) => `${segment}-${field}`).filter((path) => !placed.has(path) && !isSupposed(path));
  });
  const names = [...new Set(named)];
  return {
    zSegments: names.filter((name) => name.startsWith('Z')),
    unread: names.filter((name) => !name.startsWith('Z')),
  };
}
