// Race and ethnicity as US Core extensions (us-core-race, us-core-ethnicity): a category where the code is one of
// the federal categories, the detailed code otherwise, and always a text.

import type { Extension } from 'fhir/r4.js';
import type { Code } from '../../domain/code.ts';
import { system } from '../../fhir/system.ts';
import { usCore } from '../../fhir/us-core.ts';

/** The federal categories among the CDC's race and ethnicity codes. */
const races: Readonly<Record<string, string>> = {
  '1002-5': 'American Indian or Alaska Native',
  '2028-9': 'Asian',
  '2054-5': 'Black or African American',
  '2076-8': 'Native Hawaiian or Other Pacific Islander',
  '2106-3': 'White',
};
const ethnicities: Readonly<Record<string, string>> = {
  '2135-2': 'Hispanic or Latino',
  '2186-5': 'Not Hispanic or Latino',
};

export function raceAndEthnicity(
  race: readonly Code[] | undefined,
  ethnicity: Code | undefined,
): Extension[] | undefined {
  const said = [
    race === undefined ? undefined : extensionOf(usCore.race, race, races, 5),
    ethnicity === undefined ? undefined : extensionOf(usCore.ethnicity, [ethnicity], ethnicities, 1),
  ].filter((one) => one !== undefined);
  return said.length === 0 ? undefined : said;
}

function extensionOf(
  url: string,
  codes: readonly Code[],
  categories: Readonly<Record<string, string>>,
  categoriesMax: number,
): Extension | undefined {
  const parts: Extension[] = [];
  const texts: string[] = [];
  let counted = 0;
  for (const { system: from, code, text } of codes) {
    const category = code === undefined ? undefined : categories[code];
    if (code !== undefined && category !== undefined && counted < categoriesMax) {
      counted += 1;
      parts.push({ url: 'ombCategory', valueCoding: { system: system.raceAndEthnicity, code, display: category } });
    } else if (
      code !== undefined &&
      category === undefined &&
      from === system.raceAndEthnicity &&
      isOfTheSystem(code)
    ) {
      parts.push({ url: 'detailed', valueCoding: { system: from, code, display: text } });
    }
    const wording = text ?? category ?? code;
    if (wording !== undefined && !texts.includes(wording)) texts.push(wording);
  }
  if (texts.length === 0) return undefined;
  parts.push({ url: 'text', valueString: texts.join(', ') });
  return { url, extension: parts };
}

/** The CDC's codes end with a check digit (Luhn); a sender's code that fails it is no code of that system. */
function isOfTheSystem(code: string): boolean {
  const digits = /^([0-9]{4})-([0-9])$/.exec(code)?.slice(1).join('');
  if (digits === undefined) return false;
  let sum = 0;
  for (let at = 0; at < 5; at += 1) {
    const doubled = Number(digits[4 - at]) * (at % 2 === 0 ? 1 : 2);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
