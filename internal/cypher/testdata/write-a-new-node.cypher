UNWIND $rows AS row
MERGE (n:Node {id: row.id})
SET n:Node:Learning:Fact, n += row;
// $rows = [{"channelKind":null,"confidence":null,"datePrecision":null,"evidence":"Élan","evidence_fold":"elan","evidence_key":"elan","id":"l-1","nodeType":"Learning","sources_ids":["s-2","s-1"],"stage":null,"stage_none":"l-1","started":"2013~","started_from":15340,"started_none":null,"started_to":16435,"started_written_from":15706,"started_written_to":16070,"version":null}]
UNWIND $rows AS row
MATCH (n:Node {id: row[0]}), (m:Node {id: row[1]})
CREATE (n)-[:LEARNER]->(m);
// $rows = [["l-1","a"]]
UNWIND $rows AS row
MATCH (n:Node {id: row[0]}), (m:Node {id: row[1]})
CREATE (n)-[:TEACHER]->(m);
// $rows = [["l-1","c"]]
UNWIND $rows AS row
MATCH (n:Node {id: row[0]}), (m:Node {id: row[1]})
CREATE (n)-[:CITES]->(m);
// $rows = [["l-1","s-2"],["l-1","s-1"]]
