MATCH (p:Practice) WHERE p.name CONTAINS $word
MATCH (p)<-[:OF_PRACTICE]-(l:Learning)-[:LEARNER]->(x:Person)
WHERE EXISTS { (l)-[:TEACHER]->()<-[:MEMBER]-(:Membership)-[:IN_NETWORK]->(:Network {kind: $kind}) }
WITH DISTINCT x ORDER BY x.name_fold, x.id
WITH collect(x) AS found
RETURN size(found) AS total, [x IN found[..$first] | x {.id, .name}] AS people
