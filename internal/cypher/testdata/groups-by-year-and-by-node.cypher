WITH COLLECT {
    MATCH (n:Learning)
    OPTIONAL MATCH (n)-[:LEARNER]->(g0_1)
    OPTIONAL MATCH (n)-[:TEACHER]->(d0_0)
    WITH toInteger(left(n.started, 4)) AS g0_0, g0_1, count(*) AS size0, count(DISTINCT d0_0) AS distinct0_0
    ORDER BY size0 DESC, g0_0, g0_1.id
    SKIP $p0_skip
    LIMIT $p1_rows
    RETURN [
        g0_0,
        CASE WHEN g0_1 IS NOT NULL THEN [g0_1.nodeType, g0_1.id, g0_1.name] END,
        size0,
        distinct0_0
    ]
} AS let0_0
RETURN [
    COUNT {
        MATCH (n:Learning)
        OPTIONAL MATCH (n)-[:LEARNER]->(g0_1)
        RETURN DISTINCT toInteger(left(n.started, 4)) AS g0_0, g0_1
    },
    let0_0
] AS answer;
// $p0_skip = 10
// $p1_rows = 26
