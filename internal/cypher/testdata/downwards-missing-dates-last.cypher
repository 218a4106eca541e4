RETURN COLLECT {
    CALL () {
        MATCH (n:Learning)
        USING INDEX n:Learning(started_from, started_to, started, id)
        WHERE n.started_from IS NOT NULL
          AND n.started_to IS NOT NULL
          AND n.started IS NOT NULL
          AND n.id IS NOT NULL
        WITH n
        ORDER BY n.started_from DESC, n.started_to DESC, n.started DESC
        LIMIT $p0_rows
        WITH DISTINCT n.started_from AS value0, n.started_to AS value1, n.started AS value2
        CALL (value0, value1, value2) {
            MATCH (n:Learning)
            USING INDEX SEEK n:Learning(started_from, started_to, started, id)
            WHERE n.started_from = value0
              AND n.started_to = value1
              AND n.started = value2
              AND n.id IS NOT NULL
            WITH n
            ORDER BY n.started_from, n.started_to, n.started, n.id
            LIMIT $p0_rows
            RETURN n
        }
        WITH n
        ORDER BY n.started_from DESC, n.started_to DESC, n.started DESC, n.id
        LIMIT $p0_rows
        RETURN n
      UNION ALL
        MATCH (n:Learning)
        USING INDEX n:Learning(started_none)
        WHERE n.started_none IS NOT NULL
        WITH n
        ORDER BY n.started_none
        LIMIT $p0_rows
        RETURN n
    }
    WITH n
    ORDER BY n.started IS NULL, n.started_from DESC, n.started_to DESC, n.started DESC, n.id
    LIMIT $p0_rows
    RETURN [n.id]
} AS answer;
// $p0_rows = 26
