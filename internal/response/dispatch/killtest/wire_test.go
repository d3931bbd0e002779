package killtest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// cut says where in the talk with the database something happens.
type cut struct {
	sql   string      // a piece of the statement that marks the transaction; empty: none does
	skip  int         // how many of them pass before
	now   bool        // at the statement itself, not at the end of its transaction
	words int         // at this statement it happens whatever it is; 0: waits for sql
	after bool        // when the database has done it and its word is on the way; else before it hears of it
	do    func() bool // what happens; the talk goes on only when it says so
}

// wire is a replica's way to the database. It forwards the messages of PostgreSQL's
// protocol (version 3.0, "Message Formats") one by one.
type wire struct {
	dir, server string
	listener    net.Listener
	mu          sync.Mutex
	cut         *cut
}

const socketName = ".s.PGSQL.5432"

// newWire stretches a wire to the server that listens in a socket directory.
func newWire(t testing.TB, server string) *wire {
	t.Helper()
	dir, err := os.MkdirTemp("", "killwire-")
	must(t, err)
	listener, err := net.Listen("unix", filepath.Join(dir, socketName))
	must(t, err)
	w := &wire{dir: dir, server: filepath.Join(server, socketName), listener: listener}
	go w.accept()
	return w
}

func (w *wire) close() {
	_ = w.listener.Close()
	_ = os.RemoveAll(w.dir)
}

// arm sets the next cut; it happens once.
func (w *wire) arm(c cut) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = &c
}

func (w *wire) accept() {
	for {
		near, err := w.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("unix", w.server)
		if err != nil {
			_ = near.Close()
			continue
		}
		l := &line{wire: w, near: near, far: far, names: map[string]string{}}
		go l.ask()
		go l.hear()
	}
}

// line is one connection.
type line struct {
	*wire
	near, far net.Conn
	names     map[string]string // of prepared statements
	inside    bool              // a transaction
	marked    bool              // the transaction is the one that is waited for
	awaited   *cut              // to happen when the answer is there
}

func (l *line) hangUp() {
	_ = l.near.Close()
	_ = l.far.Close()
}

// ask forwards what the replica says.
func (l *line) ask() {
	defer l.hangUp()
	in := bufio.NewReader(l.near)
	hello, err := message(in, 0)
	if err != nil {
		return
	}
	for {
		if _, err := l.far.Write(hello); err != nil {
			return
		}
		if hello, err = message(in, 1); err != nil {
			return
		}
		if c := l.sees(hello); c != nil && !c.do() {
			return
		}
	}
}

// hear forwards what the database says.
func (l *line) hear() {
	defer l.hangUp()
	in := bufio.NewReader(l.far)
	for {
		m, err := message(in, 1)
		if err != nil {
			return
		}
		if c := l.hears(m); c != nil && !c.do() {
			return
		}
		if _, err := l.near.Write(m); err != nil {
			return
		}
	}
}

// message reads one message; head is the length of what stands before its length.
func message(r io.Reader, head int) ([]byte, error) {
	m := make([]byte, head+4)
	if _, err := io.ReadFull(r, m); err != nil {
		return nil, err
	}
	rest := make([]byte, binary.BigEndian.Uint32(m[head:])-4)
	_, err := io.ReadFull(r, rest)
	return append(m, rest...), err
}

// sees says which cut comes before a message is forwarded.
func (l *line) sees(m []byte) *cut {
	l.mu.Lock()
	defer l.mu.Unlock()
	sql := l.statement(m)
	if sql == "" || l.cut == nil {
		return nil
	}
	c := l.cut
	c.words--
	if c.words != 0 && !l.reached(sql) {
		return nil
	}
	if c.words != 0 && c.skip > 0 {
		c.skip--
		return nil
	}
	l.cut = nil
	if c.after {
		l.awaited = c
		return nil
	}
	return c
}

// statement is the SQL that a message runs; Parse ('P') only names it.
func (l *line) statement(m []byte) string {
	part := bytes.SplitN(m[5:], []byte{0}, 3)
	switch {
	case m[0] == 'Q':
		return string(part[0])
	case m[0] == 'P' && len(part) > 1:
		l.names[string(part[0])] = string(part[1])
	case m[0] == 'B' && len(part) > 1: // the portal, then the statement
		return l.names[string(part[1])]
	}
	return ""
}

// reached: inside a transaction the place is its end, else the statement itself.
func (l *line) reached(sql string) bool {
	found := l.cut.sql != "" && strings.Contains(sql, l.cut.sql)
	switch {
	case sql == "commit" || sql == "rollback":
		ends := l.marked && sql == "commit"
		l.marked = false
		return ends
	case found && l.inside && !l.cut.now:
		l.marked = true
		return false
	}
	return found
}

// hears says which cut comes before an answer is forwarded. ReadyForQuery ('Z')
// ends each answer and says whether a transaction is open.
func (l *line) hears(m []byte) *cut {
	if m[0] != 'Z' {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inside = m[5] != 'I'
	c := l.awaited
	l.awaited = nil
	return c
}
