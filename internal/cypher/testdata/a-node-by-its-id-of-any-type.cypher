OPTIONAL MATCH (alias:NicgraphAlias {id: $v_id})
USING INDEX SEEK alias:NicgraphAlias(id)
MATCH (n:Node {id: coalesce(alias.node, $v_id)})
USING INDEX SEEK n:Node(id)
RETURN [n.nodeType, n.id] AS answer;
// $v_id = "w-edwards-deming"
