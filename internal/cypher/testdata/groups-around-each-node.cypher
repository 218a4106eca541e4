WITH COLLECT {
    MATCH (n:Organization)
    USING INDEX n:Organization(id)
    WHERE n.id IS NOT NULL
    WITH n
    ORDER BY n.id
    LIMIT $p0_rows
    WITH n, COLLECT {
        MATCH (n)<-[:TEACHER]-(n1)
        WITH n1.confidence AS g1_0, count(*) AS size1
        ORDER BY size1 DESC, g1_0
        SKIP $p1_skip
        LIMIT $p2_rows
        RETURN [g1_0, size1]
    } AS let1_0
    RETURN [n.id, let1_0]
} AS let0_0
RETURN let0_0 AS answer;
// $p0_rows = 26
// $p1_skip = 0
// $p2_rows = 26
