OPTIONAL MATCH (alias:NicgraphAlias {id: $p0})
MATCH (n:Node {id: coalesce(alias.node, $p0)})
WHERE n:Person
WITH [n.id, null] AS found
RETURN [
    found,
    head(COLLECT {
        MATCH (m:NicgraphMeta {id: 'nicgraph'})
        RETURN m.revision
    })
] AS answer;
// $p0 = "ana"
