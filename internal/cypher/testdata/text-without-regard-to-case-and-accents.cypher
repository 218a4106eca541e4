RETURN COLLECT {
    MATCH (n:Person)
    WHERE (n.name_key STARTS WITH $p0_key AND n.name_fold STARTS WITH $p0_fold)
      AND NOT n.summary_fold CONTAINS $p1_fold
      AND n.id IS NOT NULL
    WITH n
    ORDER BY n.id
    LIMIT $p2_rows
    RETURN [n.id]
} AS answer;
// $p0_fold = "elan"
// $p0_key = "elan"
// $p1_fold = "x"
// $p2_rows = 26
