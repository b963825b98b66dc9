// A list of members in the form it came in, with the authorities that the organisation's feeds name.

import type { PanelList } from '../domain/panel/collect.ts';
import { readPanelCsv } from '../translate/from-csv/panel-list.ts';
import { readPanelGroup } from '../translate/from-fhir/panel-group.ts';
import type { Dialect } from '../translate/from-hl7/dialect.ts';
import { authorityNames } from '../translate/panel-authorities.ts';

type Dialects = readonly Pick<Dialect, 'partner' | 'defaultAuthority' | 'authorities' | 'facilityAuthorities'>[];

export const readPanelList = (form: 'csv' | 'group', bytes: Uint8Array, dialects: Dialects): PanelList =>
  form === 'csv' ? readPanelCsv(bytes, authorityNames(dialects)) : readPanelGroup(bytes);

/** The URI that a name of an authority means here; undefined when it is unknown or means two. */
export const authorityUri = (dialects: Dialects, name: string | undefined): string | undefined =>
  authorityNames(dialects).uriOf(name);

/** What would be right where it is undefined. */
export const authorityWanted = (dialects: Dialects): string => authorityNames(dialects).wanted;
