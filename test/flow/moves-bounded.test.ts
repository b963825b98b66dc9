// How far a move of a stay reaches (A44, A45; docs/decisions/0015-identity.md): all of the stay, under all its numbers and
// in whichever order it is told, and nothing of anybody else's under a number that is used again.

import { afterEach, describe, expect, it } from 'vitest';
import { processMessages } from '../../src/flow/process-messages.ts';
import { withOwner } from '../support/aftermath.ts';
import { aDischarge, aMerge, anAdmission, anAdt, anUpdate, segment } from '../support/hl7.ts';
import { aSite, type TestSite } from '../support/site.ts';
import {
  aMovedAccount,
  aMovedVisit,
  type Cast,
  castOf,
  chartsOf,
  type Person,
  tellInAnyOrder,
} from '../support/stay-moves.ts';

const sites: TestSite[] = [];
afterEach(async () => {
  for (const site of sites.splice(0)) await site.close();
});

const now = '2026-11-22T15:00:00Z';
const day = (number: number, year = 2026): string => `${year}11${String(number).padStart(2, '0')}100000-0500`;
const [before, after] = [2024, 2026];

async function opened(): Promise<TestSite> {
  const site = await aSite({ now });
  sites.push(site);
  return site;
}

type Story = (cast: Cast) => readonly string[];
type Charts = Readonly<Record<string, string>>;

async function inTurn(story: Story): Promise<Charts | undefined> {
  const site = await opened();
  for (const message of story(castOf(0))) {
    expect(await site.send(message)).not.toBe('close');
    await site.work();
  }
  return (await chartsOf(site)).get(0);
}

async function inAnyOrder(story: Story, expected: Charts): Promise<void> {
  const site = await opened();
  const orders = await tellInAnyOrder(site, story);
  const found = await chartsOf(site);
  for (let order = 0; order < orders; order += 1)
    expect({ order, charts: found.get(order) }).toMatchObject({ charts: expected });
}

const stay = (person: Person, visit: string, year = after) => [
  anAdmission({ ...person, visit, at: day(2, year) }),
  aDischarge({ ...person, visit, at: day(5, year) }),
];

describe('a moved account (A44)', () => {
  it('takes nothing from somebody else whose account another authority gave the same number', async () => {
    const charts = await inTurn(({ nora, rita, olga, number }) => [
      anAdmission({ ...nora, visit: number('V1'), account: '500^^^HOSPA', at: day(2) }),
      aMovedAccount('500^^^HOSPA', rita, nora, day(3)),
      anAdmission({ ...olga, visit: number('W7'), account: '500^^^HOSPB', at: day(4) }),
      aDischarge({ ...olga, visit: number('W7'), account: '500^^^HOSPB', at: day(5) }),
    ]);
    expect(charts).toEqual({ R: 'V1 in-progress', N: '', O: 'W7 finished, plan' });
  });

  it('takes nothing from the same person whose account another authority gave the same number', async () => {
    const charts = await inTurn(({ nora, rita, number }) => [
      anAdmission({ ...nora, visit: number('V1'), account: '500^^^HOSPA', at: day(2) }),
      aMovedAccount('500^^^HOSPA', rita, nora, day(3)),
      anAdmission({ ...nora, visit: number('W7'), account: '500^^^HOSPB', at: day(4) }),
    ]);
    expect(charts).toEqual({ R: 'V1 in-progress', N: 'W7 in-progress' });
  });

  it('takes nothing from somebody else who has the account now', async () => {
    await inAnyOrder(
      ({ nora, rita, olga, number }) => [
        anAdmission({ ...nora, visit: number('V1'), account: number('500'), at: day(2) }),
        aMovedAccount(number('500'), rita, nora, day(3)),
        aDischarge({ ...olga, visit: number('W7'), account: number('500'), at: day(5) }),
      ],
      { R: 'V1 in-progress', O: 'W7 finished, plan' },
    );
  });

  const whole: Story = ({ nora, rita, number }) => [
    anAdmission({ ...nora, visit: number('V1'), account: number('500'), at: day(2) }),
    aDischarge({ ...nora, visit: number('V1'), at: day(5) }),
    aMovedAccount(number('500'), rita, nora, day(6)),
  ];

  it('takes its stays whole, with events that do not name the account', async () => {
    await inAnyOrder(whole, { R: 'V1 finished, plan', N: '' });
  });

  it('changes nothing, told twice', async () => {
    const again = (message: string) => message.replace('|P|2.5.1', '.again|P|2.5.1');
    await inAnyOrder((cast) => [...whole(cast), ...whole(cast).slice(1).map(again)], { R: 'V1 finished, plan', N: '' });
  });

  it('takes them under their other numbers too', async () => {
    await inAnyOrder(
      ({ nora, rita, number }) => [
        anAdmission({ ...nora, visit: number('V1'), account: number('500'), at: day(2) }),
        anAdt({
          ...nora,
          event: 'A50',
          visit: number('V2'),
          at: day(3),
          segments: [segment('MRG', { 1: `${nora.mrn}^^^GH^MR`, 5: number('V1') })],
        }),
        aDischarge({ ...nora, visit: number('V2'), at: day(5) }),
        aMovedAccount(number('500'), rita, nora, day(6)),
      ],
      { R: 'V2 finished, plan', N: '' },
    );
  });

  it('takes what was told of the wrong person, where only a message of the right one names the account', async () => {
    await inAnyOrder(
      ({ nora, rita, number }) => [
        anAdmission({ ...nora, visit: number('V1'), at: day(2) }),
        aMovedAccount(number('500'), rita, nora, day(4)),
        aDischarge({ ...rita, visit: number('V1'), account: number('500'), at: day(5) }),
      ],
      { R: 'V1 finished, plan', N: '' },
    );
  });

  it('gives way to a later move of a visit, and stands against an earlier one', async () => {
    const moved =
      (at: number): Story =>
      (cast) => [...whole(cast), aMovedVisit(cast.number('V1'), cast.pia, cast.nora, day(at))];
    await inAnyOrder(moved(7), { P: 'V1 finished, plan', R: '' });
    await inAnyOrder(moved(4), { P: '', R: 'V1 finished, plan' });
  });
});

describe('a moved visit (A45)', () => {
  const years =
    (moves: (cast: Cast) => readonly string[]): Story =>
    (cast) => [
      ...stay(cast.nora, cast.number('V1'), before),
      ...moves(cast),
      ...stay(cast.olga, cast.number('V1'), after),
    ];

  it('takes nothing from somebody else who has its number now', async () => {
    await inAnyOrder(
      years(({ rita, nora, number }) => [aMovedVisit(number('V1'), rita, nora, day(6, before))]),
      { R: 'V1 finished', N: '', O: 'V1 finished, plan' },
    );
  });

  it('that names nobody takes from anybody, and only within a year of it', async () => {
    await inAnyOrder(
      years(({ rita, number }) => [aMovedVisit(number('V1'), rita, undefined, day(6, before))]),
      { R: 'V1 finished', N: '', O: 'V1 finished, plan' },
    );
    await inAnyOrder(
      years(({ rita, number }) => [aMovedVisit(number('V1'), rita, undefined, day(6, after))]),
      { R: 'V1 finished, plan', N: 'V1 finished', O: '' },
    );
  });

  it('and one of another stay under its number are kept apart', async () => {
    const charts = await inTurn(
      years(({ rita, nora, olga, pia, number }) => [
        aMovedVisit(number('V1'), pia, olga, day(6, after)),
        aMovedVisit(number('V1'), rita, nora, day(6, before)),
        anUpdate({ ...nora, visit: number('V1'), at: day(7, before) }),
      ]),
    );
    expect(charts).toEqual({ R: 'V1 finished', N: '', O: '', P: 'V1 finished, plan' });
  });

  it('takes nothing from somebody else who was told of under its number within the year', async () => {
    await inAnyOrder(
      ({ nora, rita, olga, number }) => [
        aDischarge({ ...nora, visit: number('V1'), at: day(5) }),
        aMovedVisit(number('V1'), rita, nora, day(6)),
        anUpdate({ ...olga, visit: number('V1'), at: day(8) }),
      ],
      { R: 'V1 finished, plan', N: '', O: 'V1 in-progress' },
    );
  });

  it('takes no stay of the same person that began more than a year later', async () => {
    await inAnyOrder(
      ({ nora, rita, number }) => [
        ...stay(nora, number('V1'), before),
        aMovedVisit(number('V1'), rita, nora, day(6, before)),
        aDischarge({ ...nora, visit: number('V1'), at: day(5, after) }),
      ],
      { R: 'V1 finished', N: 'V1 finished, plan' },
    );
  });

  it.each(['nora', 'rita'] as const)('moves on with a second move that names %s', async (source) => {
    await inAnyOrder(
      (cast) => [
        ...stay(cast.nora, cast.number('V1')),
        aMovedVisit(cast.number('V1'), cast.rita, cast.nora, day(6)),
        aMovedVisit(cast.number('V1'), cast.olga, cast[source], day(8)),
      ],
      { O: 'V1 finished, plan', R: '' },
    );
  });

  /** Nora under another record of hers. */
  const other = ({ nora }: Cast): Person => ({ ...nora, mrn: nora.mrn.replace('N', 'M') });
  const merged: Story = (cast) => [
    aDischarge({ ...other(cast), visit: cast.number('V1'), at: day(5) }),
    aMovedVisit(cast.number('V1'), cast.rita, cast.nora, day(6)),
    aMerge({ ...cast.nora, survivor: cast.nora.mrn, retired: other(cast).mrn, at: day(8) }),
  ];

  it('takes what was told of the person under a record merged with hers', async () => {
    await inAnyOrder(merged, { R: 'V1 finished, plan' });
  });

  it('gives it back where the merge was a mistake (A37)', async () => {
    const parted: Story = (cast) => [
      ...merged(cast),
      anAdt({
        ...cast.nora,
        event: 'A37',
        at: day(9),
        without: ['PV1'],
        segments: [segment('PID', { 3: `${other(cast).mrn}^^^GH^MR`, 5: cast.nora.name, 7: cast.nora.birthDate })],
      }),
    ];
    await inAnyOrder(parted, { M: 'V1 finished, plan', R: '' });
  });

  it('takes it once the number that the move names is known to be hers', async () => {
    await inAnyOrder(
      (cast) => [
        ...merged(cast).slice(0, 2),
        anAdt({
          ...cast.nora,
          event: 'A31',
          identifiers: `${other(cast).mrn}^^^GH^MR~${cast.nora.mrn}^^^GH^MR`,
          at: day(8),
          without: ['PV1'],
        }),
      ],
      { R: 'V1 finished, plan' },
    );
  });
});

describe('two workers', () => {
  const one = { entriesMax: 1, shardsMax: 1 };
  const waiting = async (site: TestSite, count: number) => {
    for (let waits = 0; waits < count; ) {
      const { rows } = await site.owner.query(
        `select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      );
      waits = rows[0].count;
    }
  };

  it.each([
    ['the move first', true],
    ['the event first', false],
  ])('at one stay, a move of its account and an event that does not name it, %s', async (_order, isMoveFirst) => {
    const site = await opened();
    const { nora, rita, number } = castOf(0);
    await site.send(anAdmission({ ...nora, visit: number('V1'), account: number('500'), at: day(2) }));
    await site.work();
    const move = aMovedAccount(number('500'), rita, nora, day(6));
    const event = aDischarge({ ...nora, visit: number('V1'), at: day(5) });
    await withOwner(site.url, async (gate) => {
      await gate.query('begin; lock table chart in exclusive mode');
      await site.send(isMoveFirst ? move : event);
      const first = processMessages(site.site.organisation, one);
      await waiting(site, 1);
      await site.send(isMoveFirst ? event : move);
      const second = processMessages(site.site.organisation, one);
      await waiting(site, 2);
      await gate.query('commit');
      await Promise.all([first, second]);
    });
    await site.work();
    expect((await chartsOf(site)).get(0)).toEqual({ R: 'V1 finished, plan', N: '' });
  });

  it('that meet a stay at once, told of the right person with its account and of a newcomer without', async () => {
    const site = await opened();
    const { nora, rita, number } = castOf(0);
    await site.send(aMovedAccount(number('500'), rita, nora, day(6)));
    await site.work();
    await withOwner(site.url, async (gate) => {
      await gate.query('begin; lock table chart in exclusive mode');
      await site.send(aDischarge({ ...rita, visit: number('V1'), account: number('500'), at: day(5) }));
      const first = processMessages(site.site.organisation, one);
      await waiting(site, 1);
      await site.send(anAdmission({ ...nora, visit: number('V1'), at: day(2) }));
      const second = processMessages(site.site.organisation, one);
      await waiting(site, 2);
      await gate.query('commit');
      await Promise.all([first, second]);
    });
    await site.work();
    expect((await chartsOf(site)).get(0)).toEqual({ R: 'V1 finished, plan', N: '' });
  });
});

describe('a move that was kept before moves named anybody', () => {
  const visitKey = 'visit|https://general-hospital.example/identifiers/visit|V1-0';

  async function afterOld(key: string, year: number, early: readonly string[], late: readonly string[]) {
    const site = await opened();
    for (const message of [anUpdate({ ...castOf(0).rita, visit: 'V9-0', at: day(1) }), ...early]) {
      await site.send(message);
      await site.work();
    }
    const at = `${year}-11-06T15:00:00.000Z`;
    await site.owner.query(
      `insert into stay_home (organisation, key, patient, order_key)
       select organisation, $1, patient, $2 from patient_identifier where value = 'R-0'`,
      [key, `${at}|${at}|000000000000000|old`],
    );
    for (const message of late) {
      await site.send(message);
      await site.work();
    }
    return (await chartsOf(site)).get(0);
  }

  it('still takes what comes of the stay', async () => {
    const { nora, number } = castOf(0);
    const late = [aDischarge({ ...nora, visit: number('V1'), at: day(8) })];
    expect(await afterOld(visitKey, after, [], late)).toEqual({ R: 'V1 finished, V9 in-progress, plan', N: '' });
  });

  it('and of the account, whole', async () => {
    const { nora, number } = castOf(0);
    const early = [anAdmission({ ...nora, visit: number('V1'), at: day(2) })];
    const late = [aDischarge({ ...nora, visit: number('V1'), account: '500^^^HOSPA', at: day(8) })];
    expect(await afterOld('account|general-hospital|500', after, early, late)).toEqual({
      R: 'V1 finished, V9 in-progress, plan',
      N: '',
    });
  });

  it('and nothing that comes more than a year later', async () => {
    const { olga, number } = castOf(0);
    const late = [anAdmission({ ...olga, visit: number('V1'), at: day(8) })];
    expect(await afterOld(visitKey, before, [], late)).toEqual({ R: 'V9 in-progress', O: 'V1 in-progress' });
  });
});
