RETURN COLLECT {
    MATCH (n:Practice)
    WITH n, COUNT { MATCH (n)<-[:OF_PRACTICE]-(n1) WHERE n1.started_from > $p0_to } AS k0_0_count
    WITH n, k0_0_count
    ORDER BY k0_0_count, n.id
    LIMIT $p1_rows
    RETURN [n.id, k0_0_count, COUNT { MATCH (n)<-[:OF_PRACTICE]-(n1) }]
} AS answer;
// $p0_to = 16435
// $p1_rows = 26
