// Every address under /ops, feature by feature.

import type { ApiDependencies } from '../dependencies.ts';
import { feedRoutes } from './feeds.ts';
import { fileRoutes } from './files.ts';
import { itemRoutes } from './items.ts';
import { messageRoutes } from './messages.ts';
import type { OperatorRoute } from './operator.ts';
import { panelRoutes } from './panel.ts';
import { panelMemberRoutes } from './panel-members.ts';
import { reviewRoutes } from './reviews.ts';

export function operatorRoutes(given: ApiDependencies): readonly OperatorRoute[] {
  return [
    ...fileRoutes, //
    ...feedRoutes(given.feeds),
    ...itemRoutes(given.practices),
    ...messageRoutes(given),
    ...panelRoutes(given),
    ...panelMemberRoutes(given),
    ...reviewRoutes(given),
  ];
}
