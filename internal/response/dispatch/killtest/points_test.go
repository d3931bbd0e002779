package killtest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/demo"
	"muster/internal/postgres"
	"muster/internal/response"
	"muster/internal/response/channel/fake"
)

// point is a place of docs/flow.md at which a replica dies.
type point struct {
	step string
	sql  string // of the statement, or of one in the transaction
}

// An evening on which the replica dies before and after every commit of the flow,
// and where the carrier has a message that nobody has written down.
func TestKilledAtEveryPoint(t *testing.T) {
	e := newVigil(t)
	e.received()
	e.published()
	e.sent()
	e.heard()
	e.climbed()
	e.answered()
	e.lifted()
	e.expired()
	e.rest(20 * lease)
	e.print()
	e.audit().print(e.night)
}

// evening is the night with the table of deaths.
type vigil struct {
	*night
	table strings.Builder
	lines *tabwriter.Writer
	kills int
}

// crowdOfEvening: of five people two send their code back within half a minute; the
// others let it ring.
var crowdOfEvening = []fake.Share{
	{Weight: 2, Person: fake.Person{Text: fake.Code, Call: fake.Ignore, After: fake.Span{Low: 5_000, High: 30_000}}},
	{Weight: 3, Person: fake.Person{Text: fake.Ignore, Call: fake.Ignore}},
}

func newVigil(t *testing.T) *vigil {
	t.Helper()
	e := &vigil{night: newNight(t, province.Clone(t).AppDSN, crowdOfEvening)}
	e.lines = tabwriter.NewWriter(&e.table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(e.lines, "killed at\tthreads\tnotices\twith a worker\tkeys\thand-overs")
	return e
}

func (e *vigil) note(where string) {
	e.kills++
	y := e.tally()
	fmt.Fprintf(e.lines, "%s\t%d\t%d\t%d\t%d\t%d\n", where, y.threads, y.notices, y.states[response.Sending], y.keys, y.handOvers)
}

func (e *vigil) print() {
	_ = e.lines.Flush()
	e.t.Logf("%d kills\n%s", e.kills, e.table.String())
}

// dies kills the replica at a point, before its commit and after it. Work is what
// leads there.
func (e *vigil) dies(at point, work func(*process)) {
	e.t.Helper()
	for _, after := range []bool{false, true} {
		p := e.one()
		p.wire.arm(cut{sql: at.sql, after: after, do: p.kill})
		work(p)
		where := at.step + map[bool]string{false: ", before its commit", true: ", after its commit"}[after]
		e.deadAt(p, where)
	}
}

// deadAt waits for the death and writes down how things stand.
func (e *vigil) deadAt(p *process, where string) {
	e.t.Helper()
	<-p.dead
	e.note(where)
}

// asks does an act that is killed before and after, and then once more, as whoever
// got no answer would.
func (e *vigil) asks(at point, act string, q request) {
	e.t.Helper()
	e.dies(at, func(p *process) {
		_, err := p.do(e.t.Context(), act, q)
		e.unanswered(act, err)
	})
	e.anew(act, q)
}

func (e *vigil) unanswered(act string, err error) {
	e.t.Helper()
	if no, said := errors.AsType[refused](err); err == nil || said {
		e.t.Fatalf("%s was answered (%s): the point was never reached", act, no)
	}
}

// settles is work of the replica's own that is due now.
func (e *vigil) settles(p *process) {
	e.t.Helper()
	if e.settle(p) {
		e.t.Fatal("it came to rest and was never killed")
	}
}

// received: §1 and §2. What the bureau sends again is the same document.
func (e *vigil) received() {
	doc := request{Document: demo.Storm(e.clock.Now())[1].Body}
	e.asks(point{"1 receive", "INSERT INTO raw_message"}, "receive", doc)
	e.is("one document", 1, "SELECT count(*) FROM raw_message")
	// What was stored is understood by whoever starts next, so each death needs a
	// document of its own.
	later := []demo.Document{demo.StormUpdate(e.clock.Now()), demo.StormLift(e.clock.Now())}
	e.dies(point{"2 understand", "UPDATE raw_message SET format"}, func(p *process) {
		doc.Document, later = later[0].Body, later[1:]
		_, err := p.do(e.t.Context(), "receive", doc)
		e.unanswered("receive", err)
	})
	e.anew("receive", doc)
	e.is("three documents", 3, "SELECT count(*) FROM raw_message WHERE understood_at IS NOT NULL")
	e.is("three messages", 3, "SELECT count(*) FROM message WHERE raw_id IS NOT NULL")
}

// published: §4 and §5, all or nothing.
func (e *vigil) published() {
	q := request{Key: "publish", Office: e.office, Warning: e.draft(12), Version: 1}
	e.asks(point{"4, 5 publish and ask", "UPDATE warning SET state = 'active'"}, "publish", q)
	e.is("one revision", 1, "SELECT count(*) FROM revision")
	e.is("one target for each site", e.count("SELECT count(*) FROM target"), "SELECT count(*) FROM response")
}

// sent: §6 with its three points. A claim that was lost with its worker is free
// when its lease is over.
func (e *vigil) sent() {
	e.dies(point{"6.1 claim", "WITH ready AS"}, e.settles)
	e.push(lease + 1)
	p := e.one()
	e.door.arm(func() { p.killed() })
	e.settles(p)
	e.note("6.2 handed over, not written")
	e.push(lease + 1)
	e.dies(point{"6.3 written", "INSERT INTO notice_attempt"}, func(p *process) {
		e.push(lease + 1)
		e.settles(p)
	})
	e.push(lease + 1)
	e.undisturbed()
}

// undisturbed lets a replica that nobody disturbs do what is due.
func (e *vigil) undisturbed() {
	e.t.Helper()
	if !e.settle(e.one()) {
		e.t.Fatal("a replica died that nobody killed")
	}
}

// heard: §7. The carrier pushes again what was not answered.
func (e *vigil) heard() {
	for _, at := range []point{{"7 push kept", "INSERT INTO inbound "}, {"7 push taken", "UPDATE inbound SET understood_at"}} {
		e.dies(at, e.untilItDies)
	}
	e.undisturbed()
}

// untilItDies pushes the clock and lets everything happen until the replica dies.
func (e *vigil) untilItDies(p *process) {
	e.t.Helper()
	for range 40 {
		e.push(lease)
		if !e.settle(p) {
			return
		}
	}
	e.t.Fatal("the point was never reached")
}

// climbed: §8.
func (e *vigil) climbed() {
	e.dies(point{"8 climb", "UPDATE duty SET step"}, e.untilItDies)
}

// answered: §7 and §9 by the button: taken, moved, reported, confirmed, verified,
// each once however often it is said.
func (e *vigil) answered() {
	var thread, project uuid.UUID
	err := e.db.Pool().QueryRow(e.t.Context(), `
		SELECT id, project_id FROM response WHERE measure = 'evacuate' AND state IN ('pending', 'delivered', 'read', 'unanswered') ORDER BY id LIMIT 1`).
		Scan(&thread, &project)
	must(e.t, err)
	supervisor := e.user("supervisor", account.Supervisor, postgres.GrantPlace{Project: project})
	authority := e.user("authority", account.DutyOfficer, postgres.GrantPlace{Authority: e.office})
	people, none := 3, 0
	for _, a := range []postgres.Answer{
		{Event: response.Acknowledge, By: officer},
		{Event: response.Move, By: officer},
		{Event: response.Report, By: officer, Safe: &people, Missing: &none, Evidence: []response.Evidence{response.RollCall, response.MusterScan}},
		{Event: response.Confirm, By: supervisor, Evidence: []response.Evidence{response.OnSpot}},
		{Event: response.Verify, By: authority, Evidence: []response.Evidence{response.CallBack, response.OnSpot}},
	} {
		a.EventID, a.Threads, a.At = uuid.New(), []uuid.UUID{thread}, e.clock.Now()
		e.asks(point{"7, 9 " + string(a.Event), "INSERT INTO response_event"}, "give", request{Answer: a})
		e.is("once "+string(a.Event), 1, "SELECT count(*) FROM response_event WHERE response_id = $1 AND event = $2", thread, a.Event)
	}
	e.is("verified", 1, "SELECT count(*) FROM response WHERE id = $1 AND state = 'verified'", thread)
}

func (e *vigil) user(login string, role account.Role, where postgres.GrantPlace) postgres.Actor {
	e.t.Helper()
	id, err := e.db.CreateUser(e.t.Context(), postgres.NewUser{Login: login, Title: login, PasswordHash: "none", Role: role, Place: where}, officer, evening)
	must(e.t, err)
	return postgres.Actor{ID: id, Name: login}
}

// lifted: §10, once, to exactly those who were told.
func (e *vigil) lifted() {
	var q request
	err := e.db.Pool().QueryRow(e.t.Context(), "SELECT id, version FROM warning WHERE state = 'active'").Scan(&q.Warning, &q.Version)
	must(e.t, err)
	q.Key, q.Office = "lift", e.office
	e.asks(point{"10 lift", "UPDATE warning SET state = 'lifted'"}, "lift", q)
	e.is("nobody is under it", 0, "SELECT count(*) FROM response WHERE ended_at IS NULL AND state NOT IN ('inspecting', 'return_allowed')")
	e.undisturbed()
}

// expired: §10 by the clock.
func (e *vigil) expired() {
	e.anew("publish", request{Key: "publish again", Office: e.office, Warning: e.draft(1), Version: 1})
	e.undisturbed()
	e.push(122 * lease)
	e.asks(point{"10 expire", "UPDATE warning SET state = 'expired'"}, "expire", request{})
	e.is("expired", 1, "SELECT count(*) FROM warning WHERE state = 'expired'")
}

// is asserts a number.
func (e *vigil) is(what string, want int, sql string, args ...any) {
	e.t.Helper()
	if got := e.count(sql, args...); got != want {
		e.t.Errorf("%s: %d, want %d", what, got, want)
	}
}
