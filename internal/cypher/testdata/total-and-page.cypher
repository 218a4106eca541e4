RETURN [
    COUNT { MATCH (n:Practice) },
    COLLECT {
        MATCH (n:Practice)
        USING INDEX n:Practice(id)
        WHERE n.id IS NOT NULL
        WITH n
        ORDER BY n.id
        LIMIT $p0_rows
        RETURN [n.id]
    }
] AS answer;
// $p0_rows = 26
