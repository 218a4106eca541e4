package cypher

// Labels of the tokens beside the graph.
//
//	NicgraphToken  id, token (JSON)
var tokenSchema = []string{
	"CREATE CONSTRAINT nicgraph_token IF NOT EXISTS FOR (t:NicgraphToken) REQUIRE t.id IS UNIQUE",
}

// Tokens asks for all tokens: their texts.
var Tokens = Statement{Text: "MATCH (t:NicgraphToken)\nRETURN collect(t.token) AS answer"}

// AddToken writes a token whose id is new.
func AddToken(id, token string) Statement {
	return Statement{Text: "CREATE (:NicgraphToken {id: $id, token: $token})", Params: map[string]any{"id": id, "token": token}}
}

// LockToken asks for the text of a token, and locks it against other writers.
func LockToken(id string) Statement {
	return Statement{Text: "MATCH (t:NicgraphToken {id: $id})\nSET t.id = t.id\nRETURN t.token AS answer", Params: map[string]any{"id": id}}
}

// SetToken replaces the text of a token.
func SetToken(id, token string) Statement {
	return Statement{Text: "MATCH (t:NicgraphToken {id: $id})\nSET t.token = $token", Params: map[string]any{"id": id, "token": token}}
}
