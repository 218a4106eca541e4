UNWIND range(0, size($p0) - 1) AS i
OPTIONAL MATCH (alias:NicgraphAlias {id: $p0[i]})
MATCH (n:Node {id: coalesce(alias.node, $p0[i])})
WHERE n:Person
WITH i, [n.id, null] AS row
WITH collect([i, row]) AS found
RETURN [
    found,
    head(COLLECT {
        MATCH (m:NicgraphMeta {id: 'nicgraph'})
        RETURN m.revision
    })
] AS answer;
// $p0 = ["b","a"]
