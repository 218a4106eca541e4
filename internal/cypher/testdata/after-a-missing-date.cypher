RETURN COLLECT {
    MATCH (n:Learning)
    WHERE n.started IS NULL AND n.id > $p0_1
    WITH n
    ORDER BY n.started_from, n.started_to, n.started, n.id
    LIMIT $p1_rows
    RETURN [n.id]
} AS answer;
// $p0_1 = "l-1"
// $p1_rows = 26
