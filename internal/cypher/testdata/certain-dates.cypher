RETURN COLLECT {
    MATCH (n:Learning)
    WHERE ((n.started_from = $p0_from AND n.started_to = $p0_to) OR (n.started IS NOT NULL AND NOT any(span IN $p1_spans WHERE (n.started_from = span[0] AND n.started_to = span[1]))) OR n.started_to < $p2_from OR n.started_from > $p3_to OR (n.started_from >= $p4_from AND n.started_to <= $p4_to) OR (n.started IS NOT NULL AND NOT any(span IN $p5_spans WHERE (n.started_from = span[0] AND n.started_to = span[1]))))
      AND n.id IS NOT NULL
    WITH n
    ORDER BY n.id
    LIMIT $p6_rows
    RETURN [n.id]
} AS answer;
// $p0_from = 15340
// $p0_to = 16435
// $p1_spans = [[15340,16435]]
// $p2_from = 15340
// $p3_to = 16435
// $p4_from = 15340
// $p4_to = 16435
// $p5_spans = [[15706,16070],[16191,16221]]
// $p6_rows = 26
