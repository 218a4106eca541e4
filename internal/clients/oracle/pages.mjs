// Orders, pages and cursors.
import { getNamedType, isCompositeType } from "graphql";
import { isConnection, kindOf, target } from "./graph.mjs";
import { Unknown } from "./tables.mjs";
import { days, order } from "./values.mjs";
import { holds } from "./where.mjs";

const pageArguments = ["where", "facts", "orderBy", "first", "after", "last", "before"];
const mostKeys = 10;

// pageOf reads the paging arguments of a connection of some type, and refuses bad ones.
export function pageOf(args, type) {
  const unknown = Object.keys(args).find((name) => !pageArguments.includes(name));
  if (unknown) throw new Unknown(`argument ${unknown}`);
  const keys = keysOf(args.orderBy ?? [], target(type));
  const backward = typeof args.last === "number";
  if (backward && typeof args.first === "number") throw new Error("first and last are both given");
  const size = sizeOf(args.last ?? args.first);
  const bound = (cursor) => (typeof cursor === "string" ? decode(keys, cursor) : null);
  return { keys, size, backward, after: bound(args.after), before: bound(args.before) };
}

// sizeOf is the number of rows asked for, which is not given or null for the usual one.
export function sizeOf(given) {
  const size = given ?? 25;
  if (size < 0 || size > 1000) throw new Error(`a page of ${size}`);
  return size;
}

// keysOf reads orderBy: the id decides last, and nothing behind it could.
function keysOf(orderBy, type) {
  if (orderBy.length > mostKeys) throw new Error(`${orderBy.length} keys`);
  const keys = [...orderBy.map((entry) => keyOf(entry, type)), { names: ["id"], kind: "ID", descending: false, nullsFirst: false }];
  return keys.slice(0, keys.findIndex((key) => key.names.join() === "id") + 1);
}

// keyOf reads an entry, which names one field: names lead to a scalar, or to what is counted.
function keyOf({ nulls, ...entry }, type) {
  const named = Object.entries(entry).filter(([, given]) => given !== null);
  if (named.length !== 1) throw new Error(`an entry of orderBy names ${named.length} fields`);
  const [name, given] = named[0];
  const field = type.getFields()[name];
  const nullsFirst = nulls === "FIRST";
  if (isConnection(field.type)) {
    return { names: [name], kind: "Int", counted: given, descending: given.count === "DESC", nullsFirst };
  }
  if (!isCompositeType(getNamedType(field.type))) return { names: [name], kind: kindOf(type, name), descending: given === "DESC", nullsFirst };
  const inner = keyOf(given, getNamedType(field.type));
  return { ...inner, names: [name, ...inner.names], nullsFirst: inner.nullsFirst || nullsFirst };
}

// valueOf is the value of a key of a row, null where the way to it breaks off.
export function valueOf(graph, row, { names, counted }) {
  const name = names.at(-1);
  let at = row;
  for (const link of names.slice(0, -1)) at = at && graph.end(at, link);
  if (at === null) return null;
  if (!counted) return graph.scalar(at, name);
  return graph.many(at, name, counted.facts).filter((far) => holds(graph, far, counted.where ?? {})).length;
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
// a byte that tells whether there is one: a text with its length, a whole number, or the eight
// bytes of one with a fraction.
const version = 1;

export function encode(keys, values) {
  const bytes = [version, ...hash(keys)];
  for (const [i, value] of values.entries()) {
    if (value === null) bytes.push(0);
    else if (keys[i].kind === "Int" || keys[i].kind === "Boolean") bytes.push(1, ...varint(value < 0 ? -2 * value - 1 : 2 * value));
    else if (keys[i].kind === "Float") bytes.push(1, ...Buffer.from(Float64Array.of(value).buffer));
    else bytes.push(1, ...varint(Buffer.byteLength(value)), ...Buffer.from(value));
  }
  return Buffer.from(bytes).toString("base64url");
}

// decode reads a cursor that was made for the same order. Of an order by counts it cannot
// tell that, since it does not know the server's hash.
export function decode(keys, cursor) {
  const bytes = [...Buffer.from(cursor, "base64url")];
  if (Buffer.from(bytes).toString("base64url") !== cursor || bytes.length < 5) throw new Error(`${cursor} is no cursor`);
  const [made, ...of] = bytes.splice(0, 5);
  if (made !== version || (!keys.some((key) => key.counted) && String(of) !== String(hash(keys)))) throw new Error(`${cursor} is of another order`);
  const values = keys.map(({ kind }) => decodeValue(kind, bytes));
  if (bytes.length > 0 || values.at(-1) === null) throw new Error(`${cursor} is damaged`);
  return values;
}

function decodeValue(kind, bytes) {
  const present = bytes.shift();
  if (present === 0) return null;
  if (present !== 1) throw new Error("a damaged cursor");
  if (kind === "Float") return decodeFloat(bytes);
  const number = unvarint(bytes);
  if (kind === "Boolean") return number !== 0;
  if (kind === "Int") return number % 2 ? -(number + 1) / 2 : number / 2;
  if (number > bytes.length) throw new Error("a damaged cursor");
  const text = Buffer.from(bytes.splice(0, number)).toString();
  if (kind === "Date") days(text);
  return text;
}

function decodeFloat(bytes) {
  if (bytes.length < 8) throw new Error("a damaged cursor");
  const number = Buffer.from(bytes.splice(0, 8)).readDoubleLE();
  if (!Number.isFinite(number)) throw new Error("a damaged cursor");
  return number;
}

function varint(number) {
  return number < 128 ? [number] : [(number % 128) + 128, ...varint(Math.floor(number / 128))];
}

function unvarint(bytes) {
  const byte = bytes.shift();
  if (byte === undefined) throw new Error("a damaged cursor");
  return byte < 128 ? byte : byte - 128 + 128 * unvarint(bytes);
}

// hash tells orders apart (FNV-1a, 32 bits, the lowest byte first): of each key its names and
// its marks, and after each of them a zero. The server's own hash of an order by counts depends
// on how it writes conditions; here it is zero, and the comparison overlooks it.
function hash(keys) {
  if (keys.some((key) => key.counted)) return [0, 0, 0, 0];
  let h = 2166136261;
  for (const key of keys) {
    const marks = (key.descending ? "d" : "a") + (key.nullsFirst ? "n" : "");
    for (const text of [...key.names, marks]) {
      for (const byte of [...Buffer.from(text), 0]) h = Math.imul(h ^ byte, 16777619) >>> 0;
    }
  }
  return [h & 255, (h >>> 8) & 255, (h >>> 16) & 255, h >>> 24];
}
