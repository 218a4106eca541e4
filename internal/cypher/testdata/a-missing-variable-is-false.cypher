RETURN COLLECT {
    MATCH (n:Person)
    WHERE n.id = $p0
      AND n.id IS NOT NULL
    WITH n
    ORDER BY n.id
    LIMIT $p1_rows
    RETURN [n.id]
} AS answer;
// $p0 = "a"
// $p1_rows = 26
