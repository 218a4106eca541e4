RETURN COLLECT {
    MATCH (n:Learning)
    WHERE (coalesce(n.started_written_from, n.started_from) >= $written_v_year_from AND coalesce(n.started_written_to, n.started_to) <= $written_v_year_to)
      AND NOT coalesce((n.started_from >= $v_year_from AND n.started_to <= $v_year_to), false)
      AND (n.started IS NOT NULL AND NOT any(span IN $written_p0_spans WHERE (coalesce(n.started_written_from, n.started_from) = span[0] AND coalesce(n.started_written_to, n.started_to) = span[1])))
      AND n.id IS NOT NULL
    WITH n
    ORDER BY n.id
    LIMIT $p1_rows
    RETURN [n.id]
} AS answer;
// $p1_rows = 26
// $v_year_from = 15918
// $v_year_to = 16282
// $written_p0_spans = [[15706,16070]]
// $written_v_year_from = 15706
// $written_v_year_to = 16070
