// CSV of any size, record by record (RFC 4180): quoted cells may hold commas, quotes and line ends; lines end with CRLF,
// LF or, as old spreadsheets for the Mac write them, CR; a byte order mark is passed over. Nothing is repaired: a record
// with a quote out of place says so.

export interface CsvRecord {
  /** Where it starts, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
  readonly isBroken: boolean;
}

/** Records that hold nothing at all are left out. */
export function* csvRecords(text: string): Generator<CsvRecord> {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const cells: string[] = [];
    const start = line;
    let isBroken = false;
    for (;;) {
      if (text[at] === '"') {
        let cell = '';
        let from = at + 1;
        let close = text.indexOf('"', from);
        while (close >= 0 && text[close + 1] === '"') {
          cell += text.slice(from, close + 1);
          from = close + 2;
          close = text.indexOf('"', from);
        }
        isBroken ||= close < 0;
        const end = close < 0 ? text.length : close;
        cell += text.slice(from, end);
        line += lineEnds(text, at, end);
        cells.push(cell);
        at = end + 1;
        const next = endOfCell(text, at);
        isBroken ||= next > at;
        at = next;
      } else {
        const next = endOfCell(text, at);
        const cell = text.slice(at, next);
        isBroken ||= cell.includes('"');
        cells.push(cell);
        at = next;
      }
      if (text[at] !== ',') break;
      at += 1;
    }
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
    line += 1;
    if (cells.length > 1 || cells[0] !== '') yield { line: start, cells, isBroken };
  }
}

const [comma, CR, LF] = [44, 13, 10];

/** The comma or line end that closes a cell. */
function endOfCell(text: string, at: number): number {
  for (let end = at; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === comma || code === CR || code === LF) return end;
  }
  return text.length;
}

/** Looks at the cell and no further: a search for the next line end would go through the whole text where there is none. */
function lineEnds(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code === LF || (code === CR && text.charCodeAt(at + 1) !== LF)) count += 1;
  }
  return count;
}
