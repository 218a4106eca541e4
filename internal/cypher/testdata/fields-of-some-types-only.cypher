RETURN COLLECT {
    MATCH (n:Party)
    USING INDEX n:Party(id)
    WHERE n.id IS NOT NULL
    WITH n
    ORDER BY n.id
    LIMIT $p0_rows
    RETURN [
        n.nodeType,
        n.name,
        CASE WHEN n:Network THEN head(COLLECT { MATCH (n)-[:HUB]->(n1) RETURN [n1.name] }) END
    ]
} AS answer;
// $p0_rows = 26
