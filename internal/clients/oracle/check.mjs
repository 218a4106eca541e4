// What is refused before anything is read (docs/decisions/08 and docs/cost.md): page sizes,
// cursors, orders and conditions with null in them, in every field that could be reached, and
// questions that cost too much.
import {
  getNamedType, getNullableType, GraphQLError, GraphQLIncludeDirective, GraphQLSkipDirective, isCompositeType, isInputObjectType,
  isListType, isObjectType, Kind,
} from "graphql";
import { getArgumentValues, getDirectiveValues } from "graphql/execution/values.js";
import { costOf } from "./cost.mjs";
import { isConnection, target } from "./graph.mjs";
import { checkGroups, fieldNamed } from "./groups.mjs";
import { pageOf } from "./pages.mjs";
import { checkSearch } from "./search.mjs";
import { Unknown } from "./tables.mjs";

const longest = 1000; // of a list of ids or operands
const dearest = 1_000_000;
const untaught = ["contacts", "spread", "viewer", "change", "changes", "history", "asRecordedAt", "proposal", "proposals", "hiddenPersons"];

// check lists the errors of all arguments that are wrong, in no order of importance, and
// tells what the operation may cost.
export function check(schema, document, operation, variables) {
  const fragments = Object.fromEntries(
    document.definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION).map((d) => [d.name.value, d]),
  );
  const errors = [];
  const possible = (type) => (isObjectType(type) ? [type] : schema.getPossibleTypes(type));
  collect.possible = possible;

  // collect lists the fields of selection sets on what can only be of the given object types:
  // one for each response key, with all that is selected under it.
  function collect(types, sets) {
    const fields = new Map();
    for (const set of sets) gather(types, set, fields);
    return [...fields.values()];
  }

  function gather(types, set, fields) {
    for (const node of set.selections.filter(included)) {
      if (node.kind === Kind.FIELD) add(types, node, fields);
      else {
        const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments[node.name.value] : node;
        gather(narrow(types, fragment.typeCondition), fragment.selectionSet, fields);
      }
    }
  }

  function add(types, node, fields) {
    if (types.length === 0) return;
    const definition = types[0].getFields()[node.name.value]; // none for __typename and introspection
    const type = definition && getNamedType(definition.type);
    const key = (node.alias ?? node.name).value;
    const known = fields.get(key) ?? { key, node, definition, types: isCompositeType(type) ? possible(type) : [], sets: [] };
    if (node.selectionSet) known.sets.push(node.selectionSet);
    fields.set(key, known);
  }

  function included(node) {
    return getDirectiveValues(GraphQLSkipDirective, node, variables)?.if !== true
      && getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if !== false;
  }

  function narrow(types, condition) {
    if (!condition) return types;
    const wanted = possible(schema.getType(condition.name.value));
    return types.filter((type) => wanted.includes(type));
  }

  // walk looks at the arguments of all fields. ends are the types of the things at the end of
  // the keys of groups that it is in.
  function walk(types, sets, path, ends) {
    for (const field of collect(types, sets)) {
      const { key, definition } = field;
      if (!definition) continue;
      if (untaught.includes(definition.name)) throw new Unknown(`field ${definition.name}`);
      const here = [...path, key];
      attempt(here, () => args(definition, (field.args = getArgumentValues(definition, field.node, variables))));
      const inGroups = definition.name === "node" && ends;
      walk(inGroups ? ends : field.types, field.sets, here, inGroups ? undefined : (endsOf(types[0], field) ?? ends));
    }
  }

  function attempt(path, work) {
    try {
      work();
    } catch (error) {
      if (error instanceof Unknown) throw error;
      errors.push(new GraphQLError(error.message, { path }));
    }
  }

  // endsOf are the types at the end of the keys of groups or facets.
  function endsOf(connection, { args: { by } = {} }) {
    if (!by) return undefined;
    const type = target(connection);
    const links = by.map((name) => type.getFields()[fieldNamed(type, name)]).filter((field) => field && isCompositeType(getNamedType(field.type)));
    return links.flatMap((field) => possible(getNamedType(field.type)));
  }

  function args(definition, values) {
    if (values.ids?.length > longest) throw new Error("too many ids");
    if (definition.name === "search") checkSearch(values);
    else if (isConnection(definition.type)) page(definition, values);
    else if (values.by) checkGroups(values);
  }

  function page(definition, values) {
    for (const name of ["where", "facts", "orderBy"]) {
      const argument = definition.args.find((each) => each.name === name);
      if (!values[name]) continue;
      if (name === "orderBy") for (const entry of values.orderBy) order(getNamedType(argument.type), entry);
      else condition(argument.type, values[name]);
    }
    pageOf(values, definition.type);
  }

  const root = [schema.getQueryType()];
  walk(root, [operation.selectionSet], []);
  if (errors.length > 0) return { errors };
  const priced = (types, sets) => collect(types, sets).map((field) => ({ ...field, args: field.definition ? getArgumentValues(field.definition, field.node, variables) : {} }));
  priced.possible = possible;
  const cost = costOf(root, [operation.selectionSet], priced);
  return cost > dearest ? { errors: [new GraphQLError(`it costs ${cost}`)] } : { errors, cost };
}

// order refuses bad conditions on what an order counts.
function order(type, entry) {
  for (const [name, given] of Object.entries(entry)) {
    const inner = type.getFields()[name].type;
    if (given === null) continue;
    if (name === "where" || name === "facts") condition(inner, given);
    else if (isInputObjectType(getNamedType(inner))) order(getNamedType(inner), given);
  }
}

// condition refuses a null operand, a count that is compared with nothing, conditions on facts
// alone, and a list that is too long. A null condition is no condition.
function condition(type, value) {
  const named = getNamedType(type);
  if (value === null && isInputObjectType(named)) return;
  if (value === null) throw new Error("null in a condition");
  if (isListType(getNullableType(type))) {
    if (value.length > longest) throw new Error("too many operands");
    for (const each of value) condition(named, each);
    return;
  }
  if (!isInputObjectType(named)) return;
  const only = (allowed) => Object.entries(value).every(([name, given]) => name === allowed || given === null);
  for (const [name, inner] of Object.entries(value)) condition(named.getFields()[name].type, inner);
  if (named.name.endsWith("CountWhere") && only("where")) throw new Error("a count compares with nothing");
  if (value.facts && only("facts") && named.name.endsWith("LinkWhere")) throw new Error("conditions on facts alone");
}
