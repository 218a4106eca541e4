RETURN COLLECT {
    CALL () {
        MATCH (n:Learning)
        USING INDEX SEEK n:Learning(started_from, started_to, started, id)
        WHERE n.started_from = $p0_0_from
          AND n.started_to = $p0_0_to
          AND n.started = $p0_0
          AND n.id < $p0_1
        WITH n
        ORDER BY n.started_from DESC, n.started_to DESC, n.started DESC, n.id DESC
        LIMIT $p1_rows
        RETURN n
      UNION ALL
        MATCH (n:Learning)
        USING INDEX SEEK n:Learning(started_from, started_to, started, id)
        WHERE n.started_from = $p0_0_from
          AND n.started_to = $p0_0_to
          AND n.started < $p0_0
          AND n.id IS NOT NULL
        WITH n
        ORDER BY n.started_from DESC, n.started_to DESC, n.started DESC, n.id DESC
        LIMIT $p1_rows
        RETURN n
      UNION ALL
        MATCH (n:Learning)
        USING INDEX SEEK n:Learning(started_from, started_to, started, id)
        WHERE n.started_from = $p0_0_from
          AND n.started_to < $p0_0_to
          AND n.started IS NOT NULL
          AND n.id IS NOT NULL
        WITH n
        ORDER BY n.started_from DESC, n.started_to DESC, n.started DESC, n.id DESC
        LIMIT $p1_rows
        RETURN n
      UNION ALL
        MATCH (n:Learning)
        USING INDEX SEEK n:Learning(started_from, started_to, started, id)
        WHERE n.started_from < $p0_0_from
          AND n.started_to IS NOT NULL
          AND n.started IS NOT NULL
          AND n.id IS NOT NULL
        WITH n
        ORDER BY n.started_from DESC, n.started_to DESC, n.started DESC, n.id DESC
        LIMIT $p1_rows
        RETURN n
    }
    WITH n
    ORDER BY n.started_from DESC, n.started_to DESC, n.started DESC, n.id DESC
    LIMIT $p1_rows
    RETURN [n.id]
} AS answer;
// $p0_0 = "2015"
// $p0_0_from = 16436
// $p0_0_to = 16800
// $p0_1 = "l-1"
// $p1_rows = 11
