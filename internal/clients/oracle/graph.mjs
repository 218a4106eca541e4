// Resolvers of the served schema over the tables.
import { defaultFieldResolver, getNamedType, getNullableType, isEnumType, isListType, isObjectType, isOutputType } from "graphql";
import { linksOf } from "./links.mjs";
import { decode, encode, inOrder, keysOf } from "./pages.mjs";
import { load, scalar, Unknown } from "./tables.mjs";
import { holds } from "./where.mjs";

// graphOver is the graph in the tables of a folder, as the schema shows it.
export function graphOver(schema, folder) {
  const tables = load(folder);
  const links = linksOf(tables);
  const known = new Map(tables.rows.map((row) => [row, {}])); // links followed before; the tables never change

  const graph = {
    typeOf: (row) => row.type,
    isLink: (row, name) => name in links[row.type],
    isMany: (row, name) => isConnection(schema.getType(row.type).getFields()[name].type),
    kind: (row, name) => kindOf(schema.getType(row.type), name),
    scalar: (row, name) => scalar(row, name, graph.kind(row, name)),
    one: (row, name) => links[row.type][name](row),
    many: (row, name) => (known.get(row)[name] ??= follow(row, name)),
    find: (id, type) => {
      const row = tables.byID(id);
      return row && isA(row, type) ? row : null;
    },
    all: (type) => tables.rows.filter((row) => isA(row, type)),
    resolve,
  };

  const isA = (row, type) => row.type === type.name || (!isObjectType(type) && schema.isSubType(type, schema.getType(row.type)));

  // follow lists the rows to which a link leads, each once.
  function follow(row, name) {
    const link = links[row.type][name];
    if (typeof link === "function") return link(row);
    return [...new Set(graph.many(row, link.fact).map((fact) => graph.one(fact, link.far)))];
  }

  function resolve(source, args, context, info) {
    const { fieldName, parentType, returnType } = info;
    if (parentType.name === "Query") return root(fieldName, args, returnType);
    if (source.type === undefined && !(fieldName in source)) throw new Unknown(`field ${fieldName} of a page`);
    if (source.type === undefined) return defaultFieldResolver(source, args, context, info);
    if (!graph.isLink(source, fieldName)) return graph.scalar(source, fieldName);
    if (!graph.isMany(source, fieldName)) return graph.one(source, fieldName);
    return connection(graph.many(source, fieldName), args, returnType, factsTo(source, fieldName));
  }

  function root(fieldName, args, returnType) {
    if (fieldName === "nodes") return args.ids.map((id) => tables.byID(id));
    if (isConnection(returnType)) return connection(graph.all(target(returnType)), args, returnType);
    if (Object.keys(args).join() !== "id") throw new Unknown(`field ${fieldName}`);
    return graph.find(args.id, getNamedType(returnType));
  }

  // factsTo lists, for the far end of a shortcut, the facts over which it leads there.
  function factsTo(source, fieldName) {
    const { fact, far } = links[source.type][fieldName];
    return fact && ((row) => graph.many(source, fact).filter((f) => graph.one(f, far) === row));
  }

  function connection(rows, args, type, factsOf) {
    const { keys, after, before, size, backward } = pageOf(args, type);
    const values = (row) => keys.map((key) => graph.scalar(row, key.field));
    const all = rows.filter((row) => holds(graph, row, args.where ?? {}));
    const sorted = all.map((row) => ({ row, values: values(row) })).sort((a, b) => inOrder(keys, a.values, b.values));
    const behind = sorted.filter((each) => !after || inOrder(keys, each.values, after) > 0);
    const between = behind.filter((each) => !before || inOrder(keys, each.values, before) < 0);
    const page = backward ? between.slice(Math.max(0, between.length - size)) : between.slice(0, size);
    const more = between.length > page.length;
    const cursors = page.map((each) => encode(keys, each.values));
    return {
      edges: page.map(({ row }, i) => ({ node: row, cursor: cursors[i], ...facts(row, type, factsOf) })),
      nodes: page.map(({ row }) => row),
      pageInfo: {
        hasNextPage: backward ? Boolean(before) : more,
        hasPreviousPage: backward ? more : Boolean(after),
        startCursor: cursors[0] ?? null,
        endCursor: cursors.at(-1) ?? null,
      },
      totalCount: all.length,
    };
  }

  // facts is the field of an edge that lists the facts behind it, if it has one.
  function facts(row, type, factsOf) {
    const edge = getNamedType(getNamedType(type).getFields().edges.type);
    const name = Object.keys(edge.getFields()).find((field) => field !== "node" && field !== "cursor");
    return name && { [name]: (args) => connection(factsOf(row), args, edge.getFields()[name].type) };
  }

  return graph;
}

const pageArguments = ["where", "orderBy", "first", "after", "last", "before"];

// pageOf reads the paging arguments of a connection of some type, and refuses bad ones.
export function pageOf(args, type) {
  const unknown = Object.keys(args).find((name) => !pageArguments.includes(name));
  if (unknown) throw new Unknown(`argument ${unknown}`);
  const keys = keysOf(args.orderBy, (field) => kindOf(target(type), field));
  const backward = typeof args.last === "number";
  if (backward && typeof args.first === "number") throw new Error("first and last are both given");
  const size = args.last ?? args.first ?? 25;
  if (size < 0 || size > 1000) throw new Error(`a page of ${size}`);
  const bound = (cursor) => (typeof cursor === "string" ? decode(keys, cursor) : null);
  return { keys, size, backward, after: bound(args.after), before: bound(args.before) };
}

export const isConnection = (type) => isOutputType(type) && getNamedType(type).name.endsWith("Connection");

const target = (type) => getNamedType(getNamedType(type).getFields().nodes.type);

// kindOf is the kind of a scalar field: its type, but one name for all vocabularies and one for lists.
function kindOf(type, name) {
  const given = type.getFields()[name].type;
  if (isListType(getNullableType(given))) return "List";
  return isEnumType(getNamedType(given)) ? "Enum" : getNamedType(given).name;
}
