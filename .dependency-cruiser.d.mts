// The rules of .dependency-cruiser.mjs as TypeScript sees them.

import type { ICruiseOptions, IForbiddenRuleType } from 'dependency-cruiser';

declare const ruleBook: { readonly forbidden: IForbiddenRuleType[]; readonly options: ICruiseOptions };
export default ruleBook;
