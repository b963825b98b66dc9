// What the file of a feed says of files of messages and of silence: whether batches are taken, where files are dropped,
// and when nothing coming is something to look at.

import { type Heartbeat, usualHeartbeat } from '../domain/silence/heartbeat.ts';
import type { DropFolder, FeedPartner } from './partner.ts';
import { type Field, flag, record, report, text, wholeNumber } from './reading.ts';

export const fileKeys = ['batch', 'folder', 'heartbeat'] as const;

export function readFeedFiles(
  keys: {
    readonly [Key in (typeof fileKeys)[number]]?: Field;
  },
): Pick<FeedPartner, 'batch' | 'folder' | 'heartbeat'> {
  return {
    ...(keys.batch && { batch: flag(keys.batch) }),
    ...(keys.folder && { folder: readFolder(keys.folder) }),
    ...(keys.heartbeat && { heartbeat: readHeartbeat(keys.heartbeat) }),
  };
}

function readFolder(field: Field): DropFolder {
  const keys = record(field, ['path'], ['pattern', 'settle-seconds']);
  const path = text(keys.path);
  if (path !== '' && !/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(path))
    report(
      keys.path,
      `"${path}" is not a folder below DROP_DIR`,
      'write names with / between them, none starting with a dot',
    );
  const pattern = keys.pattern ? text(keys.pattern) : '*.hl7';
  if (keys.pattern && !/^[\w*-][\w.*-]*$/.test(pattern))
    report(keys.pattern, `"${pattern}" is not a file name`, 'write a name with * for any characters: *.hl7');
  return { path, pattern, settleSeconds: keys['settle-seconds'] ? wholeNumber(keys['settle-seconds'], 1) : 5 };
}

function readHeartbeat(field: Field): Heartbeat {
  const keys = record(field, [], ['silent-minutes-max', 'floor-per-hour', 'learn-weeks']);
  const number = (key: Field | undefined, least: number, usual: number): number =>
    key ? wholeNumber(key, least) : usual;
  const learnWeeks = number(keys['learn-weeks'], 1, usualHeartbeat.learnWeeks);
  if (keys['learn-weeks'] && learnWeeks > 26)
    report(keys['learn-weeks'], `${learnWeeks} weeks are not kept`, 'write a number from 1 to 26');
  return {
    silentMinutesMax: number(keys['silent-minutes-max'], 1, usualHeartbeat.silentMinutesMax),
    floorPerHour: number(keys['floor-per-hour'], 0, usualHeartbeat.floorPerHour),
    learnWeeks,
  };
}
