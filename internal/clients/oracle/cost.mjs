// What a question may cost, written from docs/cost.md.
import { isCompositeType, isLeafType, isObjectType, getNamedType, isListType, getNullableType } from "graphql";
import { isConnection } from "./graph.mjs";
import { fieldNamed } from "./groups.mjs";

const usual = 25;
const computed = 100;

// costOf is the cost of a selection on what can only be of the given types; collect lists its fields.
export function costOf(types, selections, collect) {
  const node = (of, sets) => 1 + sum(collect(of, sets), field);

  function field({ definition, args, types: of, sets }) {
    if (!definition || isLeafType(getNamedType(definition.type))) return 0;
    if (definition.name === "search") return computed + record(of, sets, args.first ?? usual);
    if (definition.name === "asOf") return sum(collect(of, sets), counted);
    if (isConnection(definition.type)) return connection(of[0], args, sets);
    if (definition.name === "nodes") return args.ids.length * node(of, sets);
    return node(of, sets);
  }

  const counted = (inner) => (["undated", "openEnded"].includes(inner.definition?.name) ? 1 : field(inner));

  // connection: its rows, its groups, and its total when that is all that is asked for.
  function connection(type, args, sets) {
    const fields = collect([type], sets);
    const named = (name) => fields.filter((each) => each.definition?.name === name);
    const edge = getNamedType(type.getFields().edges.type);
    const edges = named("edges").flatMap((each) => collect([edge], each.sets));
    const ends = [...named("nodes"), ...edges.filter((each) => each.definition?.name === "node")];
    const lists = edges.filter((each) => each.definition && isConnection(each.definition.type));
    const far = sum(ends, (each) => node(each.types, each.sets) - 1) + sum(lists, field);
    const rows = named("nodes").length + named("edges").length + named("pageInfo").length > 0;
    const total = named("totalCount").length > 0 ? 1 : 0;
    const read = rows ? 1 + (args.last ?? args.first ?? usual) * (1 + far) : total;
    return read + sum([...named("facets"), ...named("groups")], (each) => grouped(type, each));
  }

  function grouped(type, { definition, args, types: of, sets }) {
    const size = args.first ?? usual;
    const ends = args.by.map((by) => endOf(type, by)).filter((end) => end !== null);
    const one = (end) => node(end.types, nodesIn(of, sets).flatMap((each) => each.sets));
    if (definition.name === "groups") return 1 + size * (1 + sum(ends, one));
    return sum(args.by.map((by) => endOf(type, by)), (end) => 1 + size * (1 + (end ? one(end) : 0)));
  }

  // nodesIn lists the fields called node anywhere inside groups or facets.
  function nodesIn(of, sets) {
    return collect(of, sets).flatMap((each) => (each.definition?.name === "node" ? [each] : nodesIn(each.types, each.sets)));
  }

  function endOf(type, by) {
    const far = getNamedType(type.getFields().nodes.type);
    const name = fieldNamed(far, by);
    if (name === undefined) return null;
    const end = getNamedType(far.getFields()[name].type);
    return isCompositeType(end) ? { types: isObjectType(end) ? [end] : collect.possible(end) } : null;
  }

  // record is the cost of a record of a computed field, in which lists have some size.
  function record(of, sets, size) {
    return 1 + sum(collect(of, sets), (each) => {
      if (!each.definition || isLeafType(getNamedType(each.definition.type))) return 0;
      const inner = each.definition.name === "node" || each.definition.name === "nodes" ? node(each.types, each.sets) : record(each.types, each.sets, usual);
      return isListType(getNullableType(each.definition.type)) ? size * inner : inner;
    });
  }

  return node(types, selections);
}

const sum = (list, cost) => list.reduce((total, each) => total + cost(each), 0);
