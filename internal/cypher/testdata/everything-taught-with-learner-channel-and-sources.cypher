OPTIONAL MATCH (alias:NicgraphAlias {id: $p0})
MATCH (n:Node {id: coalesce(alias.node, $p0)})
WHERE n:Organization
RETURN [
    n.name,
    COLLECT {
        MATCH (n)<-[:TEACHER]-(n1)
        WITH n1
        ORDER BY n1.id
        LIMIT $p1_rows
        CALL (n1) {
            OPTIONAL MATCH (n1)-[:LEARNER]->(n2_0)
            OPTIONAL MATCH (n1)-[:VIA]->(n2_1)
            RETURN n2_0, n2_1
            LIMIT 1
        }
        RETURN [
            n1.started,
            n1.stage,
            n1.confidence,
            CASE WHEN n2_0 IS NOT NULL THEN [n2_0.nodeType, n2_0.id, n2_0.name] END,
            CASE WHEN n2_1 IS NOT NULL THEN [n2_1.nodeType, n2_1.id] END,
            COLLECT { MATCH (n1)-[:CITES]->(n2) WITH n2 ORDER BY n2.id LIMIT $p2_rows RETURN [n2.title] }
        ]
    }
] AS answer;
// $p0 = "carnegie"
// $p1_rows = 26
// $p2_rows = 26
