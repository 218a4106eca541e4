MATCH (l:Learning)
RETURN 'CHANNEL' AS by, l.channelKind AS value, count(*) AS count
UNION ALL
MATCH (l:Learning)
RETURN 'STAGE' AS by, l.stage AS value, count(*) AS count
