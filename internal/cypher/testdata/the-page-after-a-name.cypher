RETURN COLLECT {
    CALL () {
        MATCH (n:Organization)
        USING INDEX SEEK n:Organization(name_key)
        WHERE n.name_key = $p0_0_key
          AND CASE WHEN ((n.name_fold > $p0_0_fold OR n.name_fold = $p0_0_fold AND n.name > $p0_0) OR (n.name = $p0_0 AND n.id > $p0_1)) THEN true ELSE false END
        WITH n
        ORDER BY n.name_key, n.name_fold, n.name, n.id
        LIMIT $p1_rows
        RETURN n
      UNION ALL
        MATCH (n:Organization)
        USING INDEX SEEK n:Organization(name_key)
        WHERE n.name_key > $p0_0_key
        WITH n
        ORDER BY n.name_key, n.name_fold, n.name, n.id
        LIMIT $p1_rows
        RETURN n
    }
    WITH n
    ORDER BY n.name_key, n.name_fold, n.name, n.id
    LIMIT $p1_rows
    RETURN [n.id]
} AS answer;
// $p0_0 = "École"
// $p0_0_fold = "ecole"
// $p0_0_key = "ecole"
// $p0_1 = "ecole"
// $p1_rows = 26
