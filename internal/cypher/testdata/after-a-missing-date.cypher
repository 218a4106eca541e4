RETURN COLLECT {
    MATCH (n:Learning)
    USING INDEX SEEK n:Learning(started_none)
    WHERE n.started_none > $p0_1
    WITH n
    ORDER BY n.started_none
    LIMIT $p1_rows
    RETURN [n.id]
} AS answer;
// $p0_1 = "l-1"
// $p1_rows = 26
