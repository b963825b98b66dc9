// `npm run feed -- show|replay|park|stats|reviews` against the service as a process: what a person reads, what a script
// reads, and the exit codes. It also sees the weeks of raw messages that the service makes at its start.

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { feedCommands } from '../../scripts/feed/commands.ts';
import type { MessageDetail, MessageList, ReplayAnswer } from '../../src/api/ops/message-types.ts';
import type { ReviewDecided, ReviewSummary, ReviewView } from '../../src/api/ops/review-types.ts';
import { untilDecided, withOwner } from '../support/aftermath.ts';
import { aDatabase, type TestDatabase } from '../support/database.ts';
import { aDischarge, anAdmission, anUpdate } from '../support/hl7.ts';
import { sendOnce } from '../support/sender.ts';
import { aTestFolder, type ServiceProcess, startProcess } from '../support/service-process.ts';

let database: TestDatabase;
let service: ServiceProcess;
let httpUrl: string;
let port: number;
const printed: string[] = [];

beforeAll(async () => {
  database = await aDatabase();
  const dataDir = aTestFolder('data');
  service = await startProcess({ DATABASE_URL: database.url, DATA_DIR: dataDir });
  const { http, mllp } = await service.ready;
  httpUrl = http;
  vi.stubEnv('DATA_DIR', dataDir);
  vi.stubEnv('PUBLIC_URL', '');
  vi.stubEnv('HTTP_PORT', new URL(http).port);
  vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  port = Object.values(mllp)[0] as number;
  await sendOnce(
    port,
    aDischarge({ mrn: '100', visit: 'V100', at: '20261118150000-0500', controlId: 'CLI-1', name: 'Winter^Ada' }),
  );
  await sendOnce(port, anUpdate({ mrn: '100', visit: 'V100', at: 'soon', sentAt: 'soon', controlId: 'CLI-2' }));
  await untilDecided(database.ownerUrl);
}, 60_000);
beforeEach(() => void printed.splice(0));
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await service.kill('SIGTERM');
});

/** Runs a command; gives its exit code and what it printed. */
async function feed(name: string, ...args: string[]): Promise<{ code: number; text: string }> {
  printed.splice(0);
  const command = feedCommands.find((one) => one.name === name);
  const code = await (command as NonNullable<typeof command>).run(args);
  return { code, text: printed.join('\n') };
}
const json = async <Body>(name: string, ...args: string[]): Promise<Body> =>
  JSON.parse((await feed(name, ...args, '--json')).text) as Body;
const idOf = async (controlId: string): Promise<number> =>
  (await json<MessageList>('show', '--control-id', controlId)).messages[0]?.id ?? 0;

describe('the feed’s commands', () => {
  it('show lists messages, and everything about one', async () => {
    const list = await feed('show', '--identifier', '100');
    expect(list.code).toBe(0);
    expect(list.text).toMatch(/^id +received +partner +control id/);
    expect(list.text).toMatch(/CLI-2 .* parked +hl7\.time-missing/);
    const shown = await feed('show', String(await idOf('CLI-1')));
    for (const words of ['PID-5', 'Winter | Ada', 'discharge disposition', 'CarePlan', 'first-contact', 'bytes expire'])
      expect(shown.text).toContain(words);
    expect((await feed('show', '--visit', 'none')).text).toBe('No message meets these conditions.');
  });

  it('park lists by reason and sets one aside only while it is undecided', async () => {
    expect((await feed('park')).text).toMatch(/hl7\.time-missing +1 /);
    await expect(feed('park', String(await idOf('CLI-1')), '--reason', 'late')).rejects.toThrow(/ops\.conflict/);
    await expect(feed('park', '5')).rejects.toThrow(/--reason/);
  });

  it('replay counts first, asks for --yes, and sets back', async () => {
    const counted = await json<ReplayAnswer>('replay', '--state', 'parked', '--dry-run');
    expect(counted).toMatchObject({ matched: 1, setBack: 1, dryRun: true });
    await expect(feed('replay', '--state', 'parked')).rejects.toThrow(/1 selected.*Add --yes/s);
    expect((await feed('replay', '--state', 'parked', '--yes')).code).toBe(0);
    await untilDecided(database.ownerUrl);
    const detail = await json<MessageDetail>('show', String(await idOf('CLI-2')));
    expect(detail).toMatchObject({ state: 'parked', replays: 1 });
    expect((await feed('replay', String(detail.id))).text).toBe('1 selected, 1 were set back.');
    await expect(feed('replay')).rejects.toThrow(/at least one condition/);
  });

  it('stats counts', async () => {
    await untilDecided(database.ownerUrl);
    const { text } = await feed('stats');
    expect(text).toMatch(/general-hospital +2 /);
    expect(text).toContain('50.00 %');
    expect(text).toContain('Not decided for good');
  });

  it('say what would be right, and where no service answers', async () => {
    await expect(feed('show', '--state', 'lost')).rejects.toThrow(/state is one of received/);
    await expect(feed('show', 'CLI-1')).rejects.toThrow(/is no message id/);
    for (const name of ['show', 'replay', 'park', 'stats', 'reviews'])
      expect((await feed(name, '--help')).text).toContain(`npm run feed -- ${name}`);
    vi.stubEnv('HTTP_PORT', '1');
    await expect(feed('stats')).rejects.toThrow(/no service answers/);
    vi.stubEnv('HTTP_PORT', new URL(httpUrl).port);
  });

  it('find the weeks of raw messages made, and the gauges', async () => {
    await withOwner(database.ownerUrl, async (owner) => {
      const { rows } = await owner.query(
        `select count(*)::int as weeks, (select count(*)::int from message_raw_default) as strays from pg_inherits where inhparent = 'message_raw'::regclass`,
      );
      expect(rows).toEqual([{ weeks: 10, strays: 0 }]);
    });
    const metrics = await (await fetch(`${httpUrl}/metrics`)).text();
    expect(metrics).toMatch(/throughline_inbox_parked\{organisation="riverside-practice"\} 1\n/);
    expect(metrics).toMatch(/throughline_inbox_waiting_for_match\{organisation="riverside-practice"\} 0\n/);
    expect(metrics).toContain('throughline_inbox_oldest_seconds{organisation="riverside-practice"} 0');
    expect(metrics).toContain('throughline_feed_quiet{partner="general-hospital"} 0\n');
    expect(metrics).toContain(
      'throughline_operator_items_open{organisation="riverside-practice",kind="quiet-feed"} 0\n',
    );
  });

  it('reviews lists the matches to decide, shows one, and decides', async () => {
    expect((await feed('reviews')).text).toBe('No match waits for a decision.');
    // Both are known by numbers of the hospital itself, with the birth date that messages say by default.
    const at = '20261119100000-0500';
    await sendOnce(port, anAdmission({ mrn: '101', visit: 'V101', at, controlId: 'CLI-3', name: 'Frost^Emil' }));
    await untilDecided(database.ownerUrl);
    const elsewhere = { at, authority: 'OTHER' };
    for (const [mrn, name, controlId] of [
      ['900', 'Winter^Ada', 'CLI-4'],
      ['901', 'Frost^Emil', 'CLI-5'],
    ] as const)
      await sendOnce(port, anAdmission({ ...elsewhere, mrn, name, visit: `V${mrn}`, controlId }));
    await untilDecided(database.ownerUrl);
    const reviewOf = async (controlId: string): Promise<ReviewSummary> => {
      const message = await idOf(controlId);
      const { reviews } = await json<{ readonly reviews: readonly ReviewSummary[] }>('reviews');
      return reviews.find((review) => review.message === message) as ReviewSummary;
    };
    const [first, second] = [await reviewOf('CLI-4'), await reviewOf('CLI-5')];
    const list = await feed('reviews');
    expect(list.code).toBe(0);
    expect(list.text).toMatch(/^review +reason +opened +waiting +candidates +first message/);
    expect(list.text).toMatch(new RegExp(`^${first.id} +similar-person .* 1 +1 +${first.message}$`, 'm'));

    const { people } = await json<ReviewView>('reviews', first.id);
    const patient = people[0]?.patient ?? '';
    const shown = await feed('reviews', first.id);
    expect(shown.text).toMatch(new RegExp(`^waiting +${first.message}$`, 'm'));
    expect(shown.text).toMatch(
      new RegExp(`^Candidate Patient/${patient}, score [\\d.]+: family name is the same, `, 'm'),
    );
    expect(shown.text).toMatch(/^The message says\n +name +Winter, Ada\n(?:.+\n)*? +identifiers +900 /m);

    await expect(feed('reviews', first.id, '--same', 'nobody', '--by', 'Ida')).rejects.toThrow(
      /ops\.request-invalid.*one of the candidates/s,
    );
    expect(await feed('reviews', first.id, '--same', patient, '--by', 'Ida', '--note', 'Her daughter called.')).toEqual(
      {
        code: 0,
        text: `Decided: Patient/${patient}. Worked again: 1 message.`,
      },
    );
    const decided = await json<ReviewDecided>('reviews', second.id, '--new', '--by', 'Ida');
    expect(decided).toEqual({ released: 1, patient: expect.not.stringMatching(patient) });
    await untilDecided(database.ownerUrl);
    expect(await json<MessageDetail>('show', String(first.message))).toMatchObject({ state: 'applied', patient });
    expect(await json<MessageDetail>('show', String(second.message))).toMatchObject({
      state: 'applied',
      patient: decided.patient,
    });

    expect((await feed('reviews')).text).toBe('No match waits for a decision.');
    expect((await feed('reviews', '--state', 'decided')).text).toContain(second.id);
    expect((await feed('reviews', first.id)).text).toMatch(/^decided +\S+ by \S+ Ida$/m);
    await expect(feed('reviews', first.id, '--new')).rejects.toThrow(/ops\.conflict.*decided already/s);
    await expect(feed('reviews', '--new')).rejects.toThrow(/Give one id/);
    await expect(feed('reviews', first.id, '--new', '--same', patient)).rejects.toThrow(/Give one id/);
  });
});
