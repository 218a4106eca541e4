OPTIONAL MATCH (alias:NicgraphAlias {id: $p0})
MATCH (n:Node {id: coalesce(alias.node, $p0)})
WHERE n:Organization
  AND NOT EXISTS {
    MATCH (n)<-[:LEARNER]-(f1)-[:TEACHER]->(n1)
    WHERE f1.started_from > $p1_to
      AND n1:Person
}
RETURN [
    n.name,
    COLLECT {
        MATCH (n)<-[:TEACHER]-(f1)-[:LEARNER]->(n1)
        WHERE f1.started_from > $p2_to
        WITH DISTINCT n1
        ORDER BY n1.id
        LIMIT $p3_rows
        RETURN [n1.nodeType, n1.id]
    }
] AS answer;
// $p0 = "carnegie"
// $p1_to = 16800
// $p2_to = 16800
// $p3_rows = 26
