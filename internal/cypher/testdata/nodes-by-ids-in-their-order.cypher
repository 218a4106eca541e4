UNWIND range(0, size($p0) - 1) AS i
OPTIONAL MATCH (alias:NicgraphAlias {id: $p0[i]})
MATCH (n:Node {id: coalesce(alias.node, $p0[i])})
WHERE n:Party
WITH i, [n.nodeType, n.id, n.name] AS row
RETURN collect([i, row]) AS answer;
// $p0 = ["b","a"]
