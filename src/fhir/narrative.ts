// Generated narrative: a heading and a list, as the XHTML that FHIR allows (FHIR R4 narrative.html).
// Everything that comes in is text and is escaped; nothing can become markup.

import type { Narrative } from 'fhir/r4.js';

const special: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as XML content; characters that XML 1.0 cannot hold become U+FFFD. */
export const escapeXml = (text: string): string =>
  /[&<>"\u0000-\u001f\ud800-\udfff\ufffe\uffff]/.test(text)
    ? text
        .replace(/[&<>"]/g, (found) => special[found] ?? found)
        .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    : text;

/** One paragraph and, where there are lines, a list of them. */
export function narrative(heading: string, lines: readonly string[]): Narrative {
  const items = lines.map((line) => `<li>${escapeXml(line)}</li>`).join('');
  const list = items === '' ? '' : `<ul>${items}</ul>`;
  return {
    status: 'generated',
    div: `<div xmlns="http://www.w3.org/1999/xhtml"><p>${escapeXml(heading)}</p>${list}</div>`,
  };
}
