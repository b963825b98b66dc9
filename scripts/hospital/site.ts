// The four houses of the invented hospital group. Each has its own zone and its own way to write messages, as the houses
// of a real group do after a few takeovers.

export interface Site {
  /** MSH-4. */
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  readonly version: string;
  /** Where offsets stand: nowhere, in MSH-7 alone, in every time, or in the times of about every second message. */
  readonly offsets: 'none' | 'header' | 'all' | 'some';
  /** MSH-18 and the bytes that go with it. */
  readonly charset: 'UNICODE UTF-8' | '8859/1';
  /** Whether MSH-15 and MSH-16 ask for enhanced acknowledgments. */
  readonly enhanced: boolean;
  /** Whether PID-3 names the authority of its numbers. */
  readonly namesAuthority: boolean;
  /** Whether EVN-6 says when something happened; else EVN-2 does. */
  readonly tellsOccurrence: boolean;
  readonly wards: readonly string[];
}

const wards = ['2 East', '3 West', '4 North', '5 South', 'ICU'];

const main: Site = {
  id: 'GH-MAIN',
  name: 'General Hospital',
  zone: 'America/New_York',
  city: 'Exampleville',
  state: 'NY',
  postalCode: '00000',
  version: '2.5.1',
  offsets: 'header',
  charset: 'UNICODE UTF-8',
  enhanced: false,
  namesAuthority: true,
  tellsOccurrence: true,
  wards,
};

const chicago: Site = {
  ...main,
  id: 'GH-CHICAGO',
  name: 'General Hospital Lakeside',
  zone: 'America/Chicago',
  city: 'Sampleton',
  state: 'IL',
  version: '2.3',
  offsets: 'none',
  namesAuthority: false,
  tellsOccurrence: false,
};

const denver: Site = {
  ...main,
  id: 'GH-DENVER',
  name: 'General Hospital Foothills',
  zone: 'America/Denver',
  city: 'Mockington',
  state: 'CO',
  offsets: 'all',
  enhanced: true,
};

const phoenix: Site = {
  ...main,
  id: 'GH-PHOENIX',
  name: 'General Hospital Mesa',
  zone: 'America/Phoenix',
  city: 'Fictional Springs',
  state: 'AZ',
  version: '2.4',
  offsets: 'some',
  charset: '8859/1',
};

export const sites = { main, chicago, denver, phoenix } as const;

/** As often as their beds: the main house has about half of them. */
export const siteChances: readonly Site[] = [main, main, main, main, main, chicago, chicago, denver, denver, phoenix];
