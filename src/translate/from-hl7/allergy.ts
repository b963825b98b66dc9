// Allergies: AL1 gives a sender's whole list, IAM what becomes of single ones (HL7 v2.5.1 ch. 3.4.6 and 3.4.7).

import type { Allergy, AllergySaying } from '../../domain/patient/allergy.ts';
import { readCwe } from '../../hl7/datatypes.ts';
import type { Segment } from '../../hl7/parse.ts';
import { readTime } from '../../hl7/time.ts';
import { coded, lookUp } from './code.ts';
import { limited, type Reading, warn } from './reading.ts';
import { sent, text } from './sent.ts';

/**
 * Undefined when the message says nothing of allergies. `""` in AL1-3 empties the list (ch. 2.10.4). A list beside actions
 * is left out: it says what the actions make of it, or what they were made on, and nobody can tell which.
 */
export function readAllergies(reading: Reading): AllergySaying | undefined {
  const { message, language } = reading;
  const { partner } = language.dialect;
  const actions = limited(reading, message.all('IAM'), 'IAM');
  const list = limited(reading, message.all('AL1'), 'AL1');
  if (actions.length > 0) {
    if (list.length > 0) warn(reading, 'list-beside-actions', 'AL1');
    return { partner, mode: 'actions', said: actions.flatMap((one) => actionOf(reading, one)) };
  }
  const allergies = list.flatMap((segment) => allergyOf(reading, segment, { reaction: 5, onset: 6 }) ?? []);
  const isEmptied = list.some((segment) => segment.get(3) === null || segment.get(1) === null);
  if (allergies.length === 0 && !isEmptied) return undefined;
  return { partner, mode: 'snapshot', said: allergies.map((allergy) => ({ allergy, act: 'holds' as const })) };
}

/** IAM-6 (table 0206/0323): A and U say that it holds, D that it does not, X says nothing. */
function actionOf(reading: Reading, segment: Segment): AllergySaying['said'] {
  const action = text(segment.get(6))?.toUpperCase() ?? 'A';
  if (action === 'X') return [];
  if (!/^[ADU]$/.test(action)) {
    warn(reading, 'action-unknown', 'IAM-6');
    return [];
  }
  const allergy = allergyOf(reading, segment, { reaction: 5, onset: 11 });
  return allergy === undefined ? [] : [{ allergy, act: action === 'D' ? 'removed' : 'holds' }];
}

/** Undefined when it names no substance. */
function allergyOf(
  reading: Reading,
  segment: Segment,
  fields: { readonly reaction: number; readonly onset: number },
): Allergy | undefined {
  const code = coded(reading, readCwe(segment, 3));
  if (code === undefined) return undefined;
  const category = text(segment.get(2));
  const severity = text(segment.get(4));
  const onset = text(segment.get(fields.onset));
  const time = onset === undefined ? undefined : readTime(onset);
  if (onset !== undefined && time === undefined) warn(reading, 'time-unreadable', `${segment.name}-${fields.onset}`);
  const reactions = Array.from({ length: segment.repetitions(fields.reaction) }, (_, repetition) => {
    const said = (component: number) => text(segment.get(fields.reaction, component, 1, repetition));
    return said(2) ?? said(1);
  });
  const two = (part: number | undefined) => (part === undefined ? [] : [String(part).padStart(2, '0')]);
  return {
    code,
    reactions: [...new Set(reactions.filter((reaction) => reaction !== undefined))].slice(0, 20),
    ...sent({
      category:
        category === undefined ? undefined : (lookUp(reading, 'allergy-category', category) as Allergy['category']),
      criticality:
        severity === undefined ? undefined : (lookUp(reading, 'allergy-severity', severity) as Allergy['criticality']),
      onset:
        time === undefined
          ? undefined
          : [String(time.year).padStart(4, '0'), ...two(time.month), ...two(time.day)].join('-'),
    }),
  };
}
