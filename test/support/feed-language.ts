// The language of a feed for tests: the project's own mappings, and the default partner's dialect unless told otherwise.

import { readMappings } from '../../src/catalog/mappings.ts';
import { readPartners } from '../../src/catalog/partners.ts';
import type { Notice } from '../../src/domain/notice.ts';
import { parse } from '../../src/hl7/parse.ts';
import type { Dialect, FeedLanguage } from '../../src/translate/from-hl7/dialect.ts';
import { readNotice } from '../../src/translate/from-hl7/notice.ts';

const { adt, others, tables } = readMappings('mappings');
const { feeds } = readPartners('profiles/partners');

/** Authorities of the default partner. */
export const mrnAuthority = 'https://general-hospital.example/identifiers/mrn';
export const visitAuthority = 'https://general-hospital.example/identifiers/visit';

export function aFeedLanguage(dialect: Partial<Dialect> = {}): FeedLanguage {
  const partner = feeds.find((feed) => feed.id === 'general-hospital');
  if (partner === undefined) throw new Error('profiles/partners/general-hospital.yaml holds errors');
  return { dialect: { ...partner.dialect, ...dialect }, mapping: adt, others, tables };
}

/** Reads a message as the default partner's. */
export const understand = (text: string, language = aFeedLanguage(), digest = 'digest'): Notice =>
  readNotice(parse(text), language, { digest });

type Of<Kind extends Notice['kind']> = Extract<Notice, { readonly kind: Kind }>;

/** The same, when the test expects one kind of notice and would fail on another. */
export function understandAs<Kind extends Notice['kind']>(
  kind: Kind,
  text: string,
  language = aFeedLanguage(),
  digest = 'digest',
): Of<Kind> {
  const notice = understand(text, language, digest);
  if (notice.kind !== kind) throw new Error(`expected ${kind}, got ${JSON.stringify(notice)}`);
  return notice as Of<Kind>;
}
