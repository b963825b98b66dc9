// What a text given to the operators' addresses may hold, wherever it stands: in the path, as a parameter, in a body. The
// database takes no NUL and no half of a character (Unicode ch. 3, D84), and one line of a log stays one line.

import { Fault } from '../../base/fault.ts';

const outsideLine = /[\u0000-\u001f\u007f-\u009f]|\p{Surrogate}/u;
const outsideNote = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\p{Surrogate}/u;

/** What people write may have several lines; everything else is one. */
const notes: ReadonlySet<string> = new Set(['note', 'reason']);

/** Throws `ops.request-invalid` naming the text. */
export function checkLine(text: string, name: string): void {
  if (outsideLine.test(text)) throw refusal(name, 'holds no control characters and no half characters');
}

/** The texts of a JSON body, by their names; in notes line ends and tabs may stand. Throws `ops.request-invalid`. */
export function checkTexts(body: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(body)) {
    if (typeof value !== 'string') continue;
    if (!notes.has(name)) checkLine(value, name);
    else if (outsideNote.test(value))
      throw refusal(name, 'holds no control characters but tabs and line ends, and no half characters');
  }
}

/** Names that nobody knows may be anything; they are not told back. */
const refusal = (name: string, says: string): Fault =>
  new Fault('ops.request-invalid', { detail: `${/^[a-z][a-z-]{0,30}$/i.test(name) ? name : 'a text'} ${says}` });
