RETURN COLLECT {
    CALL () {
        MATCH (n:Learning)
        USING INDEX SEEK n:Learning(confidence, id)
        WHERE n.confidence = $p0_0
          AND n.id > $p0_1
          AND n.id <= $p1_1
          AND CASE WHEN (n.confidence < $p1_0 OR (n.confidence = $p1_0 AND n.id < $p1_1)) THEN true ELSE false END
        WITH n
        ORDER BY n.confidence, n.id
        LIMIT $p2_rows
        RETURN n
      UNION ALL
        MATCH (n:Learning)
        USING INDEX SEEK n:Learning(confidence, id)
        WHERE n.confidence > $p0_0
          AND n.confidence <= $p1_0
          AND n.id IS NOT NULL
          AND CASE WHEN (n.confidence < $p1_0 OR (n.confidence = $p1_0 AND n.id < $p1_1)) THEN true ELSE false END
        WITH n
        ORDER BY n.confidence, n.id
        LIMIT $p2_rows
        RETURN n
    }
    WITH n
    ORDER BY n.confidence, n.id
    LIMIT $p2_rows
    RETURN [n.id]
} AS answer;
// $p0_0 = "STATED"
// $p0_1 = "l-1"
// $p1_0 = "STATED"
// $p1_1 = "l-9"
// $p2_rows = 26
