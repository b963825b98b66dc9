// Every address under /ops, feature by feature.

import type { ApiDependencies } from '../dependencies.ts';
import type { OperatorRoute } from './operator.ts';

export function operatorRoutes(_given: ApiDependencies): readonly OperatorRoute[] {
  return [];
}
