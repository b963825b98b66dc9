// Listening to a reader changes nothing of what it reads: what `feed check` shows is what the service understands.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { watch } from '../../../../scripts/feed/check/watch.ts';
import { asFault } from '../../../../src/base/fault.ts';
import { decodeMessage } from '../../../../src/hl7/charset.ts';
import { type Message, parse } from '../../../../src/hl7/parse.ts';
import type { FeedLanguage } from '../../../../src/translate/from-hl7/dialect.ts';
import { readNotice } from '../../../../src/translate/from-hl7/notice.ts';
import { aFeedLanguage } from '../../../support/feed-language.ts';

const folder = 'test/fixtures/adt';
const plain = aFeedLanguage();
let heard = 0;
const listening: FeedLanguage = {
  ...plain,
  trace: { fact: () => void (heard += 1), time: () => void (heard += 1), code: () => void (heard += 1) },
};

function outcome(message: () => Message, language: FeedLanguage): unknown {
  try {
    return readNotice(message(), language, { digest: 'digest' });
  } catch (thrown) {
    const { code, detail } = asFault(thrown);
    return { code, detail };
  }
}

test('every sample is understood the same with a listener and without', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.hl7'));
  expect(files.length).toBeGreaterThan(200);
  for (const file of files) {
    const { text } = decodeMessage(readFileSync(`${folder}/${file}`));
    expect([file, outcome(() => watch(parse(text)).message, listening)]).toEqual([
      file,
      outcome(() => parse(text), plain),
    ]);
  }
  expect(heard).toBeGreaterThan(1_000);
});
