MATCH (l:Learning) WHERE l.id > coalesce($after, '')
WITH l ORDER BY l.id LIMIT $first + 1
RETURN l.id AS id, l.started AS started, l.stage AS stage
