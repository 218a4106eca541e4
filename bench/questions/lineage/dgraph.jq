# It has no paths of variable length: every walk comes back, and the client keeps the shortest.
def learners: [.[] | .learningsAsTeacher // [] | .[].learner];
.getParty.id as $teacher
| reduce range(1; 5) as $hops ({level: [.getParty], hops: {}};
    .level |= learners | reduce .level[].id as $id (.; if $id != $teacher then .hops[$id] //= $hops else . end))
| [.hops | to_entries[] | [.value, .key]] | sort | .[:$asked.first]
