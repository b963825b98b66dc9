// The feed that the benchmarks send: invented people, each with a small life at a hospital. A third of the lives have
// something out of the ordinary: an emergency visit, a cancelled discharge, a second number that is merged away.

const wards = ['4W', '5E', '6N', '2S'];
const names = ['Winter', 'Quill', 'Marsh', 'Linden', 'Harrow', 'Birch', 'Sorrel', 'Finch'];
const given = ['Ada', 'Noel', 'Iris', 'Hugo', 'Vera', 'Otto', 'Lena', 'Emil'];
const diagnoses = [
  'I50.9^Heart failure, unspecified^I10',
  'J44.1^COPD with exacerbation^I10',
  'N17.9^Acute kidney failure^I10',
];

const pick = <Item>(list: readonly Item[], number: number): Item => list[number % list.length] as Item;
const day = (number: number): string => `202611${String(number).padStart(2, '0')}`;

interface Telling {
  readonly event: string;
  /** Day of the month and time: `10 081500`. */
  readonly at: string;
  readonly rest: readonly string[];
}

function write(person: number, mrn: string, { event, at, rest }: Telling): string {
  const [dayText = '10', time = '080000'] = at.split(' ');
  const stamp = `${day(Number(dayText))}${time}-0500`;
  const birth = `${1930 + (person % 60)}${String(1 + (person % 12)).padStart(2, '0')}${String(1 + (person % 28)).padStart(2, '0')}`;
  const name = `${pick(names, person)}^${pick(given, person >> 3)}^${String.fromCharCode(65 + (person % 26))}^^^^L`;
  const street = `${100 + (person % 900)} Mill Lane^^Riverside^NY^10001^USA^H`;
  const sex = person % 2 === 0 ? 'F' : 'M';
  return [
    `MSH|^~\\&|ADT|GH|THROUGHLINE|RIVERSIDE|${stamp}||ADT^${event}^ADT_A01|${event}-${mrn}-${dayText}${time}|P|2.5.1`,
    `EVN|${event}|${stamp}|||REG${person % 40}^Clerk^Robin|${stamp}`,
    `PID|1||${mrn}^^^GH^MR||${name}||${birth}|${sex}||2106-3^White^HL70005|${street}||^PRN^PH^^1^555^01${String(person % 10_000).padStart(4, '0')}||en^English^HL70296|M|||||||2186-5^Not Hispanic^HL70189`,
    ...rest,
    '',
  ].join('\r');
}

function visit(
  person: number,
  number: string,
  ward: number,
  more: { readonly class?: string; readonly disposition?: string; readonly from?: string; readonly to?: string } = {},
): string {
  const doctor = `${20_000 + (person % 120)}^Adler^Kim^^^Dr^^^GH`;
  const place = `${pick(wards, ward)}^${400 + (ward % 40)}^1^GH`;
  const tail = Array.from({ length: 16 }, () => '').join('|');
  const times = `|||||||${more.from ?? ''}|${more.to ?? ''}`;
  return `PV1|1|${more.class ?? 'I'}|${place}|||| ${doctor}|||MED||||||||||${number}^^^GH|${tail}${more.disposition ?? ''}${times}`.replace(
    '| ',
    '|',
  );
}

/** One person's messages in their order. */
export function lifeOf(person: number): string[] {
  const mrn = `7${String(person).padStart(7, '0')}`;
  const stay = `V${mrn}`;
  const first = 2 + (person % 12);
  const tell = (event: string, at: string, ...rest: string[]) => write(person, mrn, { event, at, rest });
  const from = `${day(first)}081500-0500`;
  if (person % 4 === 3) {
    return [
      tell('A04', `${first} 201500`, visit(person, `E${mrn}`, 7, { class: 'E' })),
      tell(
        'A03',
        `${first} 234000`,
        visit(person, `E${mrn}`, 7, { class: 'E', disposition: '01', to: `${day(first)}234000-0500` }),
      ),
    ];
  }
  const left = `${day(first + 5)}141000-0500`;
  const diagnosis = `DG1|1||${pick(diagnoses, person)}||${day(first)}|F`;
  const told = [
    tell('A01', `${first} 081500`, visit(person, stay, person, { from })),
    tell('A02', `${first + 1} 110000`, visit(person, stay, person + 1, { from })),
    tell('A08', `${first + 2} 093000`, visit(person, stay, person + 1, { from }), diagnosis),
    tell(
      'A03',
      `${first + 5} 141000`,
      visit(person, stay, person + 1, { disposition: person % 8 === 2 ? '06' : '01', from, to: left }),
      diagnosis,
    ),
  ];
  if (person % 16 === 4) told.push(tell('A13', `${first + 5} 150000`, visit(person, stay, person + 1, { from })));
  if (person % 16 === 8) {
    const other = `8${mrn.slice(1)}`;
    told.push(
      write(person, other, {
        event: 'A04',
        at: `${first + 6} 090000`,
        rest: [visit(person, `C${mrn}`, 3, { class: 'O' })],
      }),
    );
    told.push(tell('A40', `${first + 7} 100000`, `MRG|${other}^^^GH^MR`));
  }
  return told;
}

/**
 * The people's messages for one connection: the first message of each, then the second of each, and so on, forty people
 * at a time, since a hospital's messages about one person lie days apart and other people's come between.
 */
export function feedOf(people: readonly number[]): string[] {
  const feed: string[] = [];
  for (let at = 0; at < people.length; at += 40) {
    const lives = people.slice(at, at + 40).map(lifeOf);
    const longest = Math.max(...lives.map((life) => life.length));
    for (let step = 0; step < longest; step += 1) feed.push(...lives.flatMap((life) => life[step] ?? []));
  }
  return feed;
}

export const range = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + index);
