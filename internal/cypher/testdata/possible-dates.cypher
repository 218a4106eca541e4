RETURN COLLECT {
    MATCH (n:Learning)
    WHERE ((n.started IS NULL OR (n.started_from <= $p0_to AND n.started_to >= $p0_from)) OR (n.started IS NULL OR NOT any(span IN $p1_spans WHERE (n.started_from = span[0] AND n.started_to = span[1]))) OR (n.started IS NULL OR n.started_from < $p2_from) OR (n.started IS NULL OR n.started_to > $p3_to) OR (n.started IS NULL OR (n.started_from <= $p4_to AND n.started_to >= $p4_from)) OR (n.started IS NULL OR NOT any(span IN $p5_spans WHERE (n.started_from = span[0] AND n.started_to = span[1]))))
      AND n.id IS NOT NULL
    WITH n
    ORDER BY n.id
    LIMIT $p6_rows
    RETURN [n.id]
} AS answer;
// $p0_from = 15340
// $p0_to = 16435
// $p1_spans = []
// $p2_from = 15340
// $p3_to = 16435
// $p4_from = 15340
// $p4_to = 16435
// $p5_spans = []
// $p6_rows = 26
