// JSON that can be read one way only: UTF-8, no key twice in one object, no key that changes how objects work, no text that
// is none, and not nested deeper than any resource is (RFC 8259 §4 leaves all of this to the reader).

import { Fault } from '../base/fault.ts';

const depthMax = 64;
/** No object of FHIR has nearly as many; an object of half a million keys takes seconds. */
const keysMax = 256;
const hostile: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Throws `fhir.json-invalid`, saying what is wrong; never what was sent. */
export function parseStrict(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refusal('the body is not UTF-8');
  }
  checkKeys(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refusal('the body is not JSON');
  }
  if (mayHide.test(text) && holdsUnprintable(value))
    throw refusal(
      'a text holds a control character or half of a character; only tab, line feed and return may stand there',
    );
  return value;
}

/** Only an escape brings such a character through the parser. */
const mayHide = /\\[ubf]/;

/** FHIR R4 §2.24.0.1: no character below U+0020 but tab, line feed and return. Nor half of a pair, which no database takes. */
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]|\p{Surrogate}/u;

function holdsUnprintable(value: unknown): boolean {
  if (typeof value === 'string') return unprintable.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, each]) => unprintable.test(key) || holdsUnprintable(each));
}

const refusal = (detail: string): Fault => new Fault('fhir.json-invalid', { detail });

/** One pass over the text; what is not JSON at all is found by the parser afterwards. */
function checkKeys(text: string): void {
  /** The keys of each object that is open; nothing for an array. */
  const open: (Set<string> | undefined)[] = [];
  let isKey = false;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case 0x22: {
        const end = endOfString(text, at);
        const keys = open.at(-1);
        if (isKey && keys) takeKey(keys, text.slice(at, end + 1));
        isKey = false;
        at = end;
        break;
      }
      case 0x7b:
      case 0x5b:
        if (open.length === depthMax) throw refusal(`nested deeper than ${depthMax}`);
        isKey = text[at] === '{';
        open.push(isKey ? new Set() : undefined);
        break;
      case 0x7d:
      case 0x5d:
        open.pop();
        isKey = false;
        break;
      case 0x2c:
        isKey = open.at(-1) !== undefined;
        break;
    }
  }
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at += 1;
    else if (code === 0x22) return at;
  }
  return text.length;
}

function takeKey(keys: Set<string>, quoted: string): void {
  let key = quoted;
  if (quoted.includes('\\')) {
    try {
      key = JSON.stringify(JSON.parse(quoted));
    } catch {
      throw refusal('the body is not JSON');
    }
  }
  if (keys.size === keysMax) throw refusal(`more than ${keysMax} keys in one object`);
  if (keys.has(key)) throw refusal('a key stands twice in one object');
  if (hostile.has(key.slice(1, -1))) throw refusal('a key is not one of FHIR');
  keys.add(key);
}
