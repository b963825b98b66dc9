// Faults as FHIR tells them: the HTTP status and an OperationOutcome (FHIR R4 operationoutcome.html, http.html#summary).

import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4.js';
import type { Fault, FaultCode, FaultKind } from '../base/fault.ts';

type IssueCode = OperationOutcomeIssue['code'];

const byKind: Readonly<Record<FaultKind, readonly [status: number, issue: IssueCode]>> = {
  invalid: [400, 'invalid'],
  unauthenticated: [401, 'login'],
  forbidden: [403, 'forbidden'],
  'not-found': [404, 'not-found'],
  gone: [410, 'deleted'],
  conflict: [409, 'conflict'],
  unsupported: [422, 'not-supported'],
  busy: [429, 'throttled'],
  unavailable: [503, 'transient'],
  defect: [500, 'exception'],
};

/** Where HTTP has a status of its own for what is wrong. */
const byCode: { readonly [Code in FaultCode]?: readonly [status: number, issue: IssueCode] } = {
  'http.method-not-allowed': [405, 'not-supported'],
  'fhir.interaction-unsupported': [405, 'not-supported'],
  'http.content-type': [415, 'not-supported'],
  'fhir.format-unsupported': [406, 'not-supported'],
  'http.body-too-large': [413, 'too-long'],
  'http.body-unfinished': [408, 'timeout'],
  'fhir.parameter-unknown': [400, 'not-supported'],
  'fhir.parameter-value': [400, 'value'],
  'fhir.id-invalid': [400, 'value'],
  'fhir.too-costly': [429, 'too-costly'],
};

const rule = (fault: Fault) => byCode[fault.code] ?? byKind[fault.kind];

export const statusOf = (fault: Fault): number => rule(fault)[0];

/** `details.coding` carries our stable code; `diagnostics` what a caller can put right. A defect tells no detail. */
export function outcomeOf(fault: Fault): OperationOutcome {
  if (fault.code === 'fhir.message-invalid' && fault.detail !== undefined) return outcomeOfPlaces(fault, fault.detail);
  const tells = fault.detail !== undefined && fault.kind !== 'defect' && fault.kind !== 'unavailable';
  return {
    resourceType: 'OperationOutcome',
    issue: [
      {
        severity: fault.kind === 'defect' ? 'fatal' : 'error',
        code: rule(fault)[1],
        details: { coding: [{ system: 'urn:throughline:fault', code: fault.code }], text: fault.message },
        ...(tells ? { diagnostics: fault.detail } : {}),
      },
    ],
  };
}

/** One issue for each line `place: what would be right`. */
const outcomeOfPlaces = (fault: Fault, lines: string): OperationOutcome => ({
  resourceType: 'OperationOutcome',
  issue: lines.split('\n').map((line) => ({
    severity: 'error',
    code: rule(fault)[1],
    details: { coding: [{ system: 'urn:throughline:fault', code: fault.code }], text: fault.message },
    diagnostics: line,
    expression: [line.slice(0, line.indexOf(': '))],
  })),
});

/** Told of what was kept: it will be worked, or has no effect and why. */
export const keptOutcome = (diagnostics: string): OperationOutcome => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'information', code: 'informational', diagnostics }],
});

/** Told beside the matches of a lenient search: which parameters were left out. */
export const ignoredOutcome = (names: readonly string[]): OperationOutcome => ({
  resourceType: 'OperationOutcome',
  issue: names.map((name) => ({
    severity: 'warning',
    code: 'not-supported',
    diagnostics: `The parameter ${name} is not supported here and was left out.`,
  })),
});
