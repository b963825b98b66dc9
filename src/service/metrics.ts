// Prometheus metrics. Labels hold partners, events, states and routes; nothing in a metric says anything of a patient.

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Count } from '../flow/organisation.ts';

export interface InboxGauges {
  readonly received: number;
  readonly parked: number;
  readonly waiting: number;
  readonly oldestSeconds: number;
}

export interface Metrics {
  readonly registry: Registry;
  readonly count: Count;
  readonly intake: (what: 'received' | 'acknowledged' | 'unanswered', labels: Readonly<Record<string, string>>) => void;
  readonly mllp: (what: 'connection' | 'refused' | 'problem', labels: Readonly<Record<string, string>>) => void;
  /** Seconds from the last byte of a message to its acknowledgment. */
  readonly acknowledged: (seconds: number) => void;
  readonly request: (labels: { method: string; route: string; status: string }, seconds: number) => void;
}

export function createMetrics(inbox: () => Promise<ReadonlyMap<string, InboxGauges>>): Metrics {
  const registry = new Registry();
  const none: ReadonlyMap<string, InboxGauges> = new Map();
  let asked: Promise<ReadonlyMap<string, InboxGauges>> | undefined;
  /** The gauges of one scrape ask the database once. */
  const shared = () => {
    asked ??= inbox()
      .catch(() => none)
      .finally(() => setImmediate(() => (asked = undefined)));
    return asked;
  };
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = (name: string, help: string, ...labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers });
  const received = counter(
    'throughline_messages_received_total',
    'Messages received, by partner and event.',
    'partner',
    'trigger',
  );
  const acknowledged = counter(
    'throughline_messages_acknowledged_total',
    'Acknowledgments sent, by partner and code.',
    'partner',
    'code',
  );
  const unanswered = counter(
    'throughline_messages_unanswered_total',
    'Messages not kept and not answered, by partner and fault.',
    'partner',
    'code',
  );
  const decided = counter(
    'throughline_messages_decided_total',
    'Messages applied, ignored or parked, by event and reason.',
    'trigger',
    'state',
    'reason',
  );
  const unmapped = counter('throughline_codes_unmapped_total', 'Codes that no table holds, by table.', 'table');
  const versions = counter('throughline_resource_versions_total', 'Resource versions written.');
  const batches = counter('throughline_batches_total', 'Batches committed.');
  const retries = counter(
    'throughline_entry_failures_total',
    'Inbox entries whose processing failed for a reason of ours.',
  );
  const connections = counter(
    'throughline_mllp_connections_total',
    'MLLP connections, by partner and outcome.',
    'outcome',
    'partner',
  );
  const problems = counter('throughline_mllp_problems_total', 'Problems on MLLP connections.', 'problem', 'partner');
  const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
  const ackSeconds = new Histogram({
    name: 'throughline_acknowledgment_seconds',
    help: 'From the last byte of a message to its acknowledgment.',
    buckets,
    registers,
  });
  const requestSeconds = new Histogram({
    name: 'throughline_request_seconds',
    help: 'HTTP requests.',
    labelNames: ['method', 'route', 'status'],
    buckets,
    registers,
  });
  const gauge = (name: string, help: string, figure: keyof InboxGauges) =>
    new Gauge({
      name,
      help,
      labelNames: ['organisation'],
      registers,
      async collect() {
        for (const [organisation, figures] of await shared()) this.set({ organisation }, figures[figure]);
      },
    });
  gauge('throughline_inbox_waiting', 'Messages kept and not yet worked.', 'received');
  gauge('throughline_inbox_parked', 'Messages parked for a person.', 'parked');
  gauge('throughline_inbox_waiting_for_match', 'Messages that wait for a person to say whose they are.', 'waiting');
  gauge('throughline_inbox_oldest_seconds', 'Age of the oldest message not yet worked.', 'oldestSeconds');
  return {
    registry,
    count(what, labels, by = 1) {
      if (what === 'decided') decided.inc(labels, by);
      else if (what === 'unmapped-code') unmapped.inc({ table: labels['table'] ?? '' }, by);
      else if (what === 'resource-version') versions.inc(by);
      else if (what === 'batch') batches.inc(by);
      else if (what === 'retry') retries.inc(by);
    },
    intake(what, labels) {
      if (what === 'received') received.inc(labels);
      else if (what === 'acknowledged') acknowledged.inc(labels);
      else unanswered.inc(labels);
    },
    mllp(what, labels) {
      const partner = labels['partner'] ?? '';
      if (what === 'problem') problems.inc({ problem: labels['problem'] ?? '', partner });
      else connections.inc({ outcome: what, partner });
    },
    acknowledged: (seconds) => ackSeconds.observe(seconds),
    request: (labels, seconds) => requestSeconds.observe(labels, seconds),
  };
}
