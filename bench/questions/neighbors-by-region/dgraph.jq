# It filters by a node's own scalars: what the region's organizations taught comes, and the client sorts and counts.
[.queryOrganization[].learningsAsTeacher[].learner | select(.id)] | unique
| [length, (sort_by(.id) | .[:$asked.first] | map([.id, .name]))]
