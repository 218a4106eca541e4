RETURN COLLECT {
    MATCH (n:Person)
    WHERE n.name_fold < 'it\'s \\ \uD83D\uDE00\u000A'
      AND n.id IS NOT NULL
    WITH n
    ORDER BY n.id
    LIMIT $p1_rows
    RETURN [n.id]
} AS answer;
// $p1_rows = 26
