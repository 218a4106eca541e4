RETURN COLLECT {
    MATCH (n:Person)
    MATCH (n)<-[:LEARNER]-(n0_0)
    MATCH (n0_0)-[:OF_PRACTICE]->(n0_1)
    MATCH (n0_1)-[:ORIGINATED_WITH]->(n0_2)
    WHERE n0_0:Learning
      AND n0_1:Practice
      AND (n0_1.name_key STARTS WITH $p0_key AND n0_1.name_fold STARTS WITH $p0_fold)
      AND n0_2:Body
      AND n.name_key IS NOT NULL
    WITH DISTINCT n
    ORDER BY n.name_key, n.name_fold, n.name, n.id
    LIMIT $p1_rows
    RETURN [n.id]
} AS answer;
// $p0_fold = "plan"
// $p0_key = "plan"
// $p1_rows = 26
