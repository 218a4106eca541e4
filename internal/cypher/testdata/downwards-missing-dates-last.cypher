RETURN COLLECT {
    MATCH (n:Learning)
    WITH n
    ORDER BY n.started IS NULL, n.started_from DESC, n.started_to DESC, n.started DESC, n.id
    LIMIT $p0_rows
    RETURN [n.id]
} AS answer;
// $p0_rows = 26
