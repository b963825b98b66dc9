// Every address under /ops, feature by feature.

import type { ApiDependencies } from '../dependencies.ts';
import { feedRoutes } from './feeds.ts';
import { fileRoutes } from './files.ts';
import { itemRoutes } from './items.ts';
import { messageRoutes } from './messages.ts';
import type { OperatorRoute } from './operator.ts';

export function operatorRoutes(given: ApiDependencies): readonly OperatorRoute[] {
  return [
    ...fileRoutes, //
    ...feedRoutes(given.feeds),
    ...itemRoutes(given.practices),
    ...messageRoutes(given),
  ];
}
