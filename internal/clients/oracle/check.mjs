// What is refused before anything is read (docs/decisions/08): page sizes, cursors, orders and
// conditions with null in them, in every field that could be reached.
import {
  getNamedType, getNullableType, GraphQLError, GraphQLIncludeDirective, GraphQLSkipDirective, isCompositeType, isInputObjectType,
  isListType, isObjectType, Kind,
} from "graphql";
import { getArgumentValues, getDirectiveValues } from "graphql/execution/values.js";
import { isConnection, pageOf } from "./graph.mjs";
import { Unknown } from "./tables.mjs";

const longest = 1000; // of a list of ids or operands

// check lists the errors of all arguments that are wrong, in no order of importance.
export function check(schema, document, operation, variables) {
  const fragments = Object.fromEntries(
    document.definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION).map((d) => [d.name.value, d]),
  );
  const errors = [];
  const objects = (type) => (isObjectType(type) ? [type] : schema.getPossibleTypes(type));

  // walk looks at a selection on what can only be of the given object types.
  function walk(types, selectionSet, path) {
    for (const node of selectionSet.selections.filter(included)) {
      if (node.kind === Kind.FIELD) field(types, node, path);
      else {
        const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments[node.name.value] : node;
        walk(narrow(types, fragment.typeCondition), fragment.selectionSet, path);
      }
    }
  }

  function included(node) {
    return getDirectiveValues(GraphQLSkipDirective, node, variables)?.if !== true
      && getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if !== false;
  }

  function narrow(types, condition) {
    if (!condition) return types;
    const wanted = objects(schema.getType(condition.name.value));
    return types.filter((type) => wanted.includes(type));
  }

  function field(types, node, path) {
    const definition = types[0]?.getFields()[node.name.value]; // the types agree on what is selected of all
    if (!definition) return; // __typename, introspection, or no type left
    const here = [...path, (node.alias ?? node.name).value];
    try {
      args(definition, getArgumentValues(definition, node, variables));
    } catch (error) {
      if (error instanceof Unknown) throw error;
      errors.push(new GraphQLError(error.message, { path: here }));
    }
    const type = getNamedType(definition.type);
    if (isCompositeType(type)) walk(objects(type), node.selectionSet, here);
  }

  function args(definition, values) {
    if (values.ids?.length > longest) throw new Error("too many ids");
    if (!isConnection(definition.type)) return;
    const where = definition.args.find((argument) => argument.name === "where");
    if (values.where) condition(where.type, values.where);
    pageOf(values, definition.type);
  }

  walk([schema.getQueryType()], operation.selectionSet, []);
  return errors;
}

// condition refuses null, a count that is compared with nothing, and a list that is too long.
function condition(type, value) {
  if (value === null) throw new Error("null in a condition");
  if (isListType(getNullableType(type))) {
    if (value.length > longest) throw new Error("too many operands");
    for (const each of value) condition(getNamedType(type), each);
    return;
  }
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return;
  if (named.name.endsWith("CountWhere") && Object.keys(value).every((name) => name === "where")) {
    throw new Error("a count compares with nothing");
  }
  for (const [name, inner] of Object.entries(value)) condition(named.getFields()[name].type, inner);
}
