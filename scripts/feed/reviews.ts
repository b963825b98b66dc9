// `npm run feed -- reviews`: matches that a person must decide: the list, one with its candidates side by side, the decision.

import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import type {
  PersonView,
  ReviewDecided,
  ReviewList,
  ReviewSummary,
  ReviewView,
} from '../../src/api/ops/review-types.ts';
import { tokenUsage } from '../service-token.ts';
import { operatorClient } from './operator-client.ts';
import { gather, limitOf, withHint } from './pages.ts';
import { pairs, table } from './table.ts';

const usage = `npm run feed -- reviews [--state open|decided|released] [--limit N] [--json]
npm run feed -- reviews ID [--json]
npm run feed -- reviews ID --same PATIENT [--merge-others] [--by NAME] [--note TEXT]
npm run feed -- reviews ID --new [--by NAME] [--note TEXT]

Lists the matches that a person must decide, oldest first (50 by default); with an id, shows whom the message may mean, how alike each is and why, and
which messages wait. --same says that it is that patient, --new that it is somebody we did not know; what waited is worked
again at once. --merge-others: the other candidates are that person too.
${tokenUsage}`;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      state: { type: 'string' },
      limit: { type: 'string' },
      same: { type: 'string' },
      new: { type: 'boolean' },
      'merge-others': { type: 'boolean' },
      by: { type: 'string' },
      note: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const [id, ...others] = positionals;
  const decides = values.same !== undefined || values.new === true;
  if (others.length > 0 || (decides && id === undefined) || (values.same !== undefined && values.new === true))
    throw new Error(`Give one id, and --same PATIENT or --new to decide.\n\n${usage}`);
  const limit = limitOf(values.limit, 50);
  const client = await operatorClient();
  const show = (body: unknown, text: string): number => {
    console.log(values.json ? JSON.stringify(body, null, 2) : text);
    return 0;
  };
  if (id === undefined) {
    const found = await gather<ReviewSummary>(limit, async (size, last) => {
      const query = new URLSearchParams({
        limit: String(size),
        ...(values.state !== undefined && { state: values.state }),
        ...(last && { after: last.id }),
      });
      const { reviews, more = false } = await client.get<ReviewList>(`/reviews?${query}`);
      return { rows: reviews, more };
    });
    return show({ reviews: found.rows, ...found.more }, withHint(listed(found.rows), found));
  }
  const address = `/reviews/${encodeURIComponent(id)}`;
  if (!decides) {
    const review = await client.get<ReviewView>(address);
    return show(review, told(review));
  }
  const decided = await client.post<ReviewDecided>(`${address}/decide`, {
    outcome: values.new === true ? 'new' : 'same',
    by: values.by ?? userInfo().username,
    ...(values.same !== undefined && { patient: values.same }),
    ...(values['merge-others'] === true && { 'merge-others': true }),
    ...(values.note !== undefined && { note: values.note }),
  });
  return show(
    decided,
    `Decided: Patient/${decided.patient}. Worked again: ${decided.released} ${decided.released === 1 ? 'message' : 'messages'}.`,
  );
}

const listed = (reviews: readonly ReviewSummary[]): string =>
  reviews.length === 0
    ? 'No match waits for a decision.'
    : table(
        ['review', 'reason', 'opened', 'waiting', 'candidates', 'first message'],
        reviews.map((one) => [one.id, one.reason, one.openedAt, one.waiting, one.candidates, one.message]),
      );

function told(review: ReviewView): string {
  const head = pairs([
    ['review', review.id],
    ['state', review.state],
    ['reason', `${review.reason}: ${review.explanation}`],
    ['opened', review.openedAt],
    ['waiting', waitingOf(review)],
    ['made meanwhile', review.madeMeanwhile && `Patient/${review.madeMeanwhile}`],
    ['decided', review.decidedAt && `${review.decidedAt} by ${review.decidedBy ?? ''}`],
  ]);
  const people = review.people.map(
    (one) => `\nCandidate Patient/${one.patient}, score ${one.score}: ${one.reasons.join(', ')}\n${person(one.known)}`,
  );
  return [head, '\nThe message says', person(review.subject), ...people].join('\n');
}

const waitingOf = ({ messages, waiting, more }: ReviewView): string => {
  if (messages.length === 0) return 'none';
  return `${messages.join(', ')}${more === true ? ` and ${waiting - messages.length} more` : ''}`;
};

const person = (one: PersonView | undefined): string =>
  one === undefined
    ? '  (no longer there)'
    : pairs([
        ['  name', one.names.join('; ')],
        ['  born', one.birthDate],
        ['  sex', one.gender],
        ['  identifiers', one.identifiers.map(({ system, value }) => `${value} (${system})`).join('; ')],
        ['  addresses', one.addresses.join('; ')],
        ['  telephone', one.telecoms.join('; ')],
      ]);
