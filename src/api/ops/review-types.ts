// What the addresses of match reviews give and take, for whoever writes a client (docs/reviews.md).

/** A person as a message describes them, or as they are known. */
export interface PersonView {
  readonly identifiers: readonly { readonly system: string; readonly value: string }[];
  /** `Family, Given Middle`. */
  readonly names: readonly string[];
  readonly birthDate?: string;
  readonly gender?: string;
  readonly addresses: readonly string[];
  readonly telecoms: readonly string[];
}

export interface ReviewSummary {
  readonly id: string;
  /** `released`: the feed itself told more, and the messages went on without a decision. */
  readonly state: 'open' | 'decided' | 'released';
  readonly reason: 'several-people' | 'conflicting-demographics' | 'similar-person';
  readonly explanation: string;
  readonly openedAt: string;
  /** The message that asked first. */
  readonly message: number;
  /** Messages that wait for the decision. */
  readonly waiting: number;
  readonly candidates: number;
  /** The patient that was made meanwhile, where nothing waits: the sender's own numbers say that it is somebody else. */
  readonly madeMeanwhile?: string;
  readonly decidedAt?: string;
  readonly decidedBy?: string;
  readonly decision?: unknown;
}

/** GET /ops/reviews */
export interface ReviewList {
  readonly reviews: readonly ReviewSummary[];
  /** There are more, behind the last: `after` its id. */
  readonly more?: true;
}

/** GET /ops/reviews/:id */
export interface ReviewView extends ReviewSummary {
  readonly subject: PersonView;
  readonly people: readonly {
    readonly patient: string;
    /** Sum of the weights of mappings/match/people.yaml: above 0 speaks for one person, below 0 for two. */
    readonly score: number;
    readonly reasons: readonly string[];
    readonly known: PersonView | undefined;
  }[];
  /** Ids of the messages that wait, oldest first; at most the first 1,000. */
  readonly messages: readonly number[];
  /** More wait than `messages` names; `waiting` says how many. */
  readonly more?: true;
}

/** POST /ops/reviews/:id/decide */
export interface ReviewDecided {
  /** Messages that are worked again. */
  readonly released: number;
  readonly patient: string;
}
