RETURN COLLECT {
    CALL () {
        MATCH (n:Learning)
        USING INDEX SEEK n:Learning(confidence, id)
        WHERE n.confidence = $p0_0
          AND n.id > $p0_1
        WITH n
        ORDER BY n.confidence, n.id
        LIMIT $p1_rows
        RETURN n
      UNION ALL
        MATCH (n:Learning)
        USING INDEX SEEK n:Learning(confidence, id)
        WHERE n.confidence > $p0_0
          AND n.id IS NOT NULL
        WITH n
        ORDER BY n.confidence, n.id
        LIMIT $p1_rows
        RETURN n
    }
    WITH n
    ORDER BY n.confidence, n.id
    LIMIT $p1_rows
    RETURN [n.id]
} AS answer;
// $p0_0 = "STATED"
// $p0_1 = "l-1"
// $p1_rows = 26
