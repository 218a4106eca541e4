// Package embedded keeps the graph in this process: columns and paged adjacency in
// memory, one record per node in a bbolt file. What a plan means, what a batch must
// keep and what all stores check alike is left to packages plan, change and store.
//
// # In memory
//
// Readers hold a snapshot, which never changes; nobody waits for anybody. One writer
// at a time makes the next snapshot by copying the pages that it touches. A node has a
// number for good, whatever is created or deleted later, and a row in the columns of
// its type. Orders are built when first asked for and follow the snapshots by the
// pages that differ; scalars of the node itself have them and counts do, by other keys the first
// of a page are sifted out, as are those of linked nodes. A scan begins at the far nodes of a link where these are few. What is found by
// looking at all nodes (which meet a condition, how they rank, where they stand in an order, how many there are of each sort) is kept in
// bounded memory, shared by all questions, and mended after a change (kept.go).
//
// States beside the present one (a preview, or the graph as a change left it) are snapshots that
// are never published: they share all pages with the present but those that differ.
//
// # On disk
//
// The store is a folder with two files: graph.db, and owner, which tells the process
// that uses it. graph.db is a bbolt file with the buckets of the history (journal.go), of proposals
// and of what is hidden, and these:
//
//	meta    "format" → the format version in decimal; "compact": see compact.go
//	names   number (4 bytes, big endian) → the name of a type, property or link
//	nodes   number of the node (4 bytes, big endian) → record
//
// A record begins with a CRC-32C of key and rest (4 bytes, little endian). The rest is
// made of uvarints and texts with their length before them; names stand as numbers:
//
//	type, id, count of properties, the properties, count of links, the links
//	property: name, kind, then by kind
//	          Text, Enum: text · Int, Bool: varint · Strings: count, texts
//	          Date: text, varint first day, varint last day
//	link:     name, count, numbers of the nodes at its end, in order
//
// Since names are kept, a schema that gains types, properties or links reads older
// files; what a schema no longer has is passed over, but a type that is gone is an error.
package embedded

// formatVersion is the version of the layout above. Raise it when older programs
// must not read what this one writes.
const formatVersion = 1
