// Drop folders of one test file over a site of its own: a fresh folder for each test.

import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { instant } from '../../src/base/instant.ts';
import type { FileReceiving } from '../../src/flow/receive-file.ts';
import { anAdmission } from './hl7.ts';
import { aSite, type TestSite } from './site.ts';

export interface DropGround {
  readonly site: TestSite;
  readonly given: FileReceiving;
  readonly root: string;
  /** Below the root. */
  readonly place: string;
  readonly folder: string;
}

/** Its values are there from the first test on. */
export function dropGround(): DropGround {
  const ground = {} as { -readonly [Key in keyof DropGround]: DropGround[Key] };
  let count = 0;
  beforeAll(async () => {
    ground.site = await aSite();
    ground.root = await mkdtemp(join(tmpdir(), 'throughline-drop-'));
    ground.given = {
      receive: ground.site.receive,
      database: ground.site.site.work,
      now: () => instant(Date.parse('2026-11-22T15:00:00Z')),
      newControlId: () => randomBytes(8).toString('hex'),
      messageBytesMax: 20_000,
    };
  });
  afterAll(async () => {
    await ground.site.close();
    await rm(ground.root, { recursive: true, force: true });
  });
  beforeEach(async () => {
    count += 1;
    ground.place = `f${count}`;
    ground.folder = join(ground.root, ground.place);
    await mkdir(ground.folder);
  });
  return ground;
}

export const droppedMessage = (mrn: string, more: Parameters<typeof anAdmission>[0] = {}): string =>
  anAdmission({ mrn, visit: `V${mrn}`, controlId: `C${mrn}`, ...more });
