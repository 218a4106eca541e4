RETURN COLLECT {
    MATCH (n:Learning)
    WHERE (n.stage IS NOT NULL AND NOT n.stage IN $v_stages)
      AND n.id IS NOT NULL
    WITH n
    ORDER BY n.id
    LIMIT $p0_rows
    RETURN [n.id]
} AS answer;
// $p0_rows = 26
// $v_stages = ["TRIED"]
