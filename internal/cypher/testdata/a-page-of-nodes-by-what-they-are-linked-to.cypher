RETURN COLLECT {
    MATCH (n:Person)
    WHERE EXISTS {
        MATCH (n)<-[:LEARNER]-(n1)
        WHERE EXISTS { MATCH (n1)-[:OF_PRACTICE]->(n2) WHERE n2.name_fold STARTS WITH $p0_fold }
          AND EXISTS {
            MATCH (n1)-[:OF_PRACTICE]->(n2)
            WHERE EXISTS { MATCH (n2)-[:ORIGINATED_WITH]->(n3) WHERE n3:Body }
        }
    }
      AND n.name_key IS NOT NULL
    WITH n
    ORDER BY n.name_key, n.name_fold, n.name, n.id
    LIMIT $p1_rows
    RETURN [n.id]
} AS answer;
// $p0_fold = "plan"
// $p1_rows = 26
