// What the program asks, for relay-compiler alone. In a dashboard these stand in the components
// that show them, and babel-plugin-relay puts the compiled artifacts in their place.
import { graphql } from "relay-runtime";

// Who learned from this party? One page; the next pages are asked by the query that is made of it.
graphql`
  fragment documents_learners on Party
  @refetchable(queryName: "documentsNextLearnersQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" }) {
    learners(first: $count, after: $cursor, orderBy: [{ name: ASC }]) @connection(key: "documents_learners") {
      totalCount
      edges {
        node {
          __typename
          id
          name
        }
      }
    }
  }
`;

// Whatever has an id can be asked again alone.
graphql`
  fragment documents_card on Node @refetchable(queryName: "documentsCardQuery") {
    __typename
    ... on Party {
      name
    }
    ... on Practice {
      name
      origin {
        name
      }
    }
    ... on Learning {
      learner {
        name
      }
      practice {
        name
      }
      started
      stage
    }
  }
`;

graphql`
  query documentsTeacherQuery($teacher: ID!, $count: Int) {
    party(id: $teacher) {
      id
      name
      ...documents_learners @arguments(count: $count)
    }
  }
`;
