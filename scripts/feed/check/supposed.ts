// Fields that say nothing of a patient, or are read before the content is: the header, and the numbers of segments.

/** MSH-1 to MSH-21 but MSH-8: delimiters, parties, type, id, version, acknowledgment, characters, profile. */
const header = new Set(
  [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 15, 16, 17, 18, 19, 20, 21].map((field) => `MSH-${field}`),
);
const setIds = new Set(['PID-1', 'PV1-1', 'NK1-1', 'DG1-1', 'AL1-1', 'IN1-1', 'GT1-1', 'OBX-1', 'PR1-1', 'EVN-1']);

export const isSupposed = (path: string): boolean => header.has(path) || setIds.has(path);
