// What an organisation wants of its panel: `panel: { shrink-max-percent: 50 }` and `off-panel: { keep: raw, raw-days: 30 }`
// of its file, each key with a default.

import { defaultPanelRules, type PanelRules } from '../domain/panel/member.ts';
import { type Field, oneOf, record, report, wholeNumber } from './reading.ts';

const keeps = ['counts', 'raw', 'all'] as const;

export function readPanelRules(panel: Field | undefined, offPanel: Field | undefined): PanelRules {
  const shrink = panel && record(panel, [], ['shrink-max-percent'])['shrink-max-percent'];
  const percent = shrink ? wholeNumber(shrink, 0) : defaultPanelRules.shrinkPercentMax;
  if (shrink && percent > 100) report(shrink, `${percent} is no share`, 'write a number from 0 to 100');
  const keys = offPanel && record(offPanel, ['keep'], ['raw-days']);
  const keep = keys ? oneOf(keys.keep, keeps, 'rule') : defaultPanelRules.offPanel.keep;
  if (keys?.['raw-days'] && keep !== 'raw')
    report(keys['raw-days'], `days are named for keep: ${keep}`, 'leave raw-days out, or write keep: raw');
  const rawDays = keys?.['raw-days'] ? wholeNumber(keys['raw-days'], 1) : defaultPanelRules.offPanel.rawDays;
  return { shrinkPercentMax: percent, offPanel: { keep, rawDays } };
}
