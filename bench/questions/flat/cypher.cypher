MATCH (p:Person) WHERE p.id > ''
WITH p ORDER BY p.id LIMIT $first
RETURN 'Person' AS __typename, p.id AS id, p.name AS name, p.aliases AS aliases, p.summary AS summary
