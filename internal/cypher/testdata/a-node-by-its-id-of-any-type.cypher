OPTIONAL MATCH (alias:NicgraphAlias {id: $v_id})
MATCH (n:Node {id: coalesce(alias.node, $v_id)})
RETURN [n.nodeType, n.id] AS answer;
// $v_id = "w-edwards-deming"
