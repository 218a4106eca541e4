// Conditions, written from their descriptions in the schema: every one is true or false,
// never unknown.
import { screaming, Unknown } from "./tables.mjs";
import { byCodePoint, days, fold, isNumber, written } from "./values.mjs";

// holds tells whether a row meets a condition. graph gives access to fields and links.
export function holds(graph, row, where) {
  return conditions(where).every(([name, given]) => {
    if (name === "and") return given.every((part) => holds(graph, row, part));
    if (name === "or") return given.some((part) => holds(graph, row, part));
    if (name === "not") return !holds(graph, row, given);
    if (name === "type") return compareAll("Enum", screaming(row.type), given);
    const of = subject(graph, name);
    if (of) return graph.isA(row, of) && holds(graph, row, given);
    if (!graph.isLink(row, name)) return scalarHolds(graph.kind(row, name), graph.scalar(row, name), given);
    if (graph.isMany(row, name)) return manyHold(graph, graph.many(row, name, given.facts), given);
    const far = graph.one(row, name);
    return far !== null && holds(graph, far, given);
  });
}

// subject is the type whose own conditions a condition such as isOrganization holds, if it is one.
const subject = (graph, name) => (name.startsWith("is") ? graph.schema.getType(name.slice(2)) : undefined);

// conditions are those that are given: a null condition is none.
const conditions = (where) => Object.entries(where).filter(([, given]) => given !== null);

function manyHold(graph, rows, { facts, ...given }) {
  const met = (where) => rows.filter((row) => holds(graph, row, where)).length;
  return conditions(given).every(([name, inner]) => {
    if (name === "some") return met(inner) > 0;
    if (name === "all") return met(inner) === rows.length;
    if (name === "none") return met(inner) === 0;
    if (name !== "count") throw new Unknown(`condition ${name}`);
    const { where, ...comparisons } = inner;
    return compareAll("Int", met(where ?? {}), comparisons);
  });
}

function scalarHolds(kind, value, given) {
  if (kind !== "List") return compareAll(kind, value, given);
  return conditions(given).every(([name, inner]) => {
    const met = value.filter((element) => compareAll("String", element, inner)).length;
    if (name === "some") return met > 0;
    if (name === "all") return met === value.length;
    return met === 0;
  });
}

function compareAll(kind, value, given) {
  const { caseSensitive, certainty, dates, ...comparisons } = given;
  const how = { kind, folded: kind === "String" && !caseSensitive, possible: certainty === "POSSIBLE", days: dates === "WRITTEN" ? written : days };
  return Object.entries(comparisons).every(([name, operand]) => compare(how, name, value, operand));
}

function compare(how, name, value, operand) {
  if (name === "isNull") return (value === null) === operand;
  if (value === null) return how.possible; // a missing date may be any day
  if (name === "in") return operand.some((each) => related(how, "eq", value, each));
  if (name === "notIn") return operand.every((each) => related(how, "ne", value, each));
  return related(how, name, value, operand);
}

function related(how, name, value, operand) {
  if (how.kind === "Date") return datesRelated(how.possible, name, how.days(value), how.days(operand));
  if (isNumber(how.kind)) return ordered(name, value - operand);
  const [a, b] = how.folded ? [fold(value), fold(operand)] : [value, operand];
  if (name === "contains") return a.includes(b);
  if (name === "startsWith") return a.startsWith(b);
  if (name === "endsWith") return a.endsWith(b);
  return ordered(name, byCodePoint(a, b));
}

function ordered(name, difference) {
  if (name === "eq") return difference === 0;
  if (name === "ne") return difference !== 0;
  if (name === "lt") return difference < 0;
  if (name === "lte") return difference <= 0;
  if (name === "gt") return difference > 0;
  if (name === "gte") return difference >= 0;
  throw new Unknown(`comparison ${name}`);
}

// datesRelated compares spans of days: for every day that they may mean, or for some.
function datesRelated(possible, name, a, b) {
  const same = a.from === b.from && a.to === b.to;
  const meet = a.from <= b.to && b.from <= a.to;
  if (name === "eq") return possible ? meet : same;
  if (name === "ne") return possible ? !(same && a.from === a.to) : !same;
  if (name === "before") return (possible ? a.from : a.to) < b.from;
  if (name === "after") return (possible ? a.to : a.from) > b.to;
  if (name === "during") return possible ? meet : b.from <= a.from && a.to <= b.to;
  throw new Unknown(`comparison ${name} of dates`);
}
