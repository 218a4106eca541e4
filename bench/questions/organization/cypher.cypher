MATCH (o:Node {id: $id})
WHERE o:Organization
RETURN o.id AS id, o.name AS name,
  COLLECT { MATCH (o)<-[:MEMBER]-(:Membership)-[:IN_NETWORK]->(n:Network) RETURN n {.id, .name, .kind} } AS networks,
  COLLECT {
    MATCH (o)<-[:LEARNER]-(l:Learning) WHERE l.started_from >= $sinceDay
    WITH l ORDER BY l.started_from DESC, l.started_to DESC, l.id LIMIT 10
    MATCH (l)-[:OF_PRACTICE]->(p), (l)-[:TEACHER]->(t)
    RETURN l {.id, .started, practice: p.name, teacher: t.name, practices: COLLECT {
      MATCH (t)<-[:LEARNER]-(k:Learning) WITH k ORDER BY k.id LIMIT 10
      MATCH (k)-[:OF_PRACTICE]->(q) RETURN q.name ORDER BY k.id } } AS learned ORDER BY l.started_from DESC, l.started_to DESC, l.id } AS recent,
  COLLECT {
    MATCH (o)<-[:LEARNER]-(l:Learning) WHERE l.started_to < $sinceDay
    WITH l ORDER BY l.started_from DESC, l.started_to DESC, l.id LIMIT 10
    MATCH (l)-[:OF_PRACTICE]->(p), (l)-[:TEACHER]->(t)
    RETURN l {.id, .started, practice: p.name, teacher: t.name, practices: COLLECT {
      MATCH (t)<-[:LEARNER]-(k:Learning) WITH k ORDER BY k.id LIMIT 10
      MATCH (k)-[:OF_PRACTICE]->(q) RETURN q.name ORDER BY k.id } } AS learned ORDER BY l.started_from DESC, l.started_to DESC, l.id } AS earlier
