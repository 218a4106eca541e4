package analytics

// Fields are the computed fields of the served schema, by name.
func Fields() map[string]Field {
	return map[string]Field{
		"search": find,
	}
}
