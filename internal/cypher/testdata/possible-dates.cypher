RETURN COLLECT {
    MATCH (n:Learning)
    WHERE ((n.started IS NULL OR (n.started_from <= $p0_to AND n.started_to >= $p0_from)) OR (n.started IS NULL OR NOT ((n.started_from <= $p1_to AND n.started_to >= $p1_from))) OR (n.started IS NULL OR n.started_from < $p2_from) OR (n.started IS NULL OR n.started_to > $p3_to) OR (n.started IS NULL OR (n.started_from <= $p4_to AND n.started_to >= $p4_from)) OR (n.started IS NULL OR NOT (any(span IN $p5_spans WHERE (n.started_from <= span[1] AND n.started_to >= span[0])))))
      AND n.id IS NOT NULL
    WITH n
    ORDER BY n.id
    LIMIT $p6_rows
    RETURN [n.id]
} AS answer;
// $p0_from = 15340
// $p0_to = 16435
// $p1_from = 15340
// $p1_to = 16435
// $p2_from = 15340
// $p3_to = 16435
// $p4_from = 15340
// $p4_to = 16435
// $p5_spans = [[15706,16070],[16191,16221]]
// $p6_rows = 26
