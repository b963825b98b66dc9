// Ids are branded strings; only `newId` and the row readers of `store/` mint them.

declare const brand: unique symbol;

/** An id of the thing called `Name`; the text is a UUID (version 7, so that indexes grow at one end). */
export type Id<Name extends string> = string & { readonly [brand]: Name };

export type PatientId = Id<'patient'>;
export type EncounterId = Id<'encounter'>;
export type CaseId = Id<'case'>;
export type TaskId = Id<'task'>;
export type EpisodeId = Id<'episode'>;

/** Makes a fresh id of any kind. An edge supplies it; tests supply a counting one. */
export type NewId = <Name extends string>() => Id<Name>;
