RETURN COLLECT {
    MATCH (n:Party)
    USING INDEX n:Party(id)
    WHERE n.id IS NOT NULL
    WITH n
    ORDER BY n.id
    LIMIT $p0_rows
    CALL (n) {
        OPTIONAL MATCH (n)-[:HUB]->(n1_0)
        WHERE n:Network
        RETURN n1_0
        LIMIT 1
    }
    RETURN [n.nodeType, n.name, CASE WHEN n1_0 IS NOT NULL THEN [n1_0.name] END]
} AS answer;
// $p0_rows = 26
