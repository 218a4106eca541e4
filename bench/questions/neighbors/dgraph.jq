# It filters by a node's own scalars: every person comes with what leads there, and the client sorts and counts.
.queryPerson | [length, (sort_by(.nameFold, .id) | .[:$asked.first] | map([.id, .name]))]
