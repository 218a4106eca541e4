MATCH (n:Node {id: $v_id})
RETURN [n.nodeType, n.id] AS answer;
// $v_id = "w-edwards-deming"
