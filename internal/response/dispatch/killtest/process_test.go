package killtest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a replica that runs.
type process struct {
	n    *night
	cmd  *exec.Cmd
	wire *wire
	url  string
	dead chan struct{} // closed when it has ended
	// Closed when it stands still, and when it may go on.
	held, freed chan struct{}
}

// start runs a replica and gives it when it is ready; nil when it was killed, or
// gave up, before. Prepare may arm its wire.
func (n *night) start(parallel int, prepare func(*process)) *process {
	n.t.Helper()
	p := &process{n: n, wire: newWire(n.t, n.socket), dead: make(chan struct{}), held: make(chan struct{}), freed: make(chan struct{})}
	o := orders{DSN: at(n.dsn, p.wire.dir), Ring: ring, Clock: n.clock.file.Name(), Parallel: parallel}
	said, err := json.Marshal(o)
	must(n.t, err)
	p.cmd = exec.Command(os.Args[0])
	p.cmd.Env = append(os.Environ(), ordersEnv+"="+string(said))
	p.cmd.Stderr = n.t.Output()
	_, err = p.cmd.StdinPipe() // it ends with us
	must(n.t, err)
	out, err := p.cmd.StdoutPipe()
	must(n.t, err)
	must(n.t, p.cmd.Start())
	if prepare != nil {
		prepare(p)
	}
	first, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		p.end()
		return nil
	}
	p.url = strings.TrimSpace(first)
	n.mu.Lock()
	n.alive[p] = true
	n.mu.Unlock()
	go p.end()
	return p
}

// end waits for the end.
func (p *process) end() {
	_ = p.cmd.Wait()
	p.wire.close()
	p.n.mu.Lock()
	delete(p.n.alive, p)
	p.n.mu.Unlock()
	close(p.dead)
}

// kill is kill -9.
func (p *process) kill() bool {
	_ = p.cmd.Process.Signal(syscall.SIGKILL)
	return false
}

// killed kills it and waits until it is gone.
func (p *process) killed() {
	p.kill()
	<-p.dead
}

// pause stops it where it is (SIGSTOP); the talk goes on without it.
func (p *process) pause() bool {
	_ = p.cmd.Process.Signal(syscall.SIGSTOP)
	close(p.held)
	return true
}

// goOn lets it work again.
func (p *process) goOn() {
	_ = p.cmd.Process.Signal(syscall.SIGCONT)
	close(p.freed)
}

// do lets the replica do an act. Refused is what it said no to; any other error
// means that nobody knows whether it was done.
func (p *process) do(ctx context.Context, act string, q request) (int, error) {
	body, err := json.Marshal(q)
	must(p.n.t, err)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+"/do/"+act, bytes.NewReader(body))
	must(p.n.t, err)
	resp, err := acts.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err
	}
	if resp.StatusCode != http.StatusOK {
		return 0, refused{resp.StatusCode, fmt.Sprintf("%s: %d %s", act, resp.StatusCode, answer)}
	}
	return strconv.Atoi(string(answer))
}

// refused is an answer that says no.
type refused struct {
	status int
	text   string
}

func (r refused) Error() string { return r.text }

// later is an answer that says "not now": the database was away a moment ago, and a
// connection that broke meanwhile is found out when it is used.
func later(err error) bool {
	no, said := errors.AsType[refused](err)
	return said && no.status == http.StatusServiceUnavailable
}

var acts = &http.Client{Timeout: time.Minute, Transport: &http.Transport{DisableKeepAlives: true}}

// at is a connection string through another socket directory.
func at(dsn, dir string) string {
	parts := strings.Fields(dsn)
	for i, part := range parts {
		if strings.HasPrefix(part, "host=") {
			parts[i] = "host=" + dir
		}
	}
	return strings.Join(parts, " ")
}

// socketOf is the socket directory in a connection string.
func socketOf(dsn string) string {
	for part := range strings.FieldsSeq(dsn) {
		if dir, found := strings.CutPrefix(part, "host="); found {
			return filepath.Clean(dir)
		}
	}
	return ""
}
