RETURN COLLECT {
    MATCH (n:Learning)
    USING INDEX n:Learning(id)
    WHERE n.id IS NOT NULL
    WITH n
    ORDER BY n.id
    LIMIT $p0_rows
    RETURN [
        n.id,
        COLLECT { MATCH (n)-[:LEARNER]->(target) RETURN target.id },
        n.sources_ids
    ]
} AS answer;
// $p0_rows = 26
