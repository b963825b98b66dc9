// Primitive values as FHIR R4 defines them (FHIR R4 datatypes.html#primitive), in JSON.

const year = '[0-9]{4}';
const day = `${year}(-(0[1-9]|1[0-2])(-(0[1-9]|[1-2][0-9]|3[0-1]))?)?`;
const zone = '(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))';
const time = '([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]+)?';
const fullDay = `${year}-(0[1-9]|1[0-2])-(0[1-9]|[1-2][0-9]|3[0-1])`;

const texts: Readonly<Record<string, RegExp>> = {
  string: /^[ \r\n\t\S]+$/,
  markdown: /^[ \r\n\t\S]+$/,
  code: /^[^\s]+(\s[^\s]+)*$/,
  id: /^[A-Za-z0-9\-.]{1,64}$/,
  uri: /^\S+$/,
  url: /^\S+$/,
  canonical: /^\S+$/,
  oid: /^urn:oid:[0-2](\.(0|[1-9][0-9]*))+$/,
  uuid: /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  base64Binary: /^(\s*([0-9a-zA-Z+/=]){4}\s*)+$/,
  date: new RegExp(`^${day}$`),
  dateTime: new RegExp(`^(${day}|${fullDay}T${time}${zone})$`),
  instant: new RegExp(`^${fullDay}T${time}${zone}$`),
  time: new RegExp(`^${time}$`),
};

const others: Readonly<Record<string, (value: unknown) => boolean>> = {
  boolean: (value) => typeof value === 'boolean',
  decimal: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  unsignedInt: (value) => Number.isInteger(value) && (value as number) >= 0,
  positiveInt: (value) => Number.isInteger(value) && (value as number) >= 1,
  xhtml: (value) => typeof value === 'string' && isNarrative(value),
};

/** Types of FHIRPath that the definitions use for ids and urls. */
const systemString = 'http://hl7.org/fhirpath/System.String';

export const isPrimitive = (type: string): boolean => type === systemString || type in texts || type in others;

export function isOfPrimitive(type: string, value: unknown): boolean {
  const other = others[type];
  if (other !== undefined) return other(value);
  const form = texts[type === systemString ? 'string' : type];
  if (form === undefined || typeof value !== 'string' || !form.test(value)) return false;
  return !/^\d{4}-\d\d-\d\d/.test(value) || !/^(date|dateTime|instant)$/.test(type) || isRealDay(value.slice(0, 10));
}

const isRealDay = (text: string): boolean => {
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
};

const allowed = new Set(
  'div p b i br ul ol li table thead tbody tr td th span a h1 h2 h3 h4 h5 h6 em strong'.split(' '),
);

/** txt-1 and txt-2: well-formed XHTML of formatting elements only, in the right namespace, with some content. */
function isNarrative(text: string): boolean {
  if (!/^<div xmlns="http:\/\/www\.w3\.org\/1999\/xhtml"[^>]*>/.test(text) || !text.endsWith('</div>')) return false;
  const open: string[] = [];
  for (const [, closing, name = '', , empty] of text.matchAll(/<(\/?)([a-z0-9]+)((?:\s[^<>]*?)?)(\/?)>/g)) {
    if (!allowed.has(name)) return false;
    if (closing === '/') {
      if (open.pop() !== name) return false;
    } else if (empty !== '/') open.push(name);
  }
  const content = text.replace(/<\/?[a-z0-9]+(?:\s[^<>]*?)?\/?>/g, '');
  const escaped = content.replace(/&(amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-f]+);/g, '_');
  return open.length === 0 && !/[<>&]/.test(escaped) && /\S/.test(content);
}
