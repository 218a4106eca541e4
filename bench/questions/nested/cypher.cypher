MATCH (o:Organization) WHERE o.id > ''
WITH o ORDER BY o.id LIMIT $first
RETURN o.id AS id, o.name AS name, COLLECT {
  MATCH (o)<-[:LEARNER]-(l:Learning)
  WITH l ORDER BY l.id LIMIT $each
  MATCH (l)-[:OF_PRACTICE]->(p), (l)-[:TEACHER]->(t)
  RETURN l {.id, .started, practice: p {.id, .name}, teacher: t {.id, .name}} AS learned ORDER BY l.id
} AS learnings
