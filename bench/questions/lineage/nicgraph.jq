[.party.downstream.reached[] | [.hops, .party.id]] | sort | .[:$asked.first]
