package search

// reading is what is read of a stretch of rows: the documents that can be found, and what is
// said of them by their numbers here.
type reading struct {
	documents []indexed
	texts     []entry // whole ones, the document in the place of its place
	words     terms
	initials  terms

	raw  []string // of the row that is being read
	cut  cutter
	room []byte
}

func (r *reading) read(rows []uint32, of Source) {
	r.documents = make([]indexed, 0, len(rows))
	for _, row := range rows {
		d := indexed{row: row}
		d.id, r.raw = of(row, r.raw[:0])
		for i, raw := range r.raw {
			r.text(raw)
			if i == 0 {
				d.name = r.cut.folded()
			}
		}
		if len(r.raw) > 0 {
			r.documents = append(r.documents, d)
			r.words.end()
			r.initials.end()
		}
	}
}

// text reads a name, title or alias.
func (r *reading) text(raw string) {
	r.cut.cut(raw)
	words := r.cut.words
	if len(words) == 0 {
		return
	}
	r.room = r.room[:0]
	for i, w := range words {
		r.words.addText(w.text)
		if i > 0 {
			r.room = append(r.room, ' ')
		}
		r.room = append(r.room, w.text...)
	}
	whole := r.cut.lower // which is what it mostly is
	if string(r.room) != whole {
		whole = string(r.room)
	}
	r.texts = append(r.texts, entry{text: whole, place: uint32(len(r.documents))})
	for _, every := range []bool{false, true} {
		if r.room = (acronym{every: every}).appendTo(r.room[:0], words); len(r.room) > 0 {
			r.initials.add(r.room)
		}
	}
}
