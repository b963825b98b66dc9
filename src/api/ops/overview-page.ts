// The overview as HTML: figures and three tables, plain, without scripts, readable on any screen and aloud (WCAG 2.2).

import type { Patient, Task } from 'fhir/r4.js';
import { escapeXml } from '../../fhir/narrative.ts';
import type { Overview, OverviewTask } from '../../store/overview.ts';

const style = `:root{color-scheme:light dark;--line:#8886;--late:#b3261e}
@media (prefers-color-scheme:dark){:root{--late:#ff8a80}}
body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:72rem;padding:1rem 1.5rem}
dl{display:flex;flex-wrap:wrap;gap:1rem;margin:1rem 0;padding:0}
dl div{border:1px solid var(--line);border-radius:.5rem;padding:.5rem 1rem;min-width:8rem}
dt{margin:0}dd{margin:0;font-size:2rem;font-weight:600}
table{border-collapse:collapse;width:100%}caption,th,td{text-align:left;vertical-align:top;padding:.4rem .6rem}
caption{font-weight:600;font-size:1.15rem;padding:1rem 0 .4rem}
th,td{border-bottom:1px solid var(--line)}td small{display:block}.late{color:var(--late);font-weight:600}`;

/** The style sheet's hash for the Content-Security-Policy is made of exactly this text. */
export const pageStyle = style;

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(title)}</title><style>${style}</style></head><body>${body}</body></html>`;

export const strangerPage = (): string =>
  page(
    'Throughline',
    `<main><h1>Throughline</h1><p>This page shows patients, so it opens with a link that is made for you and works once.</p>
<p>Make one with <code>npm run -s token -- --app</code> where the service runs; <code>npm run demo</code> prints one too.</p></main>`,
  );

export function patientName(patient: Patient): string {
  const name = patient.name?.find(({ use }) => use === 'official') ?? patient.name?.[0];
  const family = name?.family ?? '';
  const given = name?.given?.join(' ') ?? '';
  const both = [family, given].filter((part) => part !== '').join(', ');
  return both || name?.text || 'Name not known';
}

const ownerOf = (task: Task): string => task.owner?.display ?? task.performerType?.[0]?.text ?? '';

function row(entry: OverviewTask, formatDue: (at: number) => string, explanationUrl: string): string {
  const task = JSON.parse(entry.task) as Task;
  const patient = entry.patient === null ? undefined : (JSON.parse(entry.patient) as Patient);
  const why = task.extension?.find(({ url }) => url === explanationUrl)?.valueString ?? '';
  const name = patient === undefined ? 'Name not known' : patientName(patient);
  const dueClass = entry.due === 'overdue' ? ' class="late"' : '';
  return `<tr><th scope="row">${escapeXml(name)}</th><td>${escapeXml(task.code?.text ?? task.description ?? '')}</td><td><span${dueClass}>${escapeXml(formatDue(entry.dueAt))}</span><small>${escapeXml(why)}</small></td><td>${escapeXml(ownerOf(task))}</td></tr>`;
}

export function overviewPage(
  overview: Overview,
  given: {
    readonly practice: string;
    readonly day: string;
    readonly formatDue: (at: number) => string;
    readonly explanationUrl: string;
  },
): string {
  const table = (due: OverviewTask['due'], title: string, total: number): string => {
    const rows = overview.tasks.filter((entry) => entry.due === due);
    const more = total > rows.length ? `<p>and ${total - rows.length} more</p>` : '';
    if (rows.length === 0) return `<h2>${title}</h2><p>None.</p>`;
    return `<table><caption>${title}</caption><thead><tr><th scope="col">Patient</th><th scope="col">Task</th><th scope="col">Due</th><th scope="col">Owner</th></tr></thead><tbody>${rows
      .map((entry) => row(entry, given.formatDue, given.explanationUrl))
      .join('')}</tbody></table>${more}`;
  };
  const figure = (name: string, count: number): string => `<div><dt>${name}</dt><dd>${count}</dd></div>`;
  return page(
    `${given.practice}: care transitions`,
    `<main><h1>${escapeXml(given.practice)}</h1><p>Care transitions on ${escapeXml(given.day)}</p><dl>${[
      figure('Open cases', overview.openCases),
      figure('Suspended cases', overview.suspendedCases),
      figure('Tasks due today', overview.today),
      figure('Tasks overdue', overview.overdue),
      figure('Messages parked', overview.parked),
    ].join(
      '',
    )}</dl>${table('overdue', 'Overdue', overview.overdue)}${table('today', 'Due today', overview.today)}${table('next', 'Due in the next seven days', overview.next)}</main>`,
  );
}
