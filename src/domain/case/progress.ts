// What documents and appointments say of a task before a person has done it: the summary of the discharge is there, a
// visit is booked. Neither completes the task: what was written must be read, and an appointment is not a visit.
// docs/decisions/0033-evidence-moves-a-task.md.

import { formatMoment } from '../../base/moment.ts';
import type { Appointment } from '../appointment/appointment.ts';
import { type Document, isReadableSummary } from '../document/document.ts';
import type { TaskRule } from '../protocol/protocol.ts';
import type { Case, EvidenceName, Task, TaskProgress, TaskProgressCode } from './case.ts';

export interface Evidence {
  readonly documents: readonly Document[];
  readonly appointments: readonly Appointment[];
}

type Shown = Omit<TaskProgress, 'isBegun'>;

/** The case with its tasks as the evidence shows them; `before`: the same tasks when the chart was last advanced. */
export function showProgress(
  one: Case,
  kindOf: (task: string) => TaskRule['kind'] | undefined,
  evidence: Evidence,
  before: ReadonlyMap<string, Task>,
): Case {
  if (one.state === 'withdrawn') return one;
  return {
    ...one,
    tasks: one.tasks.map((task) => {
      if (task.status === 'completed' || task.status === 'entered-in-error') return task;
      return withProgress(task, progressOf(kindOf(task.code), one, task, evidence), before.get(task.id));
    }),
  };
}

function withProgress(task: Task, shown: Shown | undefined, before: Task | undefined): Task {
  const isByPerson = task.status === 'in-progress' && before?.progress?.isBegun !== true;
  const status = task.status === 'in-progress' && !isByPerson ? 'ready' : task.status;
  if (!shown) return status === task.status ? task : { ...task, status };
  const isBegun = status === 'ready' && (shown.code === 'document-received' || shown.code === 'appointment-booked');
  return { ...task, status: isBegun ? 'in-progress' : status, progress: { ...shown, isBegun } };
}

function progressOf(
  kind: TaskRule['kind'] | undefined,
  one: Case,
  task: Task,
  { documents, appointments }: Evidence,
): Shown | undefined {
  if (kind === 'document') return documentProgress(one, documents);
  return kind === 'visit' ? visitProgress(one, task, appointments) : undefined;
}

function documentProgress(one: Case, documents: readonly Document[]): Shown | undefined {
  const received = documents.filter((each) => each.encounter === one.encounter && isReadableSummary(each));
  const [first] = received;
  if (!first) return undefined;
  const text = `The discharge summary of ${formatMoment(first.facts.writtenAt ?? first.happenedAt).slice(0, 10)} was received; reading it is outstanding.`;
  return { code: 'document-received', text, by: received.map((each) => nameOf('DocumentReference', each)) };
}

/** Appointments after the discharge and before the end of the period that are of a kind that follows up. */
function visitProgress(one: Case, task: Task, appointments: readonly Appointment[]): Shown | undefined {
  const own = appointments
    .flatMap((each) => {
      const start = each.facts.start;
      const isOurs =
        start && start.at > one.dischargedAt.at && start.at < one.endsAt && each.facts.isFollowUp !== false;
      return isOurs ? [{ each, start, isInWindow: start.at <= task.due.at + 999 }] : [];
    })
    .sort((a, b) => a.start.at - b.start.at || (a.each.order < b.each.order ? -1 : 1));
  const isStanding = ({ status }: Appointment) =>
    status === 'booked' || status === 'pending' || status === 'arrived' || status === 'fulfilled';
  const standing = own.filter(({ each }) => isStanding(each));
  const shown = (code: TaskProgressCode, text: string, found: typeof own): Shown => ({
    code,
    text,
    by: found.map(({ each }) => nameOf('Appointment', each)),
  });
  const [inWindow] = standing.filter(({ isInWindow }) => isInWindow);
  if (inWindow) {
    const day = inWindow.start.date;
    const isPast = inWindow.each.status === 'arrived' || inWindow.each.status === 'fulfilled';
    const text = isPast
      ? `The appointment of ${day} took place, says the scheduling system; the visit is still to be recorded.`
      : `An appointment is booked for ${day}; the visit itself is outstanding.`;
    return shown('appointment-booked', text, [inWindow]);
  }
  const [late] = standing;
  if (late) {
    const text = `The appointment of ${late.start.date} is after the last day for this, ${task.due.date}; book an earlier one.`;
    return shown('appointment-outside-window', text, [late]);
  }
  const [latest] = [...own].sort((a, b) => (a.each.order > b.each.order ? -1 : 1));
  if (latest?.each.status === 'noshow')
    return shown('no-show', `The patient did not come on ${latest.start.date}; book another appointment.`, [latest]);
  if (latest?.each.status === 'cancelled') {
    const text = `The appointment of ${latest.start.date} was cancelled; book another one.`;
    return shown('appointment-cancelled', text, [latest]);
  }
  return undefined;
}

const nameOf = (type: EvidenceName['type'], { identifier, toldOf: [first] }: Document | Appointment): EvidenceName => ({
  type,
  identifier: { authority: identifier.authority, value: identifier.value },
  ...(first && { toldOf: first }),
});
