package postgres

// column is one field of many rows, for INSERT … SELECT FROM unnest: many rows in
// one statement, with ON CONFLICT, which COPY has not.
func column[T, V any](list []T, field func(T) V) []V {
	all := make([]V, len(list))
	for i, row := range list {
		all[i] = field(row)
	}
	return all
}
