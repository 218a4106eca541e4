// The rules of graphql-eslint that the served schema keeps, and each exception with its reason.
import graphql from "@graphql-eslint/eslint-plugin";

const { configs, parser } = graphql;
const rules = { ...configs["flat/schema-recommended"].rules, ...configs["flat/schema-relay"].rules };

export default [
  {
    files: ["**/*.graphqls"],
    languageOptions: { parser, parserOptions: { graphQLConfig: { schema: "schema.graphqls" } } },
    plugins: { "@graphql-eslint": graphql },
    rules: {
      ...rules,
      // Paging forward is enough for the specification of connections, which demands one way.
      "@graphql-eslint/relay-arguments": ["error", { includeBoth: false }],
      // `nodes` beside `edges` spares people a level; `aliases` is a list of texts.
      "@graphql-eslint/relay-edge-types": [
        "error",
        { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false },
      ],
      // Pages are no things: they have no id to be found by.
      "@graphql-eslint/strict-id-in-types": [
        "error",
        { exceptions: { types: ["PageInfo"], suffixes: ["Connection", "Edge"] } },
      ],
      // Network.networks is a field of Party, where it says to which networks any party belongs.
      "@graphql-eslint/no-typename-prefix": "off",
    },
  },
];
