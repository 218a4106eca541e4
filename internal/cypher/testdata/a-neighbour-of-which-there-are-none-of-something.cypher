OPTIONAL MATCH (alias:NicgraphAlias {id: $p0})
MATCH (n:Node {id: coalesce(alias.node, $p0)})
WHERE n:Network
CALL (n) {
    OPTIONAL CALL (n) {
        MATCH (n)-[:HUB]->(n1_0)
        WHERE COUNT { MATCH (n1_0)<-[:LEARNER]-()-[:TEACHER]->(n2) RETURN DISTINCT n2 } < $p1
        RETURN n1_0
    }
    RETURN n1_0
    LIMIT 1
}
RETURN [n.id, CASE WHEN n1_0 IS NOT NULL THEN [n1_0.name] END] AS answer;
// $p0 = "core"
// $p1 = 1
