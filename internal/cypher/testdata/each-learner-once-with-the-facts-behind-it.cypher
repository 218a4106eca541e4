OPTIONAL MATCH (alias:NicgraphAlias {id: $p0})
MATCH (n:Node {id: coalesce(alias.node, $p0)})
WHERE n:Organization
RETURN [
    n.name,
    [
        COUNT { MATCH (n)<-[:TEACHER]-()-[:LEARNER]->(n1) RETURN DISTINCT n1 },
        COLLECT {
            MATCH (n)<-[:TEACHER]-()-[:LEARNER]->(n1)
            WITH DISTINCT n1
            ORDER BY n1.id
            LIMIT $p1_rows
            RETURN [
                n1.nodeType,
                n1.id,
                n1.name,
                COLLECT {
                    MATCH (n)<-[:TEACHER]-(n2)-[:LEARNER]->(n1)
                    WITH n2
                    ORDER BY n2.id
                    LIMIT $p2_rows
                    RETURN [n2.id, n2.started]
                }
            ]
        }
    ]
] AS answer;
// $p0 = "carnegie"
// $p1_rows = 26
// $p2_rows = 26
