package killtest

import (
	"fmt"
	"syscall"
	"testing"
)

// The disk is full: the files of two tables cannot grow any more. It is simulated by
// RLIMIT_FSIZE, which needs neither root nor a file system of its own: PostgreSQL
// ignores SIGXFSZ so that a file at its limit is to it what a full disk is ("could
// not extend file"). Two things differ from a full disk: the code is XX000, not 53100,
// and the log (pg_wal) still has room; where it has none the server stops, which is
// TestTheDatabaseIsKilledInTheMiddle.
func TestTheDiskIsFull(t *testing.T) {
	s := newServer(t)
	n := newNight(t, s.app(), crowdOfEvening)
	p := n.start(0, nil)
	n.publish(n.draft(12))

	// Where outcomes are written there is no room: carriers have what we cannot write.
	s.fills("notice_attempt", "(notice_id, epoch, at, outcome) SELECT gen_random_uuid(), 0, now(), 'sent'")
	s.restarted(fullAt)
	tried, settled := make(chan struct{}), make(chan error, 1)
	p.wire.arm(cut{sql: "INSERT INTO notice_attempt", now: true, skip: 2, do: func() bool { close(tried); return true }})
	go func() {
		_, err := p.do(t.Context(), "settle", request{})
		settled <- err
	}()
	<-tried // a third time
	taken, written := len(n.carrier.HandOvers()), n.count("SELECT count(*) FROM notice_attempt")
	if taken == 0 || written > 0 {
		t.Errorf("the carrier took %d, %d outcomes were written: the disk was not full", taken, written)
	}
	s.restarted(unlimited)
	if err := <-settled; err != nil {
		t.Error("the replica did not live to see room again:", err)
	}
	n.db.Pool().Reset()
	n.rest(4 * restStep)

	// Where a warning is published there is no room: all or nothing.
	s.fills("summons_target", "(summons_id, response_id, rung) SELECT gen_random_uuid(), gen_random_uuid(), 0")
	s.restarted(fullAt)
	n.db.Pool().Reset()
	draft := n.draft(12)
	before := n.tally()
	_, err := p.do(t.Context(), "publish", request{Key: "full", Office: n.office, Warning: draft, Version: 1})
	if err == nil {
		t.Error("a warning was published on a full disk")
	}
	t.Log("publishing says:", err)
	if after := n.tally(); after.targets != before.targets || after.threads != before.threads || after.notices != before.notices {
		t.Errorf("half of a warning was written: %+v, before %+v", after, before)
	}
	s.restarted(unlimited)
	n.db.Pool().Reset()
	n.anew("publish", request{Key: "full", Office: n.office, Warning: draft, Version: 1})
	n.rest(4 * restStep)
	t.Logf("handed over while nothing could be written: %d", taken)
	n.audit().print(n)
}

const (
	fullAt    = 17 << 20 // bytes; a segment of the log has 16 MiB and must have room
	unlimited = ^uint64(0)
)

// fills lets a table's file grow to the size at which the disk is full, to the last
// row that its last page takes: as many as the page before. What fills it is rolled
// back and never cleaned up.
func (s *server) fills(table, row string) {
	s.t.Helper()
	s.do(fmt.Sprintf(`
		DO $do$
		DECLARE at tid; page bigint; item int; most int := 0; last CONSTANT bigint := %[2]d / current_setting('block_size')::int - 1;
		BEGIN
		    WHILE pg_relation_size('%[1]s') < %[2]d - 65536 LOOP INSERT INTO %[1]s %[3]s FROM generate_series(1, 100); END LOOP;
		    LOOP
		        INSERT INTO %[1]s %[3]s RETURNING ctid INTO at;
		        page := split_part(trim('()' FROM at::text), ',', 1)::bigint;
		        item := split_part(trim('()' FROM at::text), ',', 2)::int;
		        EXIT WHEN page = last AND item = most;
		        most := CASE WHEN page < last THEN greatest(most, item) ELSE most END;
		    END LOOP;
		    RAISE EXCEPTION 'roll back' USING ERRCODE = 'ZZ001';
		EXCEPTION WHEN SQLSTATE 'ZZ001' THEN NULL;
		END $do$`, table, fullAt, row))
}

// restarted starts the server anew with a limit to the size of its files.
func (s *server) restarted(limit uint64) {
	s.t.Helper()
	_ = s.cluster.Stop()
	var was syscall.Rlimit
	must(s.t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was))
	must(s.t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: min(limit, was.Max), Max: was.Max}))
	err := s.start()
	must(s.t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was))
	must(s.t, err)
}
