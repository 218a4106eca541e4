RETURN COLLECT {
    MATCH (n:Organization)
    WHERE (NOT EXISTS { MATCH (n)<-[:LEARNER]-(n1) WHERE NOT coalesce(n1.stage = $p0, false) } OR COUNT { MATCH (n)<-[:LEARNER]-()-[:TEACHER]->(n1) WHERE n1:Body RETURN DISTINCT n1 } >= $p1 OR NOT EXISTS { MATCH (n)<-[:HONOREE]-(n1) })
      AND n.id IS NOT NULL
    WITH n
    ORDER BY n.id
    LIMIT $p2_rows
    RETURN [n.id]
} AS answer;
// $p0 = "ADOPTED"
// $p1 = 2
// $p2_rows = 26
