package postgres

import (
	"cmp"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/roster"
)

// Tally is what a file does, or would do, to one noun: how many it makes, how many
// it changes, how many are there already just so.
type Tally struct {
	Noun      string `json:"noun"`
	Label     string `json:"label" doc:"这一类叫什么"`
	New       int    `json:"new"`
	Updated   int    `json:"updated"`
	Unchanged int    `json:"unchanged"`
}

// Record is something that an import made or changed, and the page on which it is
// seen: its own, else that of the person whom it is about.
type Record struct {
	Sheet string    `json:"sheet,omitempty"`
	Line  int       `json:"line"`
	Label string    `json:"label"`
	New   bool      `json:"new"`
	Page  string    `json:"page" enum:"company,project,section,site,person,team,certificate"`
	ID    uuid.UUID `json:"id"`
}

// mostRecords is how many records a result names: enough to look whether it came
// out as it should.
const mostRecords = 50

// What became of a row; the least is what counts when several do.
const (
	madeNew = iota
	madeOther
	leftAlone
)

// outcome is what became of one row of one noun.
type outcome struct {
	noun   string
	line   int
	id     uuid.UUID
	person *uuid.UUID
	what   int
}

// importNouns are the tables that an import writes, in the order in which they are
// told, with the Chinese word.
var importNouns = []struct{ noun, label string }{
	{"company", "单位"}, {"project", "项目"}, {"section", "合同段"}, {"site", "点位"}, {"person", "人员"}, {"post", "岗位"}, {"bed", "床位"},
	{"duty_roster", "值班"}, {"team", "班组"}, {"team_member", "班组成员"}, {"shift", "班次"}, {"leave", "请假"}, {"certificate", "证书"},
}

// upsert queues an INSERT … ON CONFLICT DO UPDATE of a noun and notes what it did.
// What the file does not say and every writing moves does not count: besides the
// bookkeeping, the columns named.
func (run *importRun) upsert(line int, noun string, besides []string, sql string, args ...any) *outcome {
	return run.tell(line, noun, "WITH written AS ("+sql+" RETURNING id, to_jsonb("+noun+".*) AS row)"+verdictSQL(noun, besides), args...)
}

// renew queues an UPDATE of a noun and, where there was nothing to update, an
// INSERT … SELECT, and notes what they did.
func (run *importRun) renew(line int, noun, update, insert string, args ...any) *outcome {
	returning := " RETURNING id, to_jsonb(" + noun + ".*) AS row"
	return run.tell(line, noun, "WITH old AS ("+update+returning+"), fresh AS ("+insert+" WHERE NOT EXISTS (SELECT FROM old)"+returning+
		"), written AS (TABLE old UNION ALL TABLE fresh)"+verdictSQL(noun, nil), args...)
}

// verdictSQL compares what was written with what stood there before: the whole of a
// statement sees the rows as they were when it began.
func verdictSQL(noun string, besides []string) string {
	moved := "'{recorded_at,version,phone_sealed,id_sealed,number_sealed"
	for _, column := range besides {
		moved += "," + column
	}
	moved += "}'::text[]"
	return ` SELECT w.id, (w.row ->> 'person_id')::uuid, CASE WHEN b.id IS NULL THEN 0 WHEN to_jsonb(b.*) - ` + moved + ` <> w.row - ` + moved + ` THEN 1 ELSE 2 END
		FROM written w LEFT JOIN ` + noun + ` b ON b.id = w.id ORDER BY 3 LIMIT 1`
}

func (run *importRun) tell(line int, noun, sql string, args ...any) *outcome {
	o := run.note(line, noun, uuid.Nil, leftAlone)
	run.batch.Queue(sql, args...).QueryRow(func(row pgx.Row) error { return row.Scan(&o.id, &o.person, &o.what) })
	return o
}

func (run *importRun) note(line int, noun string, id uuid.UUID, what int) *outcome {
	o := &outcome{noun: noun, line: line, id: id, what: what}
	run.outcomes = append(run.outcomes, o)
	return o
}

// changedToo notes that a later statement changed the row as well, when it
// returned something.
func (o *outcome) changedToo(rows pgx.Rows) error {
	if rows.Next() {
		o.what = min(o.what, madeOther)
	}
	return rows.Err()
}

func (run *importRun) tally() []Tally {
	all := []Tally{}
	for _, n := range importNouns {
		t := Tally{Noun: n.noun, Label: n.label}
		for _, o := range run.outcomes {
			if o.noun == n.noun {
				*[]*int{&t.New, &t.Updated, &t.Unchanged}[o.what]++
			}
		}
		if t.New+t.Updated+t.Unchanged > 0 {
			all = append(all, t)
		}
	}
	return all
}

// records are the first that were made or changed.
func (run *importRun) records(f roster.File) []Record {
	list := []Record{}
	for _, o := range run.outcomes {
		if o.what == leftAlone {
			continue
		}
		at := slices.IndexFunc(importNouns, func(n struct{ noun, label string }) bool { return n.noun == o.noun })
		r := Record{Line: o.line, Label: importNouns[at].label, New: o.what == madeNew, Page: o.noun, ID: o.id}
		if o.person != nil && o.noun != "certificate" {
			r.Page, r.ID = "person", *o.person
		}
		list = append(list, r)
	}
	slices.SortStableFunc(list, func(a, b Record) int { return cmp.Compare(a.Line, b.Line) })
	list = list[:min(len(list), mostRecords)]
	for i := range list {
		list[i].Sheet, list[i].Line = f.Place(list[i].Line)
	}
	return list
}
