package simulate

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// zkteco is an attendance terminal with push (devices.md §2.3): it takes its
// options and its clock from the server, sends tables until they are counted
// right, and asks what to do.
type zkteco struct {
	Config
	memory
	ready  bool
	behind time.Duration // what the server's Date said about the own clock
	Did    []string      // the commands that it was given
}

// Send implements Device.
func (z *zkteco) Send(ctx context.Context) error {
	if !z.ready {
		if err := z.handshake(ctx); err != nil {
			return err
		}
	}
	err := z.send(z.Batch, func(batch []seen) error {
		var b strings.Builder
		for _, s := range batch {
			fmt.Fprintf(&b, "%s\t%s\t%s\t15\t\t0\t0\n", s.Who, wall(s.At), way(s.Out, "0", "1"))
		}
		return z.upload(ctx, "ATTLOG", b.String(), len(batch))
	})
	if err != nil {
		return err
	}
	face := "FACE PIN=1\tFID=0\tSIZE=400\tVALID=1\tTMP=" + picture(1) + "\n"
	if err := z.upload(ctx, "OPERLOG", "OPLOG 4\t14\t"+wall(z.Clock.Now().Add(z.behind))+"\t0\t0\t0\t0\n"+face, 2); err != nil {
		return err
	}
	return z.obey(ctx)
}

func (z *zkteco) page(name string, q url.Values) string {
	q.Set("SN", z.Serial)
	return strings.TrimSuffix(z.URL, "/") + "/iclock/" + name + "?" + q.Encode()
}

// handshake asks for the options; a terminal starts only when they are its own.
func (z *zkteco) handshake(ctx context.Context) error {
	q := url.Values{"options": {"all"}, "language": {"83"}, "pushver": {"2.4.1"}, "DeviceType": {"att"}}
	answer, text, err := exchange(ctx, z.HTTP, "GET", z.page("cdata", q), "", nil, nil)
	if err != nil {
		return err
	}
	if answer.StatusCode != 200 || !strings.HasPrefix(string(text), "GET OPTION FROM: "+z.Serial) || !strings.Contains(string(text), "TimeZone=8") {
		return refused(answer.StatusCode, text)
	}
	date, err := http.ParseTime(answer.Header.Get("Date"))
	if err != nil {
		return fmt.Errorf("the answer has no Date to set the clock by: %w", err)
	}
	z.behind, z.ready = date.Sub(z.Clock.Now()), true
	return nil
}

// upload sends a table; anything but the right count is no acknowledgement.
func (z *zkteco) upload(ctx context.Context, table, body string, lines int) error {
	answer, text, err := exchange(ctx, z.HTTP, "POST", z.page("cdata", url.Values{"table": {table}, "Stamp": {"9999"}}), "text/plain", []byte(body), nil)
	if err != nil {
		return err
	}
	count, said := strings.CutPrefix(strings.TrimSpace(string(text)), "OK:")
	if n, err := strconv.Atoi(strings.TrimSpace(count)); !said || err != nil || n != lines || answer.StatusCode != 200 {
		return refused(answer.StatusCode, text)
	}
	return nil
}

// obey asks for commands and says that they were done.
func (z *zkteco) obey(ctx context.Context) error {
	answer, text, err := exchange(ctx, z.HTTP, "GET", z.page("getrequest", url.Values{}), "", nil, nil)
	if err != nil {
		return err
	}
	if answer.StatusCode != 200 {
		return refused(answer.StatusCode, text)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		f := strings.SplitN(line, ":", 3)
		if len(f) < 3 || f[0] != "C" {
			continue
		}
		z.Did = append(z.Did, f[2])
		word, _, _ := strings.Cut(f[2], " ")
		if _, _, err := exchange(ctx, z.HTTP, "POST", z.page("devicecmd", url.Values{}), "text/plain", []byte("ID="+f[1]+"&Return=0&CMD="+word), nil); err != nil {
			return err
		}
	}
	return nil
}
