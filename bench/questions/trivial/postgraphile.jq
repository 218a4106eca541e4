.__typename
