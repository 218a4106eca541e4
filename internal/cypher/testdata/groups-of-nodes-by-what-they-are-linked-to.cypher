WITH COLLECT {
    MATCH (n:Learning)
    MATCH (n)-[:OF_PRACTICE]->(n0_0)
    MATCH (n0_0)-[:ORIGINATED_WITH]->(n0_1)
    WHERE n0_0:Practice
      AND (n0_0.name_key STARTS WITH $p0_key AND n0_0.name_fold STARTS WITH $p0_fold)
      AND n0_1:Body
    WITH n0_0 AS g0_0, count(*) AS size0
    ORDER BY size0 DESC, g0_0.id
    SKIP $p1_skip
    LIMIT $p2_rows
    RETURN [CASE WHEN g0_0 IS NOT NULL THEN [g0_0.id] END, size0]
} AS let0_0
RETURN let0_0 AS answer;
// $p0_fold = "plan"
// $p0_key = "plan"
// $p1_skip = 0
// $p2_rows = 26
