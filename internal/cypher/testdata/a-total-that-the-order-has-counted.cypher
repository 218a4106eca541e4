WITH COLLECT {
    CALL () {
        MATCH (n)<-[:OF_PRACTICE]-(n1)
        WHERE n1.started_from > $p0_to
          AND n1:Learning
        RETURN n, count(*) AS k0_0_count
      UNION ALL
        MATCH (n:Practice)
        WHERE NOT EXISTS { MATCH (n)<-[:OF_PRACTICE]-(n1) WHERE n1.started_from > $p1_to }
        RETURN n, 0 AS k0_0_count
    }
    WITH n, k0_0_count
    ORDER BY k0_0_count, n.id
    LIMIT $p2_rows
    RETURN [n.id, k0_0_count, COUNT { MATCH (n)<-[:OF_PRACTICE]-(n1) }]
} AS let0_0
RETURN let0_0 AS answer;
// $p0_to = 16435
// $p1_to = 16435
// $p2_rows = 26
