MATCH (p:Person)
WHERE p.name_key >= '' AND p.name CONTAINS $contains
WITH p ORDER BY p.name_key, p.name_fold, p.id LIMIT $first
RETURN 'Person' AS __typename, p.id AS id, p.name AS name, p.aliases AS aliases, p.summary AS summary
