// Who learned from a party, and who taught the first of them? Asked with Apollo Client, page by page into one cache.
// Usage: node apollo/program.mjs ADDRESS TEACHER LEARNING
import { createHash } from "node:crypto";
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from "@apollo/client/core";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { relayStylePagination } from "@apollo/client/utilities";

const [uri, teacher, learning] = process.argv.slice(2);

// possibleTypes tells the cache which types an interface has. A dashboard does this when it is built.
async function possibleTypes() {
  const query = "{ __schema { types { kind name possibleTypes { name } } } }";
  const response = await fetch(uri, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  const { data } = await response.json();
  const interfaces = data.__schema.types.filter((type) => type.kind === "INTERFACE");
  return Object.fromEntries(interfaces.map((type) => [type.name, type.possibleTypes.map(({ name }) => name)]));
}

const possible = await possibleTypes();
const learners = { fields: { learners: relayStylePagination(["where", "orderBy"]) } };
const cache = new InMemoryCache({ possibleTypes: possible, typePolicies: { Party: learners } });
const client = new ApolloClient({ cache, link: new HttpLink({ uri }) });

const pages = gql`
  query Learners($teacher: ID!, $after: String) {
    party(id: $teacher) {
      id
      name
      learners(first: 20, after: $after, orderBy: [{ name: ASC }]) {
        totalCount
        edges {
          cursor
          node { id name }
        }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
  }
`;

// The condition on Party is answered from the cache only if it knows that an Organization is one.
const card = gql`
  query Card($id: ID!) {
    node(id: $id) {
      id
      ... on Fact { sources { totalCount } }
      ... on Learning {
        learner { id ...Name }
        teacher { id ...Name }
        stage
      }
    }
  }
  fragment Name on Party { name }
`;

const first = await client.query({ query: pages, variables: { teacher } });
let { learners: shown } = first.data.party;
while (shown.pageInfo.hasNextPage) {
  await client.query({ query: pages, variables: { teacher, after: shown.pageInfo.endCursor }, fetchPolicy: "network-only" });
  shown = client.readQuery({ query: pages, variables: { teacher } }).party.learners;
}
await client.query({ query: card, variables: { id: learning } });
const { node } = client.readQuery({ query: card, variables: { id: learning } });

async function refused(query, variables) {
  try {
    await client.query({ query, variables, fetchPolicy: "network-only" });
  } catch (error) {
    if (!CombinedGraphQLErrors.is(error)) throw error;
    const [{ message, extensions }] = error.errors;
    return { message, code: extensions.code };
  }
}

// persisted asks by the hash alone first, and counts what is really sent.
async function persisted() {
  const sent = [];
  const count = new ApolloLink((operation, forward) => {
    sent.push(operation.getContext().http?.includeQuery === false ? "hash" : "text");
    return forward(operation);
  });
  const sha256 = (text) => createHash("sha256").update(text).digest("hex");
  const link = ApolloLink.from([new PersistedQueryLink({ sha256 }), count, new HttpLink({ uri })]);
  const asking = new ApolloClient({ cache: new InMemoryCache({ possibleTypes: possible }), link });
  await asking.query({ query: card, variables: { id: learning } });
  await asking.query({ query: pages, variables: { teacher } });
  return sent;
}

console.log(
  JSON.stringify({
    parties: possible.Party.toSorted(),
    teacher: cache.identify(first.data.party),
    total: shown.totalCount,
    firstPage: first.data.party.learners.edges.length,
    learners: shown.edges.map((edge) => edge.node.id),
    cached: shown.edges.every((edge) => cache.identify(edge.node) in cache.extract()),
    learning: { id: cache.identify(node), learner: node.learner.name, teacher: node.teacher.name, stage: node.stage, sources: node.sources.totalCount },
    refused: await refused(pages, { teacher, after: "elsewhere" }),
    persisted: await persisted(),
  }),
);
