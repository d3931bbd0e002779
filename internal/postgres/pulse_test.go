package postgres_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
)

// machineRoom is a valley in which things are broken and mended by hand.
type machineRoom struct {
	*testing.T
	db  *postgres.DB
	dsn pgtest.Database
	at  time.Time
}

func newMachineRoom(t *testing.T) *machineRoom {
	t.Helper()
	d := valley.World.Clone(t)
	db, err := postgres.Open(t.Context(), d.AppDSN, 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return &machineRoom{t, db, d, valley.Evening}
}

func (m *machineRoom) do(sql string, args ...any) {
	m.Helper()
	if _, err := m.db.Pool().Exec(m.Context(), sql, args...); err != nil {
		m.Fatalf("%s: %v", sql, err)
	}
}

func (m *machineRoom) asOwner(sql string) {
	m.Helper()
	conn, err := pgx.Connect(m.Context(), m.dsn.OwnerDSN)
	if err != nil {
		m.Fatal(err)
	}
	defer conn.Close(m.Context())
	if _, err := conn.Exec(m.Context(), sql); err != nil {
		m.Fatalf("%s: %v", sql, err)
	}
}

// found judges the pulse, but for the clock: the valley's is not the machine's.
func (m *machineRoom) found() []response.Finding {
	m.Helper()
	p, err := m.db.Pulse(m.Context(), response.DefaultLimits.Window, m.at)
	if err != nil {
		m.Fatal(err)
	}
	p.Skew = 0
	return response.Judge(p, response.DefaultLimits)
}

// expect fails unless exactly the given findings are found, written code:subject.
func (m *machineRoom) expect(when string, want ...string) {
	m.Helper()
	var got []string
	for _, f := range m.found() {
		got = append(got, strings.TrimSuffix(string(f.Code)+":"+f.Subject, ":"))
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		m.Errorf("%s: found %v, want %v", when, got, want)
	}
}

func (m *machineRoom) ago(d time.Duration) time.Time { return m.at.Add(-d) }

// account makes a contract for SMS.
func (m *machineRoom) account(name, mode string) uuid.UUID {
	id := valley.ID("account " + name + mode)
	m.do(`INSERT INTO channel_account (id, mode, channel, provider, name, secrets_sealed, recorded_at) VALUES ($1, $2, 'sms', 'http', $3, '', $4)`,
		id, mode, name, m.at)
	return id
}

// notice writes an SMS that was ready at an instant and due 5 seconds later.
func (m *machineRoom) notice(name, mode string, ready time.Time) uuid.UUID {
	m.Helper()
	id := valley.ID("notice " + name)
	m.do(`INSERT INTO notice (id, mode, kind, party_kind, party_id, rung, round, channel, priority, wording, created_at, due_at, next_at)
		VALUES ($1, $2, 'alert', 'person', $1, 0, 1, 'sms', 10, '{}', $3, $3::timestamptz + interval '5 seconds', $3)`, id, mode, ready)
	return id
}

func TestAQuietMachineHasNothingToSay(t *testing.T) {
	m := newMachineRoom(t)
	m.account("短信", "actual")
	m.notice("just now", "actual", m.at)
	m.expect("in good order")
}

func TestNoticesThatDoNotLeaveAreFound(t *testing.T) {
	m := newMachineRoom(t)
	m.account("短信", "actual")
	m.account("短信", "exercise")
	m.notice("a", "exercise", m.ago(6*time.Minute))
	id := m.notice("b", "actual", m.ago(time.Minute))
	m.expect("queued", "notice_overdue:actual/sms", "notice_overdue:exercise/sms", "queue_old:exercise/sms")
	m.do("UPDATE notice SET state = 'sending', lease_until = $2 WHERE id = $1", id, m.ago(90*time.Second))
	m.expect("left behind", "lease_over:actual/sms", "notice_overdue:actual/sms", "notice_overdue:exercise/sms", "queue_old:exercise/sms")
	m.do("UPDATE notice SET state = 'sent', lease_until = NULL WHERE id = $1", id)
	m.do("UPDATE notice SET state = 'superseded' WHERE mode = 'exercise'")
	m.expect("sent")
}

func TestRefusedNoticesAreFoundWhenTheyAreMany(t *testing.T) {
	m := newMachineRoom(t)
	m.account("短信", "actual")
	refuse := func(name, code string) {
		id := m.notice(name, "actual", m.ago(time.Minute))
		m.do("UPDATE notice SET state = 'sending', lease_until = $2 WHERE id = $1", id, m.at)
		m.do("UPDATE notice SET state = 'failed_now', lease_until = NULL, reason_code = $2, next_at = $3 WHERE id = $1", id, code, m.at.Add(time.Minute))
	}
	for _, name := range []string{"1", "2", "3", "4"} {
		refuse(name, "busy")
		refuse("interval "+name, "wait")
	}
	m.expect("four, and four that wait for their number's interval")
	refuse("5", "busy")
	m.expect("five", "notice_retrying:actual/sms")
	m.do("UPDATE notice SET state = 'failed' WHERE reason_code = 'busy'")
	m.expect("given up")
}

func TestNoticesWithoutAnAccountAreFound(t *testing.T) {
	m := newMachineRoom(t)
	m.account("演练短信", "exercise")
	m.notice("a", "actual", m.at)
	m.expect("an account for drills only", "channel_missing:actual/sms")
	id := m.account("短信", "actual")
	m.expect("with an account")
	m.do("UPDATE channel_account SET disabled_at = $2 WHERE id = $1", id, m.at)
	m.expect("with a disabled one", "channel_missing:actual/sms")
}

func TestAFailingAccountIsFound(t *testing.T) {
	m := newMachineRoom(t)
	good, bad := m.account("好", "actual"), m.account("坏", "actual")
	try := func(account uuid.UUID, name, outcome string, at time.Time) {
		id := m.notice(name, "actual", at)
		m.do("UPDATE notice SET state = 'superseded', account_id = $2 WHERE id = $1", id, account)
		m.do("INSERT INTO notice_attempt (notice_id, epoch, at, outcome) VALUES ($1, 1, $2, $3)", id, at, outcome)
	}
	for _, n := range []string{"1", "2", "3"} {
		try(bad, "bad"+n, "failed_now", m.ago(time.Minute))
		try(good, "good"+n, "sent", m.ago(time.Minute))
	}
	m.expect("too few to judge")
	try(bad, "bad4", "sent", m.ago(time.Minute))
	try(bad, "bad5", "failed", m.ago(time.Minute))
	try(good, "good4", "failed", m.ago(time.Minute))
	try(good, "good5", "sent", m.ago(time.Minute))
	m.expect("four of five", "channel_failing:"+bad.String())
	m.at = m.at.Add(5 * time.Minute)
	m.expect("five minutes later")
}

func TestClocksThatNobodyLooksAtAreFound(t *testing.T) {
	m := newMachineRoom(t)
	m.do(`INSERT INTO duty (id, mode, kind, subject_kind, subject_id, opened_at, due_at, next_at)
		VALUES ($1, 'actual', 'acknowledge', 'response', $1, $2, $2, $2)`, valley.ID("duty"), m.ago(61*time.Second))
	m.expect("a minute late", "climb_stopped")
	m.do("UPDATE duty SET next_at = $1", m.at.Add(time.Minute))
	m.expect("looked at")
	m.asOwner(`DO $$ DECLARE c text; BEGIN
		FOR c IN SELECT conname FROM pg_constraint WHERE conrelid = 'duty'::regclass AND pg_get_constraintdef(oid) LIKE '%next_at%' LOOP
			EXECUTE format('ALTER TABLE duty DROP CONSTRAINT %I', c);
		END LOOP; END $$`)
	m.do("UPDATE duty SET next_at = NULL")
	m.expect("forgotten", "duty_unchecked")
	m.do("UPDATE duty SET state = 'done', ended_at = $1", m.at)
	m.expect("done")
}

func TestWhatCameInAndWasNotReadIsFound(t *testing.T) {
	m := newMachineRoom(t)
	id := valley.ID("push")
	m.do("INSERT INTO inbound (id, received_at, body_sealed, body_hash) VALUES ($1, $2, '', '')", id, m.ago(2*time.Minute))
	if _, _, err := m.db.StoreRaw(m.Context(), valley.CountyFeed, "", []byte("x"), m.ago(2*time.Minute)); err != nil {
		t.Fatal(err)
	}
	m.expect("kept", "document_unread", "push_unread")
	m.do("UPDATE inbound SET understood_at = $1", m.at)
	m.do("UPDATE raw_message SET understood_at = $1", m.at)
	m.expect("read")
}

func TestRepliesWaitingForTheDeskAreFoundInALiveWarning(t *testing.T) {
	m := newMachineRoom(t)
	id := valley.ID("push")
	m.do("INSERT INTO inbound (id, received_at, body_sealed, body_hash, understood_at) VALUES ($1, $2, '', '', $2)", id, m.ago(6*time.Minute))
	m.do("INSERT INTO inbound_event (inbound_id, seq, kind, at, verdict) VALUES ($1, 0, 'reply', $2, 'ambiguous')", id, m.at.AddDate(-1, 0, 0))
	m.expect("in peace")
	m.warning("w", "active", "exercise", "red", m.at)
	m.expect("in a drill")
	m.warning("v", "active", "actual", "red", m.at)
	m.staffed("石棉局")
	m.expect("under a live warning", "reply_waiting")
	m.do("UPDATE inbound_event SET seen_at = $1", m.at)
	m.expect("seen")
}

// warning writes one of 石棉局 that ends an hour from now.
func (m *machineRoom) warning(name, state, mode, level string, created time.Time) uuid.UUID {
	m.Helper()
	id := valley.ID("warning " + name)
	var published *time.Time
	if state == "active" {
		published = &created
	}
	m.do(`INSERT INTO warning (id, mode, state, kind, authority_id, hazard, level, title, basis, expires, created_at, published_at)
		VALUES ($1, $2, $3, 'instruction', $4, 'rain', $5, $6, '示例', $7, $8, $9)`,
		id, mode, state, valley.ID("石棉局"), level, name, m.at.Add(time.Hour), created, published)
	return id
}

// staffed puts somebody on tonight's roster.
func (m *machineRoom) staffed(authority string) {
	m.Helper()
	m.do(`INSERT INTO duty_roster (id, unit_kind, unit_id, role, person_id, valid_from, valid_until, recorded_at)
		VALUES ($1, 'authority', $2, 'duty_officer', $3, $4, $5, $4)`,
		valley.ID("roster "+authority), valley.ID(authority), valley.ID(valley.NameOfLead), m.ago(time.Hour), m.at.Add(12*time.Hour))
}

func TestWarningsPastTheirTimeAreFound(t *testing.T) {
	m := newMachineRoom(t)
	m.staffed("石棉局")
	m.warning("w", "active", "actual", "red", m.at)
	m.at = m.at.Add(time.Hour + 61*time.Second)
	m.expect("nobody ended it", "expiry_stopped")
	m.do("UPDATE warning SET state = 'expired', closed_at = $1", m.at)
	m.expect("ended")
}

func TestDraftsThatWaitAreFound(t *testing.T) {
	m := newMachineRoom(t)
	red := m.warning("red", "draft", "actual", "red", m.ago(11*time.Minute))
	m.warning("young", "draft", "actual", "orange", m.ago(9*time.Minute))
	m.warning("blue", "draft", "actual", "blue", m.ago(11*time.Minute))
	m.warning("drill", "draft", "exercise", "red", m.ago(11*time.Minute))
	m.expect("eleven minutes old", "draft_waiting:"+red.String())
	m.do("UPDATE warning SET state = 'discarded', closed_at = $2 WHERE id = $1", red, m.at)
	m.expect("put away")
}

func TestAuthoritiesWithNobodyOnDutyAreFound(t *testing.T) {
	m := newMachineRoom(t)
	m.staffed("石棉局")
	w := m.warning("w", "active", "actual", "red", m.at)
	m.expect("the publisher is on duty, no site is under it")
	m.target(w, valley.Yard) // in 甘洛, of a project that 雅安局 supervises
	m.staffed("省厅")
	m.expect("a site", "roster_empty:"+valley.ID("凉山局").String(), "roster_empty:"+valley.ID("雅安局").String())
	m.staffed("凉山局")
	m.staffed("雅安局")
	m.expect("all on duty")
	m.at = m.at.Add(13 * time.Hour)
	m.do("UPDATE warning SET expires = $1", m.at.Add(time.Hour))
	for _, name := range []string{"省厅", "雅安局", "石棉局", "凉山局"} {
		m.do("UPDATE duty_roster SET valid_until = $2 WHERE unit_id = $1 AND unit_id <> $3", valley.ID(name), m.at.Add(time.Hour), valley.ID("石棉局"))
	}
	m.expect("the publisher's shift is over", "roster_empty:"+valley.ID("石棉局").String())
	m.do("UPDATE warning SET state = 'lifted', closed_at = $1", m.at)
	m.expect("lifted")
}

// target puts a site under a warning's first revision.
func (m *machineRoom) target(warning uuid.UUID, site string) {
	m.Helper()
	m.do(`INSERT INTO revision (warning_id, mode, number, at, level, title, note, expires, policy_id, rules_id)
		SELECT w.id, w.mode, 1, w.created_at, w.level, w.title, '', w.expires, p.id, p.id FROM warning w, policy p WHERE w.id = $1 LIMIT 1`, warning)
	m.do(`INSERT INTO target (id, warning_id, mode, site_id, from_revision, level, measure, certain, matched_by, reasons, site_name, region,
			project_id, section_id, people_certain, people_possible, people_expected, counted_at, responsible)
		SELECT $3, $1, 'actual', s.id, 1, 'red', 'evacuate', true, '{}', '[]', s.name, s.region, s.project_id, s.section_id, 0, 0, 0, $4, '{}'
		FROM site s WHERE s.id = $2`, warning, valley.ID(site), valley.ID("target "+site), m.at)
}

func TestASilentFeedIsFound(t *testing.T) {
	m := newMachineRoom(t)
	hear := func(at time.Time) {
		t.Helper()
		id, _, err := m.db.StoreRaw(m.Context(), valley.NationFeed, "", []byte("all quiet"), at)
		if err != nil {
			t.Fatal(err)
		}
		m.do("UPDATE raw_message SET understood_at = $2 WHERE id = $1", id, at)
	}
	m.at = m.at.Add(time.Hour)
	m.expect("not watched")
	if err := m.db.WatchFeed(m.Context(), valley.NationFeed, 10*time.Minute); err != nil {
		t.Fatal(err)
	}
	m.expect("never heard", "feed_silent:"+valley.NationFeed)
	hear(m.at)
	m.expect("heard")
	m.at = m.at.Add(11 * time.Minute)
	m.expect("eleven minutes later", "feed_silent:"+valley.NationFeed)
	hear(m.at)
	m.expect("the same bytes again are a sound too")
	if err := m.db.WatchFeed(m.Context(), valley.NationFeed, 0); err != nil {
		t.Fatal(err)
	}
	m.at = m.at.Add(time.Hour)
	m.expect("not watched any more")
	if err := m.db.WatchFeed(m.Context(), "nobody", time.Hour); !errs.Is(err, errs.NotFound) {
		t.Errorf("a feed that is not there: %v", err)
	}
}

func TestThePulseSaysWhenItCannotSee(t *testing.T) {
	m := newMachineRoom(t)
	p, err := m.db.Pulse(m.Context(), time.Minute, m.at)
	if err != nil || p.Skew.Abs() < time.Hour {
		t.Errorf("the valley's clock differs by %s: %v", p.Skew, err)
	}
	m.asOwner("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)")
	_, err = m.db.Pulse(m.Context(), time.Minute, m.at)
	if f := response.Blind(err); f.Code != response.SchemaDiffers {
		t.Errorf("a newer schema: %v, %v", f, err)
	}
	m.db.Close()
	_, err = m.db.Pulse(m.Context(), time.Minute, m.at)
	if f := response.Blind(err); f.Code != response.DatabaseDown {
		t.Errorf("no database: %v, %v", f, err)
	}
}
