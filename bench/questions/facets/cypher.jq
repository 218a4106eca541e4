.rows as $rows | ["CHANNEL", "STAGE"] | map(. as $by | [$rows[] | select(.by == $by and .value != null) | [.value, .count]] | sort)
