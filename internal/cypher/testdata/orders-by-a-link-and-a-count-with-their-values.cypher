RETURN COLLECT {
    MATCH (n:Learning)
    OPTIONAL MATCH (n)-[:LEARNER]->(k0_0)
    WITH n, k0_0, COUNT { MATCH (n)-[:CITES]->(n1) } AS k0_1_count
    WHERE ((k0_0.name_fold > $p0_0_fold OR k0_0.name_fold = $p0_0_fold AND k0_0.name > $p0_0) OR k0_0.name IS NULL OR (k0_0.name = $p0_0 AND (k0_1_count < $p0_1 OR (k0_1_count = $p0_1 AND n.id > $p0_2))))
    WITH n, k0_0, k0_1_count
    ORDER BY k0_0.name_fold, k0_0.name, k0_1_count DESC, n.id
    LIMIT $p1_rows
    RETURN [n.id, k0_0.name, k0_1_count, n.id]
} AS answer;
// $p0_0 = "Carnegie"
// $p0_0_fold = "carnegie"
// $p0_1 = 2
// $p0_2 = "l-1"
// $p1_rows = 26
