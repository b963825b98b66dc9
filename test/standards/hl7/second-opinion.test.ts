// Every value of every ADT fixture, read by our parser and by hl7-standard. The list of disagreements is closed: one
// more or one fewer fails. Who is right, and why, stands in docs/decisions/0002-own-hl7-parser.md.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { splitMessages } from '../../../src/hl7/batch.ts';
import { decodeMessage } from '../../../src/hl7/charset.ts';
import { isBatch } from '../../../src/hl7/header.ts';
import { parse, type Segment, type Value } from '../../../src/hl7/parse.ts';
import { type FlatSegment, readWithHl7Standard } from '../../support/hl7-standard.ts';

/** By cause, then by file: what we read, and what hl7-standard does instead. */
const disagreements: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'other delimiters': {
    'A01_cosyte_edge-cases-custom-msh-delimiters.hl7': 'segments: MSH EVN PID / ',
    'A01_rethink_edge-custom-delimiters.hl7': 'segments: MSH PID / ',
    'A24_hapi_segmentfinder-a24.hl7': 'segments: MSH EVN PID PID / MSH',
    'A31_hl7inspector_NonDefaultDelimiters.hl7': 'MSH-2[0].1.1: "^~\\\\`" / "^~\\\\&"',
  },
  'line ends of several kinds': {
    'A01_cosyte_edge-cases-mixed-line-endings.hl7': 'hl7-standard refuses: HL7 Data contains invalid EOL characters',
    'A01_cosyte_stream-mixed-terminators_1.hl7': 'segments: MSH EVN PID / MSH EVN',
    'A01_oie_TestADT_101.hl7': 'IN2-3[0].1.1: "NONE" / "NONE\\r"',
    'A01_oie_TestADT_103.hl7': 'IN2-64[0].1.1: "2254465" / "2254465\\r"',
    'A01_oie_TestADT_105.hl7': 'IN1-17[0].1.1: "1" / "1\\r"',
    'A01_oie_TestADT_107.hl7': 'IN2-3[0].1.1: "NONE" / "NONE\\r"',
    'A01_simhosp_messages_10.hl7': 'PV1-46[0].1.1: not sent / "\\n"',
    'A01_simhosp_messages_1001.hl7': 'AL1-6[0].1.1: "20200317131319" / "20200317131319\\n"',
    'A01_simhosp_messages_1003.hl7': 'PV1-46[0].1.1: not sent / "\\n"',
    'A01_simhosp_messages_1007.hl7': 'PV1-46[0].1.1: not sent / "\\n"',
    'A01_simhosp_messages_1008.hl7': 'PV1-46[0].1.1: not sent / "\\n"',
    'A01_simhosp_messages_103.hl7': 'PV1-46[0].1.1: not sent / "\\n"',
    'A01_simhosp_messages_105.hl7': 'PV1-46[0].1.1: not sent / "\\n"',
    'A01_simhosp_messages_108.hl7': 'AL1-6[0].1.1: "20200504130728" / "20200504130728\\n"',
    'A01_simhosp_messages_109.hl7': 'PV1-46[0].1.1: not sent / "\\n"',
    'A01_simhosp_messages_111.hl7': 'PV1-46[0].1.1: not sent / "\\n"',
    'A01_simhosp_messages_115.hl7': 'PV1-46[0].1.1: not sent / "\\n"',
    'A01_simhosp_messages_119.hl7': 'PV1-46[0].1.1: not sent / "\\n"',
    'A01_simhosp_messages_12.hl7': 'PV1-46[0].1.1: not sent / "\\n"',
    'A03_cosyte_stream-mixed-terminators_2.hl7': 'PID-8[0].1.1: "M" / "M\\r"',
    'A31_oie_TestADT_10.hl7': 'PD1-7[0].1.1: "I" / "I\\r"',
    'A31_oie_TestADT_102.hl7': 'NK1-7[0].1.1: "Y" / "Y\\r"',
    'A31_oie_TestADT_108.hl7': 'NK1-7[0].1.1: "Y" / "Y\\r"',
    'A31_oie_TestADT_110.hl7': 'NK1-7[0].1.1: "Y" / "Y\\r"',
    'A31_oie_TestADT_111.hl7': 'NK1-7[0].1.1: "Y" / "Y\\r"',
    'A31_oie_TestADT_113.hl7': 'NK1-7[0].1.1: "Y" / "Y\\r"',
  },
  'bytes before MSH': {
    'A01_cosyte_vendor-quirks-mllp-framing-stripped.hl7': 'hl7-standard refuses: Expected raw data to be HL7',
    'A01_cosytemllp_r1-adt-a01.frame.hl7': 'hl7-standard refuses: Expected raw data to be HL7',
    'A01_hl7inspector_A01.hl7': 'hl7-standard refuses: Expected raw data to be HL7',
    'A02_hl7inspector_A02.hl7': 'hl7-standard refuses: Expected raw data to be HL7',
    'A08_hl7inspector_a08.hl7': 'hl7-standard refuses: Expected raw data to be HL7',
  },
  'lines that are no segments': {
    'A01_cosyte_vendor-quirks-segment-case.hl7': 'hl7-standard refuses: HL7 Data contains invalid EOL characters',
    'A01_rethink_invalid-segment-header-length.hl7': 'hl7-standard refuses: HL7 Data contains invalid EOL characters',
  },
  'delimiters that collide': {
    'A01_lfh_sample-unix.hl7': 'we refuse: hl7.bad-delimiters',
  },
  'no message at all': {
    'A04_oie_hl7.hl7': 'both refuse: hl7.not-a-message',
  },
};

const folder = new URL('../../fixtures/adt/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.hl7'));
const expected = new Map(Object.values(disagreements).flatMap((causes) => Object.entries(causes)));

describe('our parser and hl7-standard read the same', () => {
  test.each(files)('%s', (file) => {
    const { text } = decodeMessage(readFileSync(new URL(file, folder)));
    const messages = isBatch(text) ? splitMessages(text).messages : [text];
    const found = messages.map(compare).filter((difference) => difference !== undefined);
    expect(found.join('; ')).toBe(expected.get(file) ?? '');
  });

  test('there are 233 files, and no disagreement is listed for one that is gone', () => {
    expect(files.length).toBe(233);
    expect([...expected.keys()].filter((file) => !files.includes(file))).toEqual([]);
  });
});

/** What differs, in one line; undefined when nothing does. */
function compare(text: string): string | undefined {
  const ours = attempt(() => parse(text).segments.map(flatten));
  const theirs = attempt(() => readWithHl7Standard(text));
  if (typeof ours === 'string') return typeof theirs === 'string' ? `both refuse: ${ours}` : `we refuse: ${ours}`;
  if (typeof theirs === 'string') return `hl7-standard refuses: ${theirs}`;
  const [ourNames, theirNames] = [ours, theirs].map((segments) => segments.map(({ name }) => name).join(' '));
  if (ourNames !== theirNames) return `segments: ${ourNames} / ${theirNames}`;
  const values = ours.flatMap((segment, index) => differences(segment, theirs[index]!));
  return values.length === 0 ? undefined : values.join('; ');
}

function attempt(read: () => FlatSegment[]): FlatSegment[] | string {
  try {
    return read();
  } catch (thrown) {
    const { code, message } = thrown as { code?: string; message: string };
    return code ?? message;
  }
}

function differences(ours: FlatSegment, theirs: FlatSegment): string[] {
  return [...new Set([...ours.values.keys(), ...theirs.values.keys()])]
    .filter((place) => ours.values.get(place) !== theirs.values.get(place))
    .map((place) => `${ours.name}-${place}: ${quoted(ours.values.get(place))} / ${quoted(theirs.values.get(place))}`);
}

const quoted = (value: Value): string => (value === undefined ? 'not sent' : JSON.stringify(value));

/** Every value that our segment gives; how many there are is counted here in the plainest way. MSH-1 is left out. */
function flatten(segment: Segment): FlatSegment {
  const { component, subcomponent, field } = segment.delimiters;
  const values = new Map<string, Value>();
  const isHeader = segment.name === 'MSH';
  for (let number = isHeader ? 2 : 1; number <= segment.raw.split(field).length; number += 1) {
    for (let repetition = 0; repetition < segment.repetitions(number); repetition += 1) {
      const width = isHeader && number === 2 ? [1, 1] : widthOf(segment.field(number) ?? '', component, subcomponent);
      for (let c = 1; c <= width[0]!; c += 1) {
        for (let s = 1; s <= width[1]!; s += 1) {
          const value = segment.get(number, c, s, repetition);
          if (value !== undefined) values.set(`${number}[${repetition}].${c}.${s}`, value);
        }
      }
    }
  }
  return { name: segment.name, values };
}

/** At least as many components and sub-components as any repetition of this field has. */
const widthOf = (text: string, component: string, subcomponent: string): [number, number] => [
  text.split(component).length,
  subcomponent === '' ? 1 : text.split(subcomponent).length,
];
