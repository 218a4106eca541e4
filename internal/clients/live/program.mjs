// What changes, as it changes? Asked with graphql-ws; the connection is cut in the midst, and nothing is missed or told twice.
// Usage: node live/program.mjs ADDRESS, where the address begins with http
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const address = process.argv[2];
const token = process.env.NICGRAPH_TOKEN;
const client = createClient({
  url: address.replace(/^http/, "ws"),
  webSocketImpl: WebSocket, // a browser has its own
  connectionParams: token ? { Authorization: `Bearer ${token}` } : {},
});

async function write(id) {
  const query = `mutation ($id: ID!) { createSources(input: [{ id: $id, title: "Seen as it came", publisher: "P" }]) { change { number } } }`;
  const response = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ query, variables: { id } }) });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data.createSources.change.number;
}

const question = `subscription ($after: Int!) {
  changes(where: { types: [SOURCE] }, after: $after) {
    change { number }
    entries { id type action }
  }
}`;

// follow reads changes behind a number until as many have come, then leaves.
async function follow(after, many, into) {
  const changes = client.iterate({ query: question, variables: { after } });
  for await (const { data, errors } of changes) {
    if (errors) throw new Error(JSON.stringify(errors));
    into.push(data.changes);
    if (--many === 0) break;
  }
  return into.at(-1).change.number;
}

const first = await write("live-1");
const seen = [];
let last = await follow(first - 1, 1, seen);
const writing = Promise.all([2, 3, 4, 5].map((n) => write(`live-${n}`)));
last = await follow(last, 2, seen);
await writing;
await follow(last, 2, seen);

const refused = [];
try {
  await follow(1_000_000, 1, []);
} catch (error) {
  refused.push(...JSON.parse(error.message).map((e) => e.extensions.code));
}
console.log(
  JSON.stringify({
    gaps: seen.some(({ change }, i) => change.number !== first + i),
    ids: seen.flatMap(({ entries }) => entries.map(({ id }) => id)).sort(),
    actions: [...new Set(seen.flatMap(({ entries }) => entries.map(({ type, action }) => `${type} ${action}`)))],
    refused,
  }),
);
await client.dispose();
