// Reads a batch of acknowledgments (HL7 v2.5.1 ch. 2.10.3.3) and tells it as a table.

export interface AnsweredMessage {
  /** MSA-1 and MSA-2. */
  readonly code: string;
  readonly controlId: string;
  /** ERR: where, and why. */
  readonly errors: readonly string[];
}

export interface BatchAnswered {
  readonly messages: readonly AnsweredMessage[];
  /** Comments of the trailers. */
  readonly comments: readonly string[];
}

export function readAnswer(text: string): BatchAnswered {
  const messages: { code: string; controlId: string; errors: string[] }[] = [];
  const comments: string[] = [];
  let separator = '|';
  for (const line of text.split('\r')) {
    const name = line.slice(0, 3);
    if (name === 'MSH' || name === 'BHS' || name === 'FHS') separator = line.charAt(3);
    const fields = line.split(separator);
    if (name === 'MSA') messages.push({ code: fields[1] ?? '', controlId: fields[2] ?? '', errors: [] });
    else if (name === 'ERR')
      messages.at(-1)?.errors.push([fields[2] || fields[1], fields[8]].filter(Boolean).join(' '));
    else if ((name === 'BTS' || name === 'FTS') && (fields[2] ?? '') !== '') comments.push(plain(fields[2] ?? ''));
  }
  return { messages, comments };
}

/** The escapes that our comments may hold, in the standard's delimiters. */
const plain = (text: string): string =>
  text.replace(/\\([FSTRE])\\/g, (_all, letter: string) => ({ F: '|', S: '^', T: '&', R: '~', E: '\\' })[letter] ?? '');

export function tellAnswer(file: string, { messages, comments }: BatchAnswered, showsAll: boolean): string {
  const refused = messages.filter(({ code }) => code !== 'AA' && code !== 'CA').length;
  const lines = messages.flatMap(({ code, controlId, errors }, index) =>
    showsAll || errors.length > 0 || (code !== 'AA' && code !== 'CA')
      ? [`  ${String(index + 1).padStart(6)}  ${code}  ${controlId.padEnd(20)}  ${errors.join('; ')}`.trimEnd()]
      : [],
  );
  return [
    `${file}: ${messages.length} messages answered, ${messages.length - refused} accepted, ${refused} not`,
    ...lines,
    ...comments.map((comment) => `  ${comment}`),
  ].join('\n');
}
