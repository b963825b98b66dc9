// Files of messages for operators: what came, how far it was read, what did not fit, and how each message was answered.

import { Fault } from '../../base/fault.ts';
import { type FlagTold, tellFlags } from '../../flow/receive-file.ts';
import { fileMessages, type IntakeFile, listFiles, readFile } from '../../store/intake-files.ts';
import { type OperatorRoute, parametersOf } from './operator.ts';
import { integerMax, numberOf, shownOf } from './parameter.ts';

const rowsMax = 1_000;
const states: readonly string[] = ['reading', 'done', 'failed'] satisfies IntakeFile['state'][];

interface Shown extends Omit<IntakeFile, 'tally'> {
  readonly batches: number;
  readonly flags: readonly FlagTold[];
}

const shown = ({ tally, ...file }: IntakeFile): Shown => ({ ...file, ...tellFlags(tally) });

export const fileRoutes: readonly OperatorRoute[] = [
  {
    method: 'GET',
    path: '/files',
    name: 'ops files',
    async serve({ database, query }) {
      const { partner, state, before, limit } = parametersOf(query, ['partner', 'state', 'before', 'limit']);
      if (state !== undefined && !states.includes(state))
        throw new Fault('ops.request-invalid', { detail: `state is one of ${states.join(', ')}` });
      const most = Math.min(rowsMax, numberOf(limit, 'limit') ?? 100);
      const found = await listFiles(database, { partner, state, before: numberOf(before, 'before'), limit: most + 1 });
      const { rows, more } = shownOf(found, most);
      return { json: { files: rows.map(shown), ...more } };
    },
  },
  {
    method: 'GET',
    path: '/files/:id',
    name: 'ops file',
    async serve({ database, params, query }) {
      const { answer, after, limit } = parametersOf(query, ['answer', 'after', 'limit']);
      if (answer !== undefined && answer !== 'refused')
        throw new Fault('ops.request-invalid', { detail: 'answer is refused, or absent for all messages' });
      const file = await readFile(database, numberOf(params.id, 'the id') ?? 0);
      if (!file) throw new Fault('ops.not-found');
      const most = Math.min(rowsMax, numberOf(limit, 'limit') ?? 100);
      const last = numberOf(after, 'after', integerMax) ?? 0;
      const found = await fileMessages(database, file.id, last, most + 1, answer === 'refused');
      const { rows, more } = shownOf(found, most);
      return { json: { ...shown(file), outcomes: rows, ...more } };
    },
  },
];
