package tiles

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"muster/internal/account"
)

// rights is a scope as the layers' queries need it: territory made of whole
// counties, for which sums are kept, and everything else.
type rights struct {
	account.Scope                     // Ranges sorted, without overlap
	counties      []account.CodeRange // those of Ranges that begin and end with a county
	rest          []account.CodeRange
}

func rightsOf(s account.Scope) rights {
	r := rights{Scope: s}
	r.Ranges = merged(s.Ranges)
	for _, c := range r.Ranges {
		if wholeCounties(c) {
			r.counties = append(r.counties, c)
		} else {
			r.rest = append(r.rest, c)
		}
	}
	return r
}

// withinCounty is the digits of a code below its county.
const withinCounty = "000000"

func wholeCounties(r account.CodeRange) bool {
	// The end of everything, 999999999999, is no code: it ends like a county.
	return strings.HasSuffix(r.Lo, withinCounty) && (strings.HasSuffix(r.Hi, withinCounty) || r.Hi == account.Everywhere().Ranges[0].Hi)
}

// merged joins ranges that overlap or touch, so that no row is found twice.
func merged(ranges []account.CodeRange) []account.CodeRange {
	sorted := slices.SortedFunc(slices.Values(ranges), func(a, b account.CodeRange) int { return cmp.Compare(a.Lo, b.Lo) })
	var out []account.CodeRange
	for _, r := range sorted {
		if n := len(out); n > 0 && r.Lo <= out[n-1].Hi {
			out[n-1].Hi = max(out[n-1].Hi, r.Hi)
		} else {
			out = append(out, r)
		}
	}
	return out
}

// macro is what a layer's SQL leaves to the scope:
//
//	COUNTIES(column)   the county lies in the territory of whole counties
//	TERRITORY(column)  the code lies in the territory
//	PARTS(alias)       the row's site belongs to what is no whole county
//	SCOPE(alias)       the row's site belongs to the scope
var macro = regexp.MustCompile(`\b(COUNTIES|TERRITORY|PARTS|SCOPE)\(([a-z_.]+)\)`)

// scoped writes the scope into a layer's SQL. Ranges are compared one by one in
// byte order, which an index answers.
func (r rights) scoped(sql string, args pgx.NamedArgs) string {
	return macro.ReplaceAllStringFunc(sql, func(call string) string {
		m := macro.FindStringSubmatch(call)
		switch m[1] {
		case "COUNTIES":
			return or(inRanges(m[2], "county", r.counties, args))
		case "TERRITORY":
			return or(inRanges(m[2], "range", r.Ranges, args))
		case "PARTS":
			return or(append(inRanges(m[2]+".region", "rest", r.rest, args), r.units(m[2], args)...))
		default:
			return or(append(inRanges(m[2]+".region", "range", r.Ranges, args), r.units(m[2], args)...))
		}
	})
}

func inRanges(column, name string, ranges []account.CodeRange, args pgx.NamedArgs) (terms []string) {
	for i, c := range ranges {
		lo, hi := fmt.Sprintf("%s_lo%d", name, i), fmt.Sprintf("%s_hi%d", name, i)
		args[lo], args[hi] = c.Lo, c.Hi
		terms = append(terms, fmt.Sprintf(`%[1]s COLLATE "C" >= @%[2]s AND %[1]s COLLATE "C" < @%[3]s`, column, lo, hi))
	}
	return terms
}

func (r rights) units(alias string, args pgx.NamedArgs) (terms []string) {
	if len(r.Projects) > 0 {
		args["projects"] = r.Projects
		terms = append(terms, alias+".project_id = ANY(@projects)")
	}
	if len(r.Sections) > 0 {
		args["sections"] = r.Sections
		terms = append(terms, alias+".section_id = ANY(@sections)")
	}
	if len(r.Sites) > 0 {
		args["sites"] = r.Sites
		terms = append(terms, alias+".site_id = ANY(@sites)")
	}
	return terms
}

func or(terms []string) string {
	if len(terms) == 0 {
		return "false"
	}
	return "(" + strings.Join(terms, " OR ") + ")"
}
