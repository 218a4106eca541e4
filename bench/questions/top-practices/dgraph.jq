# It cannot sort by a count: every practice comes with the learner of every learning, and the client counts.
[.queryPractice[] | [.id, .name, ([.learnings[].learner.id] | unique | length), .nameFold]]
| sort_by(-.[2], .[3], .[0]) | .[:$asked.first] | map(.[:3])
