MATCH (p:Practice) WHERE p.name CONTAINS $word
MATCH (p)<-[:OF_PRACTICE]-(l:Learning)-[:TEACHER]->(:Organization {region: $region})
MATCH (l)-[:LEARNER]->(x:Person)
WITH DISTINCT x ORDER BY x.id
WITH collect(x) AS found
RETURN size(found) AS total, [x IN found[..$first] | x {.id, .name}] AS people
