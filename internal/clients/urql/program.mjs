// From whom was a practice learned since a year? Asked with urql. Then two wrong questions: how do errors look?
// Usage: node urql/program.mjs ADDRESS PRACTICE YEAR
import { Client, cacheExchange, fetchExchange, gql } from "@urql/core";

const [url, practice, year] = process.argv.slice(2);
const client = new Client({ url, preferGetMethod: false, exchanges: [cacheExchange, fetchExchange] });

const question = gql`
  query LearnedSince($where: LearningWhere!, $first: Int) {
    learnings(where: $where, orderBy: [{ started: DESC, nulls: LAST }], first: $first) {
      totalCount
      nodes {
        id
        learner { id name }
        teacher { id name }
        started
        stage
      }
    }
  }
`;

const where = { practice: { id: { eq: practice } }, started: { after: year } };
const ask = (query, variables) => client.query(query, variables).toPromise();
const told = ({ error, data }) => ({
  network: Boolean(error.networkError),
  message: error.graphQLErrors[0].message,
  code: error.graphQLErrors[0].extensions.code,
  data: data ?? null,
});

const answer = await ask(question, { where, first: 100 });
if (answer.error) throw answer.error;
const again = await ask(question, { where, first: 100 });

console.log(
  JSON.stringify({
    total: answer.data.learnings.totalCount,
    learnings: answer.data.learnings.nodes.map((learning) => learning.id).sort(),
    secondFromCache: again.operation.context.meta.cacheOutcome === "hit",
    unknownField: told(await ask(gql`{ learnings { nodes { mood } } }`, {})),
    tooMany: told(await ask(question, { where, first: 5000 })),
  }),
);
