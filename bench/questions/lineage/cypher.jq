[.rows[] | [.hops, .id]] | sort | .[:$asked.first]
