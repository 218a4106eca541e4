// Orders, pages and cursors.
import { Unknown } from "./tables.mjs";
import { days, order } from "./values.mjs";

// keysOf reads orderBy: the id decides last, and nothing behind it could. kindOf tells the
// kind of a field. An entry that names no field, or several, is refused.
export function keysOf(orderBy, kindOf) {
  const keys = [];
  for (const { nulls, ...entry } of orderBy ?? []) {
    const named = Object.entries(entry).filter(([, direction]) => direction !== null);
    if (named.length !== 1) throw new Error(`an entry of orderBy names ${named.length} fields`);
    const [field, direction] = named[0];
    if (direction !== "ASC" && direction !== "DESC") throw new Unknown(`order by ${field}`);
    keys.push({ field, kind: kindOf(field), descending: direction === "DESC", nullsFirst: nulls === "FIRST" });
    if (field === "id") return keys;
  }
  return [...keys, { field: "id", kind: "ID", descending: false, nullsFirst: false }];
}

// inOrder compares two lists of values of the keys.
export function inOrder(keys, a, b) {
  for (const [i, key] of keys.entries()) {
    const difference = compareKey(key, a[i], b[i]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareKey(key, a, b) {
  if (a === null && b === null) return 0;
  if (a === null) return key.nullsFirst ? -1 : 1;
  if (b === null) return key.nullsFirst ? 1 : -1;
  return key.descending ? order(key.kind, b, a) : order(key.kind, a, b);
}

// A cursor is the base64 of a version byte, a hash of the order, and each key's value behind
// a byte that tells whether there is one: a text with its length, or a number.
const version = 1;

export function encode(keys, values) {
  const bytes = [version, ...hash(keys)];
  for (const [i, value] of values.entries()) {
    if (value === null) bytes.push(0);
    else if (keys[i].kind === "Int") bytes.push(1, ...varint(value < 0 ? -2 * value - 1 : 2 * value));
    else bytes.push(1, ...varint(Buffer.byteLength(value)), ...Buffer.from(value));
  }
  return Buffer.from(bytes).toString("base64url");
}

// decode reads a cursor that was made for the same order.
export function decode(keys, cursor) {
  const bytes = [...Buffer.from(cursor, "base64url")];
  if (Buffer.from(bytes).toString("base64url") !== cursor || bytes.length < 5) throw new Error(`${cursor} is no cursor`);
  const header = bytes.splice(0, 5);
  if (String(header) !== String([version, ...hash(keys)])) throw new Error(`${cursor} is of another order`);
  const values = keys.map(({ kind }) => decodeValue(kind, bytes));
  if (bytes.length > 0 || values.at(-1) === null) throw new Error(`${cursor} is damaged`);
  return values;
}

function decodeValue(kind, bytes) {
  const present = bytes.shift();
  if (present === 0) return null;
  if (present !== 1) throw new Error("a damaged cursor");
  const number = unvarint(bytes);
  if (kind === "Int") return number % 2 ? -(number + 1) / 2 : number / 2;
  if (number > bytes.length) throw new Error("a damaged cursor");
  const text = Buffer.from(bytes.splice(0, number)).toString();
  if (kind === "Date") days(text);
  return text;
}

function varint(number) {
  return number < 128 ? [number] : [(number % 128) + 128, ...varint(Math.floor(number / 128))];
}

function unvarint(bytes) {
  const byte = bytes.shift();
  if (byte === undefined) throw new Error("a damaged cursor");
  return byte < 128 ? byte : byte - 128 + 128 * unvarint(bytes);
}

// hash tells orders apart (FNV-1a, 32 bits, the lowest byte first): of each key its field and
// its marks, and after each of the two a zero.
function hash(keys) {
  let h = 2166136261;
  for (const key of keys) {
    const marks = (key.descending ? "d" : "a") + (key.nullsFirst ? "n" : "");
    for (const byte of [...Buffer.from(key.field), 0, ...Buffer.from(marks), 0]) h = Math.imul(h ^ byte, 16777619) >>> 0;
  }
  return [h & 255, (h >>> 8) & 255, (h >>> 16) & 255, h >>> 24];
}
