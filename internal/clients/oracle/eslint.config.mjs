// The rules of graphql-eslint that the served schema keeps, and each exception with its reason.
import { readFileSync } from "node:fs";
import graphql from "@graphql-eslint/eslint-plugin";
import { buildSchema, isObjectType } from "graphql";

const { configs, parser } = graphql;
const rules = { ...configs["flat/schema-recommended"].rules, ...configs["flat/schema-relay"].rules };

// What is no node of the graph: pages, counts, and records that are worked out.
const schema = buildSchema(readFileSync("schema.graphqls", "utf8"));
const records = Object.values(schema.getTypeMap())
  .filter((type) => isObjectType(type) && !type.getInterfaces().some((face) => face.name === "Node"))
  .map((type) => type.name);

export default [
  {
    files: ["**/*.graphqls"],
    languageOptions: { parser, parserOptions: { graphQLConfig: { schema: "schema.graphqls" } } },
    plugins: { "@graphql-eslint": graphql },
    rules: {
      ...rules,
      // A search, best first, pages forward only; the specification of connections demands one way.
      "@graphql-eslint/relay-arguments": ["error", { includeBoth: false }],
      // `nodes` beside `edges` spares people a level; `aliases` is a list of texts. Changes and what
      // they did come in pages too, and are no nodes of the graph: the history has them.
      "@graphql-eslint/relay-edge-types": [
        "error",
        { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
      ],
      // What is no node has no id to be found by.
      "@graphql-eslint/strict-id-in-types": ["error", { exceptions: { types: records } }],
      // Network.networks is a field of Party, where it says to which networks any party belongs.
      "@graphql-eslint/no-typename-prefix": "off",
    },
  },
];
