// The answer to a file of messages (HL7 v2.5.1 ch. 2.10.3.3): the acknowledgments in the order of the messages, batch by
// batch, within FHS and FTS where the file had them. What does not fit, and which messages were not accepted, stands
// in the comments of the trailers (BTS-2, FTS-2).

import { type BatchFlag, type Tally, tellFlag } from './batch-tally.ts';
import { type Delimiters, readDelimiters, standardDelimiters } from './delimiters.ts';
import { escapeText } from './escape.ts';

export interface BatchAnswer {
  /** FHS or BHS as sent: the answer goes back to whoever sent it. */
  header(name: 'FHS' | 'BHS', text: string): void;
  acknowledgments(texts: readonly Uint8Array[]): void;
  /** Names a message that was not accepted. */
  refused(number: number, controlId: string | undefined, code: string): void;
  /** The batch in hand is over. */
  trailer(tally: Tally): void;
  /** The whole answer. */
  end(tally: Tally): Buffer;
}

export interface AnswerOptions {
  /** FHS-7, BHS-7. */
  readonly now: string;
  readonly newControlId: () => string;
  readonly us: { readonly application: string; readonly facility: string };
}

/** Refusals named in one comment; the acknowledgments tell them all. */
const namedMax = 20;

export function createBatchAnswer(options: AnswerOptions): BatchAnswer {
  const parts: Uint8Array[] = [];
  let file: Delimiters | undefined;
  let batch: Delimiters | undefined;
  let acknowledged = 0;
  let batches = 0;
  let refusals: string[] = [];
  let refusedCount = 0;
  let told = 0;

  const write = (delimiters: Delimiters, fields: readonly string[]): void => {
    parts.push(Buffer.from(`${fields.join(delimiters.field)}\r`, 'utf8'));
  };

  function open(name: 'FHS' | 'BHS', text: string | undefined): Delimiters {
    const delimiters = delimitersOf(text);
    const sent = (text?.split(/[\r\n]/)[0] ?? '').split(delimiters.field);
    // Counted from 0, and the separator itself is field 1.
    const field = (number: number): string => (sent[number - 1] ?? '').replace(/[\x00-\x1f\x7f]/g, ' ').trim();
    const { component, repetition, escape: mark, subcomponent } = delimiters;
    write(delimiters, [
      `${name}${delimiters.field}${component}${repetition}${mark}${subcomponent}`,
      field(5) || escapeText(options.us.application, delimiters),
      field(6) || escapeText(options.us.facility, delimiters),
      field(3),
      field(4),
      options.now,
      '',
      '',
      '',
      options.newControlId(),
      field(11),
    ]);
    return delimiters;
  }

  function openBatch(text: string | undefined): void {
    batch = open('BHS', text);
    batches += 1;
    acknowledged = 0;
  }

  function closeBatch({ flags }: Tally): void {
    if (batch === undefined) return;
    const named =
      refusals.length < refusedCount ? [...refusals, `and ${refusedCount - refusals.length} more`] : refusals;
    const comment = [...untold(flags), ...named].join('; ');
    write(batch, ['BTS', String(acknowledged), ...(comment === '' ? [] : [escapeText(comment, batch)])]);
    batch = undefined;
    refusals = [];
    refusedCount = 0;
  }

  /** Flags that no trailer has told of yet. */
  function untold(flags: readonly BatchFlag[]): string[] {
    const fresh = flags.slice(told).map(tellFlag);
    told = flags.length;
    return fresh;
  }

  return {
    header(name, text) {
      if (name === 'BHS') openBatch(text);
      else file ??= open('FHS', text);
    },
    acknowledgments(texts) {
      if (texts.length === 0) return;
      if (batch === undefined) openBatch(undefined);
      parts.push(...texts);
      acknowledged += texts.length;
    },
    refused(number, controlId, code) {
      if (batch === undefined) openBatch(undefined);
      refusedCount += 1;
      const name = controlId === undefined ? 'without control id' : `control id ${controlId}`;
      if (refusals.length < namedMax) refusals.push(`message ${number} (${name}): ${code}`);
    },
    trailer: closeBatch,
    end(tally) {
      if (batches === 0 && file === undefined) openBatch(undefined);
      closeBatch(tally);
      if (file !== undefined) {
        const comment = untold(tally.flags).join('; ');
        write(file, ['FTS', String(batches), ...(comment === '' ? [] : [escapeText(comment, file)])]);
      }
      return Buffer.concat(parts);
    },
  };
}

/** FHS-1, -2 and BHS-1, -2 are as MSH-1 and -2; where they cannot be read the standard ones are used. */
function delimitersOf(text: string | undefined): Delimiters {
  if (text === undefined) return standardDelimiters;
  try {
    return readDelimiters(`MSH${text.slice(3)}`, 0);
  } catch {
    return standardDelimiters;
  }
}
