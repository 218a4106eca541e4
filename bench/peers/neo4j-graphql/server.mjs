// @neo4j/graphql behind Apollo Server, reading only: PORT, NEO4J_URI.
import { readFileSync } from "node:fs";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { Neo4jGraphQL } from "@neo4j/graphql";
import neo4j from "neo4j-driver";

const { PORT, NEO4J_URI } = process.env;
const library = new Neo4jGraphQL({
  typeDefs: readFileSync(new URL("schema.graphql", import.meta.url), "utf8"),
  driver: neo4j.driver(NEO4J_URI),
  features: {
    excludeDeprecatedFields: {
      mutationOperations: true,
      aggregationFilters: true,
      aggregationFiltersOutsideConnection: true,
      relationshipFilters: true,
      attributeFilters: true,
    },
  },
});
const server = new ApolloServer({ schema: await library.getSchema() });
await startStandaloneServer(server, {
  listen: { host: "127.0.0.1", port: Number(PORT) },
  context: async () => ({ sessionConfig: { database: "neo4j" } }),
});
