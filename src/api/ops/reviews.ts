// Match reviews for operators: whom a message may mean, how alike each candidate is and why, which messages wait, and the
// decision (docs/reviews.md).

import { Fault } from '../../base/fault.ts';
import type { PatientId } from '../../base/id.ts';
import type { PersonName } from '../../domain/code.ts';
import { type LikenessPart, likenessParts } from '../../domain/patient/likeness.ts';
import type { Level } from '../../domain/patient/likeness-levels.ts';
import type { ReviewReason } from '../../domain/patient/match.ts';
import {
  findReview,
  listReviews,
  patientTexts,
  type Review,
  type ReviewState,
  waitingFor,
} from '../../store/match-reviews.ts';
import type { Database } from '../../store/pool.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { jsonOf, type OperatorRequest, type OperatorRoute, parametersOf } from './operator.ts';
import { numberOf, shownOf } from './parameter.ts';
import type { PersonView, ReviewDecided, ReviewList, ReviewSummary, ReviewView } from './review-types.ts';

const rowsMax = 200;
const states: readonly ReviewState[] = ['open', 'decided', 'released'];

const reasons: Readonly<Record<ReviewReason, string>> = {
  'several-people': 'The identifiers of the message belong to different people whom nobody has merged.',
  'conflicting-demographics': 'A known identifier comes with the name and birth date of somebody else.',
  'similar-person': 'No identifier of the message is known, but somebody with such a name and birth date is.',
};
const levels: Readonly<Record<Level, string>> = { same: 'is the same', close: 'is close', differs: 'differs' };
const parts: Readonly<Record<LikenessPart, string>> = {
  family: 'family name',
  given: 'given name',
  'birth-date': 'birth date',
  sex: 'sex',
  address: 'address',
  phone: 'telephone',
};

export function reviewRoutes({ decideMatch }: Pick<ApiDependencies, 'decideMatch'>): readonly OperatorRoute[] {
  return [
    {
      method: 'GET',
      path: '/reviews',
      name: 'ops reviews',
      async serve({ database, query }) {
        const { state = 'open', after, limit } = parametersOf(query, ['state', 'after', 'limit']);
        if (!states.includes(state as ReviewState))
          throw new Fault('ops.request-invalid', { detail: `state is one of ${states.join(', ')}` });
        if (after !== undefined && !(await findReview(database, after)))
          throw new Fault('ops.request-invalid', { detail: 'after is the id of the last review of the page before' });
        const most = Math.min(rowsMax, numberOf(limit, 'limit') ?? 50);
        const found = await listReviews(database, { state: state as ReviewState, after, limit: most + 1 });
        const { rows, more } = shownOf(found, most);
        const json: ReviewList = { reviews: rows.map(summaryOf), ...more };
        return { json };
      },
    },
    {
      method: 'GET',
      path: '/reviews/:id',
      name: 'ops review',
      async serve({ database, params }) {
        const review = await findReview(database, params.id ?? '');
        if (!review) throw new Fault('ops.not-found');
        return {
          json: await viewOf(database, review),
          patients: peopleOf(review),
          resources: [`MatchReview/${review.id}`],
        };
      },
    },
    {
      method: 'POST',
      path: '/reviews/:id/decide',
      name: 'ops review decide',
      action: 'U',
      async serve(request) {
        const decided: ReviewDecided = await decideMatch(request.caller.organisation, decisionOf(request));
        return { json: decided, isAudited: true };
      },
    },
  ];
}

/** `{ outcome: "same", patient, merge-others? }` or `{ outcome: "new" }`, each with `by` and perhaps a `note`. */
function decisionOf(request: OperatorRequest) {
  const body = jsonOf(request);
  const { outcome, patient, by, note } = body;
  const mergesOthers = body['merge-others'];
  const refuse = (detail: string): never => {
    throw new Fault('ops.request-invalid', { detail });
  };
  if (outcome !== 'same' && outcome !== 'new') return refuse('outcome is "same", with patient, or "new"');
  if (outcome === 'same' && typeof patient !== 'string') return refuse('patient is the id of a candidate');
  if (typeof by !== 'string' || by.trim() === '' || by.length > 120) return refuse('by says who decides');
  if (note !== undefined && (typeof note !== 'string' || note.length > 2_000)) return refuse('note is a text');
  if (mergesOthers !== undefined && typeof mergesOthers !== 'boolean') return refuse('merge-others is true or false');
  return {
    id: request.params.id ?? '',
    outcome,
    mergesOthers: mergesOthers === true,
    by: `${request.caller.actor} ${by.trim()}`,
    ...(outcome === 'same' && { patient: patient as PatientId }),
    ...(typeof note === 'string' && { note }),
  } as const;
}

const summaryOf = (review: Review): ReviewSummary => ({
  id: review.id,
  state: review.state,
  reason: review.reason,
  explanation: reasons[review.reason],
  openedAt: review.openedAt.toISOString(),
  message: review.openedBy,
  waiting: review.waiting,
  candidates: review.candidates.length,
  ...(review.record !== null && { madeMeanwhile: review.record }),
  ...(review.decidedAt !== null && { decidedAt: review.decidedAt.toISOString() }),
  ...(review.decidedBy !== null && { decidedBy: review.decidedBy }),
  ...(review.decision !== null && { decision: review.decision }),
});

async function viewOf(database: Database, review: Review): Promise<ReviewView> {
  const texts = new Map((await patientTexts(database, peopleOf(review))).map(({ id, body }) => [id, body]));
  const { identifiers, demographics } = review.subject;
  const messages = (await waitingFor(database, review.id)).map(({ message }) => message);
  return {
    ...summaryOf(review),
    subject: {
      identifiers: identifiers.map(({ authority, value }) => ({ system: authority, value })),
      names: (demographics.names ?? []).map(nameText),
      ...(demographics.birthDate && { birthDate: demographics.birthDate }),
      ...(demographics.gender && { gender: demographics.gender }),
      addresses: (demographics.addresses ?? []).map(({ lines, city, postalCode }) =>
        [...lines, city, postalCode].filter(Boolean).join(', '),
      ),
      telecoms: (demographics.telecoms ?? []).map(({ value }) => value),
    },
    people: review.candidates.map(({ patient, score, levels: found }) => ({
      patient,
      score,
      reasons: likenessParts.flatMap((part) => {
        const level = found[part];
        return level === undefined ? [] : [`${parts[part]} ${levels[level]}`];
      }),
      known: personOf(texts.get(patient)),
    })),
    messages,
    ...(messages.length < review.waiting && { more: true }),
  };
}

const peopleOf = (review: Review): PatientId[] => [
  ...review.candidates.map(({ patient }) => patient),
  ...(review.record === null ? [] : [review.record]),
];

const nameText = ({ family, given }: Pick<PersonName, 'family' | 'given'>): string =>
  [family, given.join(' ')].filter(Boolean).join(', ');

/** What stands of a candidate, from the Patient as it is served. */
function personOf(text: string | undefined): PersonView | undefined {
  if (text === undefined) return undefined;
  const {
    identifier = [],
    name = [],
    birthDate,
    gender,
    address = [],
    telecom = [],
  } = JSON.parse(text) as {
    readonly identifier?: readonly { readonly system?: string; readonly value?: string }[];
    readonly name?: readonly { readonly family?: string; readonly given?: readonly string[] }[];
    readonly birthDate?: string;
    readonly gender?: string;
    readonly address?: readonly {
      readonly line?: readonly string[];
      readonly city?: string;
      readonly postalCode?: string;
    }[];
    readonly telecom?: readonly { readonly value?: string }[];
  };
  return {
    identifiers: identifier.map(({ system = '', value = '' }) => ({ system, value })),
    names: name.map(({ family, given = [] }) => nameText({ ...(family !== undefined && { family }), given })),
    ...(birthDate !== undefined && { birthDate }),
    ...(gender !== undefined && { gender }),
    addresses: address.map(({ line = [], city, postalCode }) => [...line, city, postalCode].filter(Boolean).join(', ')),
    telecoms: telecom.flatMap(({ value }) => value ?? []),
  };
}
