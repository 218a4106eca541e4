# It has no facets: one alias for each word of the two vocabularies.
[to_entries[] | [.key, .value.count] | select(.[1] > 0)] as $all
| ["channel", "stage"] | map(. as $by | [$all[] | select(.[0] | startswith($by)) | [.[0][($by | length):], .[1]]] | sort)
