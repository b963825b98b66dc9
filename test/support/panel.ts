// An organisation with a feed of a roster, and lists of members loaded as the API loads them.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { localDate } from '../../src/base/instant.ts';
import type { LoadMode } from '../../src/domain/panel/difference.ts';
import { guardCodes } from '../../src/domain/panel/guards.ts';
import { type Applied, applyPreview, previewLoad } from '../../src/flow/load-panel.ts';
import type { PanelLoad } from '../../src/store/panel-loads.ts';
import { readPanelCsv } from '../../src/translate/from-csv/panel-list.ts';
import { authorityNames } from '../../src/translate/panel-authorities.ts';
import { aSite, type TestSite } from './site.ts';

/** The authority of the feed. */
export const mrn = 'https://general-hospital.example/identifiers/mrn';

const authorities = authorityNames([
  {
    partner: 'general-hospital',
    defaultAuthority: { uri: mrn, name: 'General Hospital' },
    authorities: { GH: { uri: mrn, name: 'General Hospital' } },
  },
]);

/** The profiles of the project with the feed's panel as given and lines added to the organisation's file. */
export function rosterProfiles(offPanel: string, panel: 'all' | 'roster' = 'roster'): string {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'throughline-panel-')), 'profiles');
  afterAll(() => rmSync(path.dirname(folder), { recursive: true }));
  cpSync('profiles', folder, { recursive: true });
  const change = (file: string, work: (text: string) => string) =>
    writeFileSync(path.join(folder, file), work(readFileSync(path.join(folder, file), 'utf8')));
  change('partners/general-hospital.yaml', (text) => text.replace(/^panel: all$/m, `panel: ${panel}`));
  change('organisations/riverside-practice.yaml', (text) => `${text}\n${offPanel}\n`);
  return folder;
}

export interface PanelSite extends TestSite {
  preview(csv: string, options?: { mode?: LoadMode; asOf?: string }): Promise<PanelLoad>;
  /** Previews and applies, whatever the guards say. */
  load(csv: string, options?: { mode?: LoadMode; asOf?: string }): Promise<Applied>;
  /** State and reason of every message, in the order they came. */
  fates(): Promise<string[]>;
}

export async function aPanelSite(
  options: { readonly offPanel?: string; readonly panel?: 'all' | 'roster'; readonly now?: string } = {},
): Promise<PanelSite> {
  const site = await aSite({
    profilesDir: rosterProfiles(options.offPanel ?? '', options.panel),
    ...(options.now && { now: options.now }),
  });
  const { practice, database, now } = site.site.organisation;
  const acting = () => ({ actor: 'system:test', now: now() });
  const preview: PanelSite['preview'] = (csv, { mode = 'replace', asOf } = {}) => {
    const bytes = Buffer.from(csv);
    const list = readPanelCsv(bytes, authorities);
    const arrived = { bytes, list, source: 'test', mode, ...(asOf && { asOf: localDate(asOf) }) };
    return previewLoad(database, practice, arrived, acting());
  };
  return {
    ...site,
    preview,
    load: async (csv, given) => applyPreview(database, (await preview(csv, given)).id, guardCodes, acting()),
    async fates() {
      const { rows } = await site.owner.query<{ fate: string }>(
        `select state || coalesce(' ' || reason, '') as fate from inbox order by message`,
      );
      return rows.map((row) => row.fate);
    },
  };
}
