RETURN COLLECT {
    CALL () {
        MATCH (n:Person)
        WHERE EXISTS {
            MATCH (n)<-[:LEARNER]-(n1)
            WHERE EXISTS { MATCH (n1)-[:OF_PRACTICE]->(n2) WHERE n2.name_fold STARTS WITH $p0_fold }
              AND EXISTS {
                MATCH (n1)-[:OF_PRACTICE]->(n2)
                WHERE EXISTS { MATCH (n2)-[:ORIGINATED_WITH]->(n3) WHERE n3:Body }
            }
        }
          AND n.name_key = $p1_0_key
          AND CASE WHEN ((n.name_fold > $p1_0_fold OR n.name_fold = $p1_0_fold AND n.name > $p1_0) OR (n.name = $p1_0 AND n.id > $p1_1)) THEN true ELSE false END
        WITH n
        ORDER BY n.name_key, n.name_fold, n.name, n.id
        LIMIT $p2_rows
        RETURN n
      UNION ALL
        MATCH (n:Person)
        WHERE EXISTS {
            MATCH (n)<-[:LEARNER]-(n1)
            WHERE EXISTS { MATCH (n1)-[:OF_PRACTICE]->(n2) WHERE n2.name_fold STARTS WITH $p0_fold }
              AND EXISTS {
                MATCH (n1)-[:OF_PRACTICE]->(n2)
                WHERE EXISTS { MATCH (n2)-[:ORIGINATED_WITH]->(n3) WHERE n3:Body }
            }
        }
          AND n.name_key > $p1_0_key
        WITH n
        ORDER BY n.name_key, n.name_fold, n.name, n.id
        LIMIT $p2_rows
        RETURN n
    }
    WITH n
    ORDER BY n.name_key, n.name_fold, n.name, n.id
    LIMIT $p2_rows
    RETURN [n.id]
} AS answer;
// $p0_fold = "plan"
// $p1_0 = "Ana"
// $p1_0_fold = "ana"
// $p1_0_key = "ana"
// $p1_1 = "a"
// $p2_rows = 26
