// Whoever has the work of a case that moved to another patient is told: one Communication a case and message.

import type { Instant } from '../base/instant.ts';
import type { Understood } from '../domain/notice.ts';
import type { ResourceVersion } from '../store/resources.ts';
import { expressMoveNotice, type MovedCase } from '../translate/to-fhir/communication.ts';
import type { Organisation } from './organisation.ts';
import { digestOf, versionOf } from './publish.ts';

export function tellOwner(
  moved: MovedCase,
  notice: Understood,
  organisation: Organisation,
  now: Instant,
): ResourceVersion {
  const { express } = organisation;
  const id = organisation.newId<'communication'>();
  const { trigger, happenedAt } = notice;
  const item = expressMoveNotice(moved, { id, trigger, happenedAt, now }, express);
  const text = JSON.stringify(item.body);
  return versionOf(item, text, digestOf(text), 1, now);
}
