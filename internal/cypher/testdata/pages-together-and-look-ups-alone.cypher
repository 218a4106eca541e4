WITH COLLECT {
    MATCH (n:Person)
    MATCH (n)<-[:LEARNER]-(n0_0)
    MATCH (n0_0)-[:OF_PRACTICE]->(n0_1)
    MATCH (n0_1)-[:ORIGINATED_WITH]->(n0_2)
    WHERE n0_0:Learning
      AND n0_1:Practice
      AND (n0_1.name_key STARTS WITH $p0_key AND n0_1.name_fold STARTS WITH $p0_fold)
      AND n0_2:Body
    RETURN DISTINCT n
} AS let0_0
RETURN [
    COUNT { MATCH (n:Body) },
    [
        size(let0_0),
        COLLECT {
            UNWIND let0_0 AS n
            WITH n
            ORDER BY n.name_fold, n.name, n.id
            LIMIT $p1_rows
            RETURN [n.id]
        }
    ]
] AS answer;
// $p0_fold = "plan"
// $p0_key = "plan"
// $p1_rows = 26
OPTIONAL MATCH (alias:NicgraphAlias {id: $v_id})
MATCH (n:Node {id: coalesce(alias.node, $v_id)})
RETURN [n.nodeType, n.id] AS answer;
// $v_id = "a"
OPTIONAL MATCH (alias:NicgraphAlias {id: $v_id})
MATCH (n:Node {id: coalesce(alias.node, $v_id)})
RETURN [n.nodeType, n.id] AS answer;
// $v_id = "a"
