MATCH (p:Node)<-[:OF_PRACTICE]-(l:Learning)
WHERE p.id IN $practices AND l.started IS NOT NULL
RETURN p.id AS practice, left(l.started, 4) AS year, count(*) AS count
