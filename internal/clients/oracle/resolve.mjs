// Resolvers of the served schema over the graph.
import { defaultFieldResolver, getNamedType } from "graphql";
import { openEnded, undated } from "./day.mjs";
import { facets, groups } from "./groups.mjs";
import { isConnection, target } from "./graph.mjs";
import { encode, inOrder, pageOf, valueOf } from "./pages.mjs";
import { search } from "./search.mjs";
import { Unknown } from "./tables.mjs";
import { days, written } from "./values.mjs";
import { holds } from "./where.mjs";

// resolve gives a field of a row, of a page, or of what holds a graph: Query and Graph.
export function resolve(source, args, context, info) {
  const { fieldName, parentType, returnType } = info;
  if (source.graph && source.type) return ofRow(source, args, fieldName, returnType);
  if (fieldName in source) return defaultFieldResolver(source, args, context, info);
  if (parentType.name !== "Query" && parentType.name !== "Graph") throw new Unknown(`field ${parentType.name}.${fieldName}`);
  return root(source.graph, args, fieldName, returnType);
}

function ofRow(row, args, name, type) {
  const { graph } = row;
  if (!graph.isLink(row, name)) return graph.scalar(row, name);
  if (!graph.isMany(row, name)) return graph.one(row, name);
  return connection(graph, graph.many(row, name, args.facts), args, type, (far) => graph.factsTo(row, name, args.facts ?? {}, far));
}

function root(graph, args, name, type) {
  if (name === "asOf") return asOf(graph, args);
  if (name === "search") return search(graph, args);
  if (name === "nodes") return args.ids.map((id) => graph.find(id, graph.schema.getType("Node")));
  if (isConnection(type)) return connection(graph, graph.all(target(type)), args, type);
  if (Object.keys(args).join() !== "id") throw new Unknown(`field ${name}`);
  return graph.find(args.id, getNamedType(type));
}

function asOf(graph, { date, certainty, dates }) {
  const read = dates === "WRITTEN" ? written : days;
  const day = { ...read(date), days: read, dates: dates ?? "WIDENED", possible: certainty === "POSSIBLE" };
  return {
    graph: graph.on(day),
    date,
    certainty: certainty ?? "CERTAIN",
    dates: day.dates,
    undated: undated(graph.rows),
    openEnded: openEnded(graph.rows),
  };
}

function connection(graph, rows, args, type, factsTo) {
  const { keys, after, before, size, backward } = pageOf(args, type);
  const all = rows.filter((row) => holds(graph, row, args.where ?? {}));
  const sorted = all.map((row) => ({ row, values: keys.map((key) => valueOf(graph, row, key)) })).sort((a, b) => inOrder(keys, a.values, b.values));
  const behind = sorted.filter((each) => !after || inOrder(keys, each.values, after) > 0);
  const between = behind.filter((each) => !before || inOrder(keys, each.values, before) < 0);
  const page = backward ? between.slice(Math.max(0, between.length - size)) : between.slice(0, size);
  const more = between.length > page.length;
  const cursors = page.map((each) => encode(keys, each.values));
  return {
    edges: page.map(({ row }, i) => ({ node: row, cursor: cursors[i], ...facts(graph, row, type, factsTo) })),
    nodes: page.map(({ row }) => row),
    pageInfo: {
      hasNextPage: backward ? Boolean(before) : more,
      hasPreviousPage: backward ? more : Boolean(after),
      startCursor: cursors[0] ?? null,
      endCursor: cursors.at(-1) ?? null,
    },
    totalCount: all.length,
    facets: (given) => facets(graph, all, target(type), given),
    groups: (given) => groups(graph, all, target(type), given),
  };
}

// facts is the field of an edge that lists the facts behind it, if it has one.
function facts(graph, row, type, factsTo) {
  const edge = getNamedType(getNamedType(type).getFields().edges.type);
  const name = Object.keys(edge.getFields()).find((field) => field !== "node" && field !== "cursor");
  return name && { [name]: (args) => connection(graph, factsTo(row), args, edge.getFields()[name].type) };
}
