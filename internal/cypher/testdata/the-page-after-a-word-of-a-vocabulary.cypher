RETURN COLLECT {
    MATCH (n:Learning)
    WHERE n.confidence IS NOT NULL
      AND n.id IS NOT NULL
      AND n.confidence >= $p0_0
      AND (n.confidence > $p0_0 OR n.confidence = $p0_0 AND n.id > $p0_1)
    WITH n
    ORDER BY n.confidence, n.id
    LIMIT $p1_rows
    RETURN [n.id]
} AS answer;
// $p0_0 = "STATED"
// $p0_1 = "l-1"
// $p1_rows = 26
