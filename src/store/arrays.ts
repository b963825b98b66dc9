// Arrays as Postgres sends them in binary (array_recv in src/backend/utils/adt/arrayfuncs.c): a batch of resources or
// messages goes to the server as it is, where the text form would escape every quote on one side and undo it on the other.

const textOid = 25;
const byteaOid = 17;
const headBytes = 20;

/** A `text[]` parameter. */
export function textArray(values: readonly (string | null)[]): Buffer {
  let bytes = headBytes;
  const sizes = values.map((value) => {
    const size = value === null ? -1 : Buffer.byteLength(value);
    bytes += 4 + Math.max(0, size);
    return size;
  });
  const array = head(textOid, values.length, bytes);
  let at = headBytes;
  for (const [index, value] of values.entries()) {
    at = array.writeInt32BE(sizes[index] ?? 0, at);
    if (value !== null) at += array.write(value, at);
  }
  return array;
}

/** A `bytea[]` parameter. */
export function bytesArray(values: readonly Buffer[]): Buffer {
  const array = head(
    byteaOid,
    values.length,
    values.reduce((sum, value) => sum + 4 + value.length, headBytes),
  );
  let at = headBytes;
  for (const value of values) {
    at = array.writeInt32BE(value.length, at);
    at += value.copy(array, at);
  }
  return array;
}

/** One dimension that starts at 1; nulls may occur. An empty array has none. */
function head(elementOid: number, count: number, bytes: number): Buffer {
  const array = Buffer.allocUnsafe(count === 0 ? 12 : bytes);
  array.writeInt32BE(count === 0 ? 0 : 1, 0);
  array.writeInt32BE(1, 4);
  array.writeInt32BE(elementOid, 8);
  if (count === 0) return array;
  array.writeInt32BE(count, 12);
  array.writeInt32BE(1, 16);
  return array;
}
