MATCH (n:Node)
WHERE n.id IN $ids
RETURN collect([n.id, n.nodeType]) AS answer;
// $ids = ["l-1"]
UNWIND $ids AS id
MATCH (n:Node {id: id})
WHERE n:Learning
RETURN collect([
    n.id,
    n.channelKind,
    n.started,
    n.datePrecision,
    n.stage,
    n.evidence,
    n.confidence,
    n.version,
    COLLECT { MATCH (n)-[:LEARNER]->(target) RETURN target.id },
    COLLECT { MATCH (n)-[:TEACHER]->(target) RETURN target.id },
    COLLECT { MATCH (n)-[:OF_PRACTICE]->(target) RETURN target.id },
    COLLECT { MATCH (n)-[:VIA]->(target) RETURN target.id },
    n.sources_ids
]) AS answer;
// $ids = ["l-1"]
