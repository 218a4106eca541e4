MATCH (n:Node {id: $v_id})
WHERE n:Node
RETURN [n.nodeType, n.id] AS answer;
// $v_id = "w-edwards-deming"
