// Reads the server's introspection answer as any client does, and tells how the schema in it
// differs from the one that is served as a file.
//
//	node introspection.mjs SCHEMA URL
import { readFileSync } from "node:fs";
import { buildClientSchema, buildSchema, getIntrospectionQuery, isSpecifiedDirective, lexicographicSortSchema, printSchema, validateSchema } from "graphql";

const [schemaFile, url] = process.argv.slice(2);
const everything = { descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true, oneOf: true };
const response = await fetch(url, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ query: getIntrospectionQuery(everything) }),
});
const { data, errors } = await response.json();
if (errors) throw new Error(JSON.stringify(errors));

const schema = buildClientSchema(data);
const faults = validateSchema(schema);
if (faults.length > 0) throw faults[0];
const unspecified = schema.getDirectives().filter((directive) => !isSpecifiedDirective(directive));
if (unspecified.length > 0) throw new Error(`directives that the file has not: ${unspecified}`);

const printed = (s) => printSchema(lexicographicSortSchema(s)).split("\n");
const [asked, served] = [printed(schema), printed(buildSchema(readFileSync(schemaFile, "utf8")))];
const at = asked.findIndex((line, i) => line !== served[i]);
if (at >= 0 || asked.length !== served.length) throw new Error(`line ${at}: asked "${asked[at]}", served "${served[at]}"`);
console.log(`${data.__schema.types.length} types agree`);
