// The oracle: graphql-js answers questions over the curated tables, so that answers of the
// server can be compared with a second opinion. It shares no code with the server.
//
//	node main.mjs SCHEMA
//
// Each line of the input is a request in JSON (query, operationName, variables, and tables:
// the folder of the tables to answer from), each line of the output its response, in which
// an error has a message and a path. What it has not been taught it names as unknown.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { buildSchema, executeSync, getOperationAST, parse, validate } from "graphql";
import { getVariableValues } from "graphql/execution/values.js";
import { check } from "./check.mjs";
import { graphOver } from "./graph.mjs";
import { resolve } from "./resolve.mjs";
import { load, Unknown } from "./tables.mjs";
import { days } from "./values.mjs";

const schema = buildSchema(readFileSync(process.argv[2], "utf8"));
const date = schema.getType("Date");
date.parseValue = dateOf;
date.parseLiteral = (node) => dateOf(node.kind === "StringValue" ? node.value : null);
const graphs = {}; // by folder

function dateOf(text) {
  if (typeof text !== "string") throw new TypeError("a date is a text");
  days(text); // throws when it is none
  return text;
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(answer(JSON.parse(line))));
}

function answer({ query, operationName, variables, tables }) {
  try {
    const document = parse(query);
    const invalid = validate(schema, document);
    if (invalid.length > 0) return refused(invalid);
    const graph = (graphs[tables] ??= graphOver(schema, load(tables)));
    return run(graph, document, operationName || undefined, variables ?? {});
  } catch (error) {
    return error instanceof Unknown ? { unknown: error.message } : refused([error]);
  }
}

function run(graph, document, operationName, given) {
  const operation = getOperationAST(document, operationName);
  if (!operation) return refused([new Error("there is no such operation")]);
  const { errors, coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], given);
  if (errors) return refused(errors);
  const { errors: wrong, cost } = check(schema, document, operation, coerced);
  if (wrong.length > 0) return refused(wrong);
  const result = executeSync({
    schema, document, operationName, variableValues: given, rootValue: { graph },
    fieldResolver: resolve, typeResolver: (row) => row.type,
  });
  const unknown = result.errors?.find((error) => error.originalError instanceof Unknown);
  if (unknown) return { unknown: unknown.message };
  return result.errors ? { ...refused(result.errors), data: result.data } : { ...result, cost };
}

function refused(errors) {
  return { errors: errors.map(({ message, path }) => ({ message, path })) };
}
