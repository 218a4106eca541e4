// Facets and groups: how many there are of each value, the most frequent first.
import { isCompositeType, getNamedType } from "graphql";
import { kindOf } from "./graph.mjs";
import { sizeOf } from "./pages.mjs";
import { screaming } from "./tables.mjs";
import { order } from "./values.mjs";

const mostKeys = 10;

// fieldNamed finds the field for which a name of an enum stands.
export const fieldNamed = (type, name) => Object.keys(type.getFields()).find((field) => screaming(field) === name);

// checkGroups refuses bad arguments of facets and groups.
export function checkGroups({ by, first, skip }) {
  if (by.length < 1 || by.length > mostKeys) throw new Error(`${by.length} keys`);
  sizeOf(first);
  if (skip < 0) throw new Error(`skip ${skip}`);
}

// keyOf is the key that a name stands for: how to get its value from a row, and its kind.
function keyOf(graph, type, by) {
  const name = fieldNamed(type, by);
  if (name === undefined) return yearOf(graph, fieldNamed(type, by.replace(/_YEAR$/, "")), by);
  if (!isCompositeType(getNamedType(type.getFields()[name].type))) {
    return { by, kind: kindOf(type, name), value: (row) => graph.scalar(row, name) };
  }
  return { by, kind: "ID", value: (row) => graph.end(row, name)?.id ?? null, node: (row) => graph.end(row, name) };
}

function yearOf(graph, name, by) {
  const year = (row) => graph.scalar(row, name)?.slice(0, 4) ?? null;
  return { by, kind: "Int", value: (row) => (year(row) === null ? null : Number(year(row))) };
}

// counted lists the groups of rows by the values of some keys, in their order.
function counted(graph, rows, type, { by, distinct }) {
  const keys = by.map((name) => keyOf(graph, type, name));
  const groups = new Map();
  for (const row of rows) {
    const values = keys.map((key) => key.value(row));
    const known = groups.get(JSON.stringify(values)) ?? { values, rows: [] };
    known.rows.push(row);
    groups.set(JSON.stringify(values), known);
  }
  const link = distinct && fieldNamed(type, distinct);
  return [...groups.values()].sort((a, b) => b.rows.length - a.rows.length || inOrder(keys, a.values, b.values)).map((group) => ({
    keys: keys.map((key, i) => ({
      by: key.by,
      value: group.values[i] === null ? null : String(group.values[i]),
      node: key.node?.(group.rows[0]) ?? null,
    })),
    count: group.rows.length,
    distinct: link ? new Set(group.rows.map((row) => graph.end(row, link)).filter((far) => far !== null)).size : null,
  }));
}

function inOrder(keys, a, b) {
  for (const [i, { kind }] of keys.entries()) {
    if (a[i] === b[i]) continue;
    if (a[i] === null || b[i] === null) return a[i] === null ? 1 : -1;
    return order(kind, a[i], b[i]);
  }
  return 0;
}

// groups is the page of groups by all keys together.
export function groups(graph, rows, type, args) {
  const all = counted(graph, rows, type, args);
  const skip = args.skip ?? 0;
  const end = skip + sizeOf(args.first);
  return { totalCount: all.length, hasNextPage: all.length > end, groups: all.slice(skip, end) };
}

// facets is a page of values for each key.
export function facets(graph, rows, type, args) {
  return args.by.map((by) => {
    const page = groups(graph, rows, type, { ...args, by: [by] });
    const values = page.groups.map(({ keys: [{ value, node }], ...numbers }) => ({ value, node, ...numbers }));
    return { by, totalCount: page.totalCount, hasNextPage: page.hasNextPage, values };
  });
}
