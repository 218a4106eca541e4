// Who learned from a party? Asked with Relay in two pages, from artifacts of relay-compiler.
// Usage: node relay/program.mjs ADDRESS FOLDER_OF_ARTIFACTS TEACHER LEARNING
import { createRequire } from "node:module";
import relay from "relay-runtime";

const { Environment, Network, RecordSource, Store, createOperationDescriptor, fetchQuery, getPaginationVariables, getSingularSelector } = relay;

const [address, folder, teacher, learning] = process.argv.slice(2);
const artifact = (name) => createRequire(folder + "/")(`./${name}.graphql.js`);
const pages = artifact("documents_learners");

const environment = new Environment({
  network: Network.create(ask),
  store: new Store(new RecordSource()),
});

async function ask(request, variables) {
  const response = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json" },
    body: JSON.stringify({ query: request.text, variables }),
  });
  return response.json();
}

// show sends a query and keeps what it brings, as a component on the page would.
async function show(query, variables) {
  environment.retain(createOperationDescriptor(query, variables));
  return fetchQuery(environment, query, variables).toPromise();
}

// read is what useFragment gives to a component, out of the store alone.
function read(fragment, reference) {
  return environment.lookup(getSingularSelector(fragment, reference)).data;
}

const { party } = await show(artifact("documentsTeacherQuery"), { teacher, count: 20 });
const before = read(pages, party).learners;
const refetch = pages.metadata.refetch;
while (read(pages, party).learners.pageInfo.hasNextPage) {
  const { endCursor } = read(pages, party).learners.pageInfo;
  const next = getPaginationVariables("forward", 20, endCursor, { count: 20 }, {}, refetch.connection);
  await show(refetch.operation, { ...next, id: party.id });
}
const after = read(pages, party).learners;

const card = artifact("documents_card");
const { node } = await show(card.metadata.refetch.operation, { id: learning });

console.log(
  JSON.stringify({
    teacher: party.name,
    total: after.totalCount,
    firstPage: before.edges.length,
    learners: after.edges.map((edge) => edge.node.id),
    card: read(card, node),
  }),
);
