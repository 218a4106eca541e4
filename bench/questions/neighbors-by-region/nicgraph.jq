# A party in general has no region: what the region's organizations taught comes, and the client merges and counts.
.organizations
| if any(.pageInfo, .nodes[].learners.pageInfo; .hasNextPage) then "the organizations and learners do not fit on one page" | halt_error else . end
| [.nodes[].learners.nodes[] | [.id, .name]] | unique | [length, .[:$asked.first]]
