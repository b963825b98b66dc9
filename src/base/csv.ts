// CSV of any size, record by record (RFC 4180): quoted cells may hold commas, quotes and line ends; lines end with CRLF
// or LF; a byte order mark is passed over. Nothing is repaired: a record with a quote out of place says so.

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
        for (let found = text.indexOf('\n', at); found >= 0 && found < end; found = text.indexOf('\n', found + 1))
          line += 1;
        cells.push(cell);
        at = end + 1;
        const next = endOfCell(text, at);
        isBroken ||= text.slice(at, next).replace('\r', '') !== '';
        at = next;
      } else {
        const next = endOfCell(text, at);
        const cell = text.slice(at, text[next] === ',' || text[next - 1] !== '\r' ? next : next - 1);
        isBroken ||= cell.includes('"');
        cells.push(cell);
        at = next;
      }
      if (text[at] !== ',') break;
      at += 1;
    }
    at += 1;
    line += 1;
    if (cells.length > 1 || cells[0] !== '') yield { line: start, cells, isBroken };
  }
}

/** The comma or line end that closes a cell. */
function endOfCell(text: string, at: number): number {
  for (let end = at; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === 44 || code === 10) return end;
  }
  return text.length;
}
