// What the addresses under /ops/messages take and give, as types: for the screens, and for `npm run feed`. In words in
// docs/fates.md. Times are ISO 8601 in UTC; days are in UTC.

export type MessageState = 'received' | 'applied' | 'ignored' | 'parked' | 'waiting';

/** Conditions, all optional, all of which hold. As query parameters, or as the JSON body of POST …/search. */
export interface MessageFilter {
  readonly partner?: string;
  /** MSH-10. */
  readonly 'control-id'?: string;
  /** An identifier of the patient: as the message names it, or any that the patient's record holds. */
  readonly identifier?: string;
  readonly visit?: string;
  readonly state?: MessageState;
  /** A reason exactly as shown: `hl7.time-missing`, `operator.parked`, the sentence of an ignored event. */
  readonly reason?: string;
  /** `ADT^A01`, or `A01` of any type. */
  readonly trigger?: string;
  /** `time-unreadable` (in any field) or `time-unreadable:PV1-44`; `control-id-reused`. */
  readonly flag?: string;
  /** Received at or after. A day is its beginning. */
  readonly from?: string;
  /** Received before. A day is its beginning. */
  readonly to?: string;
}

export interface MessagePage {
  /** 1 to 200; 50 by default. */
  readonly 'page-size'?: number;
  /** From the answer before. */
  readonly cursor?: string;
}

export interface MessageSummary {
  readonly id: number;
  readonly partner: string;
  readonly controlId: string;
  readonly trigger: string;
  readonly receivedAt: string;
  readonly state: MessageState;
  readonly reason?: string;
  /** What an operator said when setting it aside. */
  readonly note?: string;
  readonly flags: readonly string[];
  readonly attempts: number;
  readonly replays: number;
  readonly decidedAt?: string;
  /** Id of the Patient that it was applied to. */
  readonly patient?: string;
  /** First identifier of the patient and visit number, as the message names them. */
  readonly identifier?: string;
  readonly visit?: string;
  /** The match review it waits for. */
  readonly review?: string;
  /** The day on which its bytes expire, if it is decided by then. */
  readonly rawExpiresOn?: string;
  /** The day on which they did, or `true` where that is not known. */
  readonly rawExpired?: string | true;
}

export interface MessageList {
  readonly messages: readonly MessageSummary[];
  /** For the next page; absent on the last. */
  readonly cursor?: string;
}

export interface Explained {
  readonly code: string;
  /** HL7 field, `PV1-44`. */
  readonly field?: string;
  readonly text: string;
}

export interface MessageField {
  /** As the standard counts: in MSH the separator is field 1. */
  readonly number: number;
  readonly name?: string;
  /** As it was sent, escapes and all. */
  readonly sent: string;
  /** Repetitions → components → sub-components. */
  readonly values: readonly (readonly (readonly string[])[])[];
}

export interface MessageSegment {
  readonly segment: string;
  readonly fields: readonly MessageField[];
}

export interface MessageChange {
  readonly at: string;
  readonly outcome: 'applied' | 'parked';
  readonly patients: readonly string[];
  readonly resources: readonly { readonly type: string; readonly id: string; readonly version: number }[];
}

export interface MessageWork {
  /** `CarePlan/x` (a case) or `Task/x`. */
  readonly reference: string;
  readonly status?: string;
  readonly codes: readonly string[];
}

export interface MessageDecision {
  readonly state: MessageState;
  readonly reason?: string;
  readonly note?: string;
  readonly flags: readonly string[];
  readonly decidedAt?: string;
  readonly setBackAt: string;
  readonly setBackBy: string;
}

export interface MessageDetail extends MessageSummary {
  readonly reasonExplained?: string;
  readonly flagsExplained: readonly Explained[];
  /** Absent once the bytes have expired. `unreadable` says why there are no segments. */
  readonly content?: {
    readonly bytes: number;
    readonly charset: string;
    /** At most 200,000 characters of it. */
    readonly text: string;
    readonly segments: readonly MessageSegment[];
    readonly moreSegments: number;
    readonly unreadable?: string;
  };
  /** Once for every time it was worked, oldest first. */
  readonly changes: readonly MessageChange[];
  /** Cases and tasks among what it changed, as they stand now. */
  readonly work: readonly MessageWork[];
  /** Decisions given up when it was set back, oldest first. */
  readonly earlier: readonly MessageDecision[];
}

/** Body of POST /ops/messages/replay: `ids`, or conditions; at least one of them. */
export interface ReplayRequest extends MessageFilter {
  readonly ids?: readonly number[];
  /** Count only. */
  readonly 'dry-run'?: boolean;
}

export interface ReplayAnswer {
  readonly matched: number;
  readonly setBack: number;
  /** Not set back: still to be worked; bytes expired. */
  readonly stillUndecided: number;
  readonly rawExpired: number;
  readonly dryRun: boolean;
}

/** Body of POST /ops/messages/:id/park. */
export interface ParkRequest {
  readonly reason: string;
}

export interface MessageStats {
  readonly from: string;
  readonly to: string;
  readonly partners: readonly {
    readonly partner: string;
    readonly total: number;
    readonly perHour: number;
    readonly states: Readonly<Record<MessageState, number>>;
    /** Of what is decided, the share that is parked; 0 to 1. */
    readonly parkedShare: number;
    readonly reasons: readonly {
      readonly state: MessageState;
      readonly reason: string;
      readonly count: number;
      readonly example: number;
    }[];
  }[];
  /** Not decided for good, whenever received. */
  readonly undecided: readonly {
    readonly partner: string;
    readonly state: 'received' | 'parked' | 'waiting';
    readonly count: number;
    readonly oldest: string;
  }[];
  readonly parked: readonly {
    readonly partner: string;
    readonly reason: string;
    readonly count: number;
    readonly oldest: string;
    readonly example: number;
  }[];
}
