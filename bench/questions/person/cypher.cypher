MATCH (p:Node {id: $id})
WHERE p:Person
RETURN p.id AS id, p.name AS name, p.summary AS summary
