MATCH (o:Organization) WHERE o.id > ''
WITH o ORDER BY o.id LIMIT $first
WITH collect([o.id, COUNT { (o)<-[:LEARNER]-() }, COUNT { (o)<-[:TEACHER]-() }]) AS organizations
RETURN COUNT { (:Person) } AS people, COUNT { (:Practice) } AS practices, COUNT { (:Learning) } AS learnings, organizations
