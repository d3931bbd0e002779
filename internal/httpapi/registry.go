package httpapi

import (
	"muster/internal/errs"
	"muster/internal/geo"
	"muster/internal/postgres"
)

// ListRequest is what every list of the registry can be narrowed by; what kind
// and status mean, each list says.
type ListRequest struct {
	Query  string `query:"q" maxLength:"60"`
	Kind   string `query:"kind" maxLength:"30"`
	Region string `query:"region" maxLength:"12" doc:"区划代码，含下级"`
	Cursor string `query:"cursor" maxLength:"800"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

func (in ListRequest) filter() (postgres.RegistryFilter, error) {
	f := postgres.RegistryFilter{Text: in.Query, Kind: in.Kind, Limit: in.Limit}
	if in.Region != "" {
		r, err := geo.ParseRegion(in.Region)
		if err != nil {
			return f, err
		}
		f.Lo, f.Hi = r.Range()
	}
	return f, unpackCursor(in.Cursor, &f.After)
}

// filtering is a request for a list.
type filtering interface {
	filter() (postgres.RegistryFilter, error)
}

// pageByName reads one row more than was asked for, to know whether there is
// another page.
func pageByName[T, V any](in filtering, list func(postgres.RegistryFilter) ([]T, error), view func(T) V, mark func(T) postgres.NameMark) (*answer[page[V]], error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	limit := f.Limit
	f.Limit++
	rows, err := list(f)
	if err != nil {
		return nil, err
	}
	out := page[V]{Items: []V{}}
	if len(rows) > limit {
		rows = rows[:limit]
		out.Next = packCursor(mark(rows[limit-1]))
	}
	for _, r := range rows {
		out.Items = append(out.Items, view(r))
	}
	return reply(out, nil)
}

// noSuchWord refuses a filter that could only find nothing: an empty list looks
// as if there were none.
func noSuchWord(where, value string, known bool) error {
	if value == "" || known {
		return nil
	}
	return errs.New(errs.Fix, "word_unknown", "没有 %q 这个选项", value).With(errs.Detail{Where: where, Text: "不认识的选项", Mend: "请从列表中选择"})
}
