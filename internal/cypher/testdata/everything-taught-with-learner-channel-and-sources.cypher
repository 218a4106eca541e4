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
        RETURN [
            n1.started,
            n1.stage,
            n1.confidence,
            head(COLLECT { MATCH (n1)-[:LEARNER]->(n2) RETURN [n2.nodeType, n2.id, n2.name] }),
            head(COLLECT { MATCH (n1)-[:VIA]->(n2) RETURN [n2.nodeType, n2.id] }),
            COLLECT { MATCH (n1)-[:CITES]->(n2) WITH n2 ORDER BY n2.id LIMIT $p2_rows RETURN [n2.title] }
        ]
    }
] AS answer;
// $p0 = "carnegie"
// $p1_rows = 26
// $p2_rows = 26
