MATCH (l:Learning) WHERE l.started_from >= $sinceDay
MATCH (l)-[:OF_PRACTICE]->(p), (l)-[:LEARNER]->(x)
WITH p, count(DISTINCT x) AS learners
ORDER BY learners DESC, p.name_fold, p.id LIMIT $first
RETURN p.id AS id, p.name AS name, learners
