// PlanDefinition: a protocol as others may read it (FHIR R4 plandefinition.html). One way only: what runs is the
// protocol file. Conditions are trees over named facts, given as JSON beside a sentence.

import type {
  PlanDefinition,
  PlanDefinitionAction,
  PlanDefinitionActionCondition,
  PlanDefinitionActionRelatedAction,
} from 'fhir/r4.js';
import type { CloseRule, Condition, DueRule, Protocol, TaskRule } from '../../domain/protocol/protocol.ts';
import { businessDaysUrl, dueConditionUrl, protocolUrl, taskCodeSystem } from '../../fhir/canonical.ts';
import { system } from '../../fhir/system.ts';

/** The action that opens a case; the offsets of tasks count from its trigger. */
const opening = 'open';

export function expressProtocol(protocol: Protocol, canonicalBase: string): PlanDefinition & { id: string } {
  return {
    resourceType: 'PlanDefinition',
    id: protocol.id,
    contained: protocol.tasks.map((task) => ({
      resourceType: 'ActivityDefinition',
      id: task.id,
      status: 'active',
      title: task.title,
      kind: 'Task',
      code: taskCode(task, canonicalBase),
    })),
    url: protocolUrl(canonicalBase, protocol.id),
    version: protocol.version,
    name: protocol.id.replace(/(^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, _gap, first: string) => first.toUpperCase()),
    title: protocol.title,
    type: { coding: [{ system: system.planType, code: 'clinical-protocol', display: 'Clinical Protocol' }] },
    status: 'active',
    description: protocol.description,
    relatedArtifact: [{ type: 'derived-from', display: protocol.source }],
    action: [
      {
        id: opening,
        title: protocol.title,
        trigger: [{ type: 'named-event', name: protocol.open.on }],
        condition: [applicability(protocol.open.if), ...protocol.close.map(stop)],
        action: protocol.tasks.map((task) => taskAction(task, canonicalBase)),
      },
    ],
  };
}

const taskCode = (task: TaskRule, base: string) => ({
  coding: [{ system: taskCodeSystem(base), code: task.id, display: task.title }],
  text: task.title,
});

function taskAction(task: TaskRule, base: string): PlanDefinitionAction {
  return {
    id: task.id,
    title: task.title,
    description: task.description,
    code: [taskCode(task, base)],
    relatedAction: task.due.map((due) => relatedAction(due, base)),
    participant: [{ type: 'practitioner', role: { text: task.owner } }],
    definitionCanonical: `#${task.id}`,
  };
}

function relatedAction(due: DueRule, base: string): PlanDefinitionActionRelatedAction {
  const extension =
    due.if === undefined ? undefined : [{ url: dueConditionUrl(base), valueExpression: expressionOf(due.if) }];
  if ('with' in due) return { extension, actionId: due.with, relationship: 'concurrent-with-end' };
  return {
    extension,
    actionId: opening,
    relationship: 'after-start',
    offsetDuration: {
      extension: due.of === 'business' ? [{ url: businessDaysUrl(base), valueBoolean: true }] : undefined,
      value: due.days,
      unit: 'days',
      system: system.ucum,
      code: 'd',
    },
  };
}

const applicability = (condition: Condition): PlanDefinitionActionCondition => ({
  kind: 'applicability',
  expression: expressionOf(condition),
});

const expressionOf = (condition: Condition) => ({
  description: sentence(condition),
  language: 'application/json',
  expression: JSON.stringify(condition),
});

function stop(rule: CloseRule): PlanDefinitionActionCondition {
  return {
    kind: 'stop',
    expression: { description: stopSentence(rule), language: 'application/json', expression: JSON.stringify(rule) },
  };
}

function stopSentence(rule: CloseRule): string {
  if ('after' in rule) return `${rule.after.days} days after the discharge: ${rule.as}`;
  if ('suspend' in rule) return `admitted as ${rule.classes.join(' or ')}: on hold, then ${rule.as}`;
  return `${rule.on}: ${rule.as}`;
}

function sentence(condition: Condition): string {
  if ('all' in condition) return condition.all.map(inner).join(' and ');
  if ('any' in condition) return condition.any.map(inner).join(' or ');
  if ('not' in condition) return `not ${inner(condition.not)}`;
  if ('is' in condition) return `${condition.fact} is ${condition.is}`;
  if ('in' in condition) return `${condition.fact} is one of ${condition.in.join(', ')}`;
  if ('at-least' in condition) return `${condition.fact} is at least ${condition['at-least']}`;
  return `${condition.fact} is at most ${condition['at-most']}`;
}

const inner = (condition: Condition): string =>
  'all' in condition || 'any' in condition ? `(${sentence(condition)})` : sentence(condition);
