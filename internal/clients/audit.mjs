// Runs the audits of graphql-http against the server at a URL: node audit.mjs http://127.0.0.1:8080/graphql
// Succeeds only when every audit passes, those that the specification merely recommends included.
import { auditServer } from 'graphql-http';

const EXPECTED = 61; // a new version of graphql-http with more audits must be noticed

const url = process.argv[2];
if (!url) {
  console.error('usage: node audit.mjs URL');
  process.exit(2);
}

const results = await auditServer({ url });
const failed = results.filter(({ status }) => status !== 'ok');

for (const level of ['MUST', 'SHOULD', 'MAY']) {
  const all = results.filter(({ name }) => name.startsWith(level));
  const ok = all.filter(({ status }) => status === 'ok');
  console.log(`${level}: ${ok.length} of ${all.length}`);
}
for (const { id, status, name, reason } of failed) {
  console.log(`${id} ${status}: ${name}: ${reason}`);
}
console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 && results.length === EXPECTED ? 0 : 1;
