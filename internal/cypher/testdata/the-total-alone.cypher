RETURN COUNT { MATCH (n:Body) } AS answer;
