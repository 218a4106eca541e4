RETURN COLLECT {
    MATCH (n:Organization)
    USING INDEX n:Organization(name_key)
    WHERE n.name_key IS NOT NULL
    WITH n
    ORDER BY n.name_key, n.name_fold, n.name, n.id
    LIMIT $p0_rows
    RETURN [n.id]
} AS answer;
// $p0_rows = 26
