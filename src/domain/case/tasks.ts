// The tasks and referrals of a case follow its standing: open work is withdrawn, suspended, resumed or failed with it,
// and always says why. What a person completed stays completed.

import type { NewId } from '../../base/id.ts';
import type { Discharge } from '../encounter/stay.ts';
import type { Protocol } from '../protocol/protocol.ts';
import type { CloseReason, DueDate, Referral, Task, TaskStatus } from './case.ts';
import type { Standing } from './standing.ts';

export function planTasks(
  protocol: Protocol,
  due: ReadonlyMap<string, DueDate>,
  standing: Standing,
  discharge: Discharge,
  known: readonly Task[],
  newId: NewId,
): Task[] {
  return protocol.tasks.flatMap((rule): Task[] => {
    const before = known.find((task) => task.code === rule.id);
    if (before?.status === 'completed') return [before];
    const dueDate = due.get(rule.id);
    if (!dueDate) return before ? [before] : [];
    const { status, reason } = taskStanding(standing, before?.status);
    return [
      {
        id: before?.id ?? newId<'task'>(),
        code: rule.id,
        title: rule.title,
        owner: before?.owner ?? rule.owner,
        status,
        ...(reason !== undefined && { statusReason: reason }),
        due: dueDate,
        authoredAt: discharge.at.at,
        ...(standing.closedAt !== undefined && { endedAt: standing.closedAt }),
      },
    ];
  });
}

export function planReferrals(
  protocol: Protocol,
  due: ReadonlyMap<string, DueDate>,
  standing: Standing,
  known: readonly Referral[],
  newId: NewId,
): Referral[] {
  return protocol.tasks.flatMap((rule): Referral[] => {
    const dueDate = due.get(rule.id);
    if (!rule.referral || !dueDate) return [];
    const before = known.find((referral) => referral.task === rule.id);
    if (before?.status === 'completed') return [before];
    return [
      {
        task: rule.id,
        id: before?.id ?? newId<'referral'>(),
        title: rule.referral.title,
        due: dueDate,
        status: referralStatus(standing),
      },
    ];
  });
}

function taskStanding(standing: Standing, before: TaskStatus | undefined): { status: TaskStatus; reason?: string } {
  switch (standing.state) {
    case 'open':
      return { status: before === 'in-progress' ? 'in-progress' : 'ready' };
    case 'suspended':
      return { status: 'on-hold', reason: 'The patient was readmitted; the case is suspended for that stay.' };
    case 'withdrawn':
      return { status: 'entered-in-error', reason: 'The discharge was cancelled by the hospital.' };
    case 'closed':
      return closedTask(standing.closedAs ?? 'finished');
  }
}

function closedTask(closedAs: CloseReason): { status: TaskStatus; reason: string } {
  switch (closedAs) {
    case 'deceased':
      return { status: 'cancelled', reason: 'The patient died.' };
    case 'not-qualifying':
      return { status: 'cancelled', reason: 'The disposition, told later, does not qualify for this protocol.' };
    case 'readmitted':
      return { status: 'cancelled', reason: 'The patient was readmitted and the period ended.' };
    case 'entered-in-error':
      return { status: 'entered-in-error', reason: 'The case was entered in error.' };
    case 'finished':
      return { status: 'failed', reason: 'The period ended before this was recorded as done.' };
  }
}

function referralStatus(standing: Standing): Referral['status'] {
  if (standing.state === 'open') return 'active';
  if (standing.state === 'suspended') return 'on-hold';
  return standing.state === 'withdrawn' ? 'entered-in-error' : 'revoked';
}
