# Groups hold their members and no count: the date of every learning comes, and the client counts.
[.practices[] | .id as $id | .learnings | group_by(.started[:4])[] | [$id, .[0].started[:4], length]] | sort
