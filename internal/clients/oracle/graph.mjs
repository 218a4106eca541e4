// The graph in the tables, as the schema shows it: things, their scalars and their links, on
// a day or whatever the day.
import { getNullableType, isEnumType, isListType, isNonNullType, isObjectType, isOutputType, getNamedType } from "graphql";
import { holdsOn } from "./day.mjs";
import { linksOf } from "./links.mjs";
import { scalar } from "./tables.mjs";
import { holds } from "./where.mjs";

// graphOver is the graph in some tables, of which each row then says that it belongs to it.
// With a day it has only what holds on it.
export function graphOver(schema, tables, day) {
  const links = linksOf(tables);
  const known = new Map(tables.rows.map((row) => [row, {}])); // links followed before; the tables never change
  const days = {};

  const graph = {
    schema,
    rows: tables.rows,
    isLink: (row, name) => name in links[row.type],
    isMany: (row, name) => isConnection(fieldOf(row, name).type),
    kind: (row, name) => kindOf(schema.getType(row.type), name),
    scalar: (row, name) => scalar(row, name, graph.kind(row, name)),
    one: (row, name) => {
      const far = links[row.type][name](row);
      return isNonNullType(fieldOf(row, name).type) || there(far) ? far : null;
    },
    end: (row, name) => links[row.type][name](row), // whatever the day
    many: (row, name, facts) => (facts ? follow(row, name, facts) : (known.get(row)[name] ??= follow(row, name))),
    factsTo: (row, name, facts, far) => {
      const link = links[row.type][name];
      return graph.many(row, link.fact).filter((fact) => graph.one(fact, link.far) === far && holds(graph, fact, facts));
    },
    find: (id, type) => {
      const row = tables.byID(id);
      return there(row) && isA(row, type) ? row : null;
    },
    isA: (row, type) => isA(row, type),
    all: (type) => tables.rows.filter((row) => there(row) && isA(row, type)),
    on: (given) => (days[JSON.stringify(given)] ??= graphOver(schema, tables.copy(), given)),
  };
  for (const row of tables.rows) row.graph = graph;

  const fieldOf = (row, name) => schema.getType(row.type).getFields()[name];
  const isA = (row, type) => row.type === type.name || (!isObjectType(type) && schema.isSubType(type, schema.getType(row.type)));
  const there = (row) => row !== null && (!day || holdsOn(day, row, (fact, name) => links[fact.type][name](fact)));

  // follow lists the rows to which a link leads, each once: past the facts that meet a condition.
  function follow(row, name, facts = {}) {
    const link = links[row.type][name];
    if (typeof link === "function") return link(row).filter(there);
    const past = graph.many(row, link.fact).filter((fact) => holds(graph, fact, facts));
    return [...new Set(past.map((fact) => graph.one(fact, link.far)))].filter(there);
  }

  return graph;
}

export const isConnection = (type) => isOutputType(type) && getNamedType(type).name.endsWith("Connection");

// target is the type of the things in a connection.
export const target = (type) => getNamedType(getNamedType(type).getFields().nodes.type);

// kindOf is the kind of a scalar field: its type, but one name for all vocabularies and one for lists.
export function kindOf(type, name) {
  const given = type.getFields()[name].type;
  if (isListType(getNullableType(given))) return "List";
  return isEnumType(getNamedType(given)) ? "Enum" : getNamedType(given).name;
}
