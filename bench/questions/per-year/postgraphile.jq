# It cannot group: the date of every learning comes, and the client counts.
[.allPractices.nodes[] | .rowId as $id | .learningsByPracticeId.nodes | group_by(.started[:4])[] | [$id, .[0].started[:4], length]] | sort
