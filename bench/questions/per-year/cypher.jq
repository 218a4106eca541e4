[.rows[] | [.practice, .year, .count]] | sort
