package roster

// likelyKind is the other kind of which a table has all the required columns, and
// the most columns; "" when there is none.
func likelyKind(besides Kind, records []record) (likely Kind) {
	most := 0
	for _, kind := range Kinds() {
		l := layouts[kind]
		head, next := l.findHeader(records)
		if kind == besides || next < 0 || !l.has(head) || len(head.at) <= most {
			continue
		}
		likely, most = kind, len(head.at)
	}
	return likely
}

// has says whether headings have every required column.
func (l layout) has(h header) bool {
	for _, c := range l.columns {
		if _, there := h.at[c.field]; c.required && !there {
			return false
		}
	}
	return true
}
