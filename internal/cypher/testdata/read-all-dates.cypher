MATCH (n:Node)
UNWIND [n.publishedOn, n.founded, n.started, n.ended, n.seenIn, n.announcedOn, n.startsOn, n.endsOn] AS text
RETURN collect(DISTINCT text) AS answer;
