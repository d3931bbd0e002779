package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/roster"
)

// Importer writes files that roster.ParseImport has understood.
type Importer struct {
	db     *DB
	sealer *account.Sealer
}

// NewImporter needs the sealer for phones and ID numbers.
func NewImporter(db *DB, sealer *account.Sealer) *Importer { return &Importer{db: db, sealer: sealer} }

// ImportResult is what became of a file. Bad are the problems of the file and
// those found against the database; Written is 0 when nothing was.
type ImportResult struct {
	Kind    roster.Kind      `json:"kind"`
	Rows    int              `json:"rows"`
	Good    int              `json:"good"`
	Written int              `json:"written"`
	Bad     []roster.Problem `json:"bad"`
	Listed  []roster.Listed  `json:"listed"`

	Tally     []Tally     `json:"tally" doc:"没有问题的行会怎样：新增、更新、没有变化"`
	Missing   int         `json:"missing" doc:"已登记、但不在文件里的人数（最多数到 200）；不会删除"`
	Records   []Record    `json:"records" doc:"写入的，前 50 条"`
	LooksLike roster.Kind `json:"looks_like,omitempty" doc:"缺列时：更像哪一种表"`
}

// errNotWritten rolls an import back that was only tried.
var errNotWritten = errors.New("not written")

// Import resolves the references of a file's good rows and writes them in one
// transaction. As long as anything is wrong nothing is written, unless partial
// is set: then the good rows are. A dry run writes nothing and says what would
// be. Rows that exist are updated (by external code, else natural key); what is
// missing from the file is never removed. Places outside the scope are problems.
func (im *Importer) Import(ctx context.Context, scope account.Scope, by Actor, file roster.File, partial, dryRun bool, at time.Time) (ImportResult, error) {
	var result ImportResult
	err := im.db.inTx(ctx, func(tx pgx.Tx) error {
		run := &importRun{tx: tx, sealer: im.sealer, scope: scope, at: at, problems: slices.Clone(file.Problems), listed: slices.Clone(file.Listed)}
		if err := run.file(ctx, file); err != nil {
			return err
		}
		if err := run.missing(ctx, file.Kind); err != nil {
			return err
		}
		// What a row would do is found out by doing it; a dry run takes it back.
		if err := run.flush(ctx); err != nil {
			return err
		}
		result = ImportResult{Kind: file.Kind, Rows: file.Rows, Good: run.good, Bad: run.problems, Listed: run.listed,
			Tally: run.tally(), Missing: run.absent, Records: []Record{}, LooksLike: file.LooksLike}
		if dryRun || len(run.problems) > 0 && !partial || run.good == 0 {
			return errNotWritten
		}
		if err := run.finish(ctx, by, file.Kind); err != nil {
			return err
		}
		result.Written, result.Records = run.good, run.records(file)
		return nil
	})
	if errors.Is(err, errNotWritten) {
		err = nil
	}
	slices.SortStableFunc(result.Bad, func(a, b roster.Problem) int { return a.Line - b.Line })
	result.Bad, result.Listed = append([]roster.Problem{}, file.Placed(result.Bad)...), append([]roster.Listed{}, file.PlacedList(result.Listed)...)
	return result, err
}

// importRun is one import inside its transaction.
type importRun struct {
	tx       pgx.Tx
	sealer   *account.Sealer
	scope    account.Scope
	at       time.Time
	units    units
	people   people
	external map[string]uuid.UUID
	batch    pgx.Batch
	later    []func()
	good     int
	outcomes []*outcome
	absent   int // who is in the units that the file names, and not in it
	problems []roster.Problem
	listed   []roster.Listed
	touched  map[uuid.UUID]place // by section: what has to be announced
	named    named
}

func (run *importRun) file(ctx context.Context, f roster.File) error {
	// One import at a time: two that bring the same new person would each make one.
	if _, err := run.tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtext('muster_import'))"); err != nil {
		return err
	}
	var err error
	if run.units, err = readUnits(ctx, run.tx); err != nil {
		return err
	}
	if run.external, err = readExternal(ctx, run.tx, f.Kind); err != nil {
		return err
	}
	run.touched = map[uuid.UUID]place{}
	switch f.Kind {
	case roster.Companies:
		return run.companies(ctx, f.Companies)
	case roster.Projects:
		run.projects(f.Projects)
	case roster.Sections:
		run.sections(f.Sections)
	case roster.Sites:
		return run.sites(ctx, f.Sites)
	case roster.People:
		return run.persons(ctx, f.People)
	case roster.Posts:
		return run.posts(ctx, f.Posts)
	case roster.Beds:
		return run.beds(ctx, f.Beds)
	case roster.DutyRoster:
		return run.duties(ctx, f.Duties)
	case roster.Teams:
		return run.teams(ctx, f.Teams)
	case roster.Shifts:
		return run.shifts(ctx, f.Shifts)
	case roster.Leaves:
		return run.leaves(ctx, f.Leaves)
	case roster.Certificates:
		return run.certificates(ctx, f.Certificates)
	case roster.ContactList, roster.ContractStaff:
		return run.form(ctx, f)
	}
	return nil
}

// finish writes the audit line and the announcements.
func (run *importRun) finish(ctx context.Context, by Actor, kind roster.Kind) error {
	detail := map[string]any{"written": run.good, "bad": len(run.problems)}
	if err := audit(ctx, run.tx, by, "import", string(kind), "", detail, run.at); err != nil {
		return err
	}
	for id, where := range run.touched {
		if err := announce(ctx, run.tx, "section", id, where, run.at); err != nil {
			return err
		}
	}
	return nil
}

// problem notes that a row cannot be written.
func (run *importRun) problem(line int, column, value, text, mend string) {
	run.problems = append(run.problems, roster.Problem{Line: line, Column: column, Value: value, Text: text, Mend: mend})
}

// outside notes that a row lies outside the actor's scope.
func (run *importRun) outside(line int, column, value string) {
	run.problem(line, column, value, "不在管辖范围", "请由管辖单位导入，或核对是否填错")
}

// unknown notes a reference to something that is not there.
func (run *importRun) unknown(line int, column, value, what string) {
	run.problem(line, column, value, fmt.Sprintf("没有这个%s", what), fmt.Sprintf("请核对名称或编号，或先导入%s", what))
}

// write queues a statement for a good row.
func (run *importRun) write(sql string, args ...any) { run.batch.Queue(sql, args...) }

// writeLater queues a statement that needs all rows to be there; what it returns it
// has changed.
func (run *importRun) writeLater(o *outcome, sql string, args ...any) {
	run.later = append(run.later, func() { run.batch.Queue(sql, args...).Query(o.changedToo) })
}

// keepExternal remembers under which code another system knows a noun.
func (run *importRun) keepExternal(kind roster.Kind, code string, id uuid.UUID) {
	if code != "" {
		run.write(`INSERT INTO external_id (noun, system, code, noun_id) VALUES ($1, 'import', $2, $3)
			ON CONFLICT (noun, system, code) DO NOTHING`, externalNouns[kind], code, id)
	}
}

// since is the day from which something holds: the file's, else now.
func (run *importRun) since(t time.Time) time.Time {
	if t.IsZero() {
		return run.at
	}
	return t
}

// unsaid is what a writing moves when the file names no day.
func unsaid(from time.Time) []string {
	if from.IsZero() {
		return []string{"valid_from"}
	}
	return nil
}
