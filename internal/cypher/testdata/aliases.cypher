RETURN COLLECT {
    MATCH (n:Person)
    WHERE none(text0 IN range(0, size(n.aliases) - 1) WHERE n.aliases_fold[text0] CONTAINS $p0_fold)
      AND n.id IS NOT NULL
    WITH n
    ORDER BY n.id
    LIMIT $p1_rows
    RETURN [n.id]
} AS answer;
// $p0_fold = "dr."
// $p1_rows = 26
