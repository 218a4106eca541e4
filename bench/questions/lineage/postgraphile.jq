# It has no paths of variable length: every walk comes back, and the client keeps the shortest.
def learners: [.[] | .learningsByTeacherId.nodes // [] | .[].partyByLearnerId];
.partyByRowId.rowId as $teacher
| reduce range(1; 5) as $hops ({level: [.partyByRowId], hops: {}};
    .level |= learners | reduce .level[].rowId as $id (.; if $id != $teacher then .hops[$id] //= $hops else . end))
| [.hops | to_entries[] | [.value, .key]] | sort | .[:$asked.first]
