MATCH (:Node {id: $practice})<-[:OF_PRACTICE]-(l) WITH collect(l) AS learnings
MATCH way = ANY SHORTEST (t:Node {id: $teacher}) (()<-[:TEACHER]-(l:Learning WHERE l IN learnings)-[:LEARNER]->()){1,4} (x:Party)
WHERE x <> t
RETURN x.id AS id, x.name AS name, length(way) / 2 AS hops, [n IN nodes(way) | n.id] AS path
ORDER BY hops, id LIMIT $first
