package gate_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"muster/internal/errs"
	"muster/internal/reftest"
	"muster/internal/roster"
	"muster/internal/roster/gate"
	"muster/internal/roster/gate/gatetest"
)

const zkSerial = "TEST20260001"

func zkHouse(t *testing.T) *house {
	return open(t, gate.ZKTeco, func(r *gatetest.Registered) { r.Serial, r.Bare = zkSerial, true })
}

// play sends a recorded request as it is.
func (h *house) play(file string) (*http.Response, string, bool) {
	h.t.Helper()
	raw, ok := reftest.Read(h.t, "devices/"+file)
	if !ok {
		return nil, "", false
	}
	head, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(append(head, "\r\n\r\n"...))))
	if err != nil {
		h.t.Fatal(err)
	}
	w := httptest.NewRecorder()
	out := httptest.NewRequestWithContext(h.t.Context(), r.Method, r.RequestURI, bytes.NewReader(body))
	out.Header = r.Header
	gate.Handler(h.door, gatetest.Options(h.clock)).ServeHTTP(w, out)
	answer := w.Result()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return answer, string(text), true
}

func TestTheHandshakeOfAttendance(t *testing.T) {
	h := zkHouse(t)
	answer, text, ok := h.play("zk/01-cdata-options.request.txt")
	if !ok {
		return
	}
	if got := answer.Header.Get("Date"); got != "Fri, 13 Mar 2026 23:04:04 GMT" {
		t.Error("the terminal's clock is set to", got)
	}
	recorded, _ := reftest.Read(t, "devices/zk/02-cdata-options.response.txt")
	_, body, _ := strings.Cut(string(recorded), "\r\n\r\n")
	for _, line := range strings.Split(strings.TrimSpace(body), "\n") {
		name, _, _ := strings.Cut(strings.TrimSpace(line), "=")
		if !strings.Contains(text, name) {
			t.Errorf("no %s in the answer", name)
		}
	}
	if !strings.HasPrefix(text, "GET OPTION FROM: "+zkSerial+"\n") || !strings.Contains(text, "\nTimeZone=8\n") || strings.Contains(text, "Photo\n") {
		t.Error(text)
	}
	if b := h.door.Beats[0]; b.Serial != zkSerial {
		t.Errorf("%+v", b)
	}
}

func TestRecordedUploads(t *testing.T) {
	h := zkHouse(t)
	_, text, ok := h.play("zk/03-attlog.request.txt")
	if !ok {
		return
	}
	want, _ := reftest.Read(t, "devices/zk/04-attlog.response.txt")
	if text != string(want) {
		t.Errorf("%q, want %q", text, want)
	}
	if p := h.passes(); len(p) != 2 || len(h.kept()) != 0 {
		t.Errorf("a line came twice: %d passes, %v", len(p), h.kept())
	}
	if _, text, _ := h.play("zk/05-operlog.request.txt"); text != "OK:2" {
		t.Error(text)
	}
}

func TestAccessControl(t *testing.T) {
	h := open(t, gate.ZKTeco, func(r *gatetest.Registered) { r.Serial, r.Bare = "TEST20260002", true })
	_, text := h.send("GET", "/iclock/cdata?SN=TEST20260002&options=all&pushver=3.1.2&DeviceType=acc", "", nil)
	if !strings.HasPrefix(text, "registry=ok\nRegistryCode=") || !strings.Contains(text, "TimeoutSec=10") {
		t.Fatal(text)
	}
	code := strings.TrimPrefix(strings.Split(text, "\n")[1], "RegistryCode=")
	if _, text := h.post("/iclock/registry?SN=TEST20260002", "text/plain", []byte("DeviceType=acc,~DeviceName=F18,FirmVer=1.2")); text != "RegistryCode="+code || len(code) > 32 {
		t.Error(text)
	}
	if b := h.door.Beats[1]; b.Model != "F18" || b.Firmware != "1.2" {
		t.Errorf("%+v", b)
	}
	if _, text := h.post("/iclock/push?SN=TEST20260002", "text/plain", nil); !strings.Contains(text, "ServerVersion=") {
		t.Error(text)
	}
	if _, _, ok := h.play("zk/08-acc-rtlog.request.txt"); !ok {
		return
	}
	p := h.passes()
	if len(p) != 1 || p[0].Key != "21" || p[0].Person.Code != "10023" || p[0].Direction != roster.In || p[0].Method != gate.Face {
		t.Errorf("%+v", p)
	}
	h.post("/iclock/cdata?SN=TEST20260002&table=rtlog", "text/plain", []byte("time=2026-03-14 07:04:03\tpin=10024\tevent=23\tindex=22\ntime=2026-03-14 07:04:03\tpin=0\tcardno=77\tevent=0\tinoutstatus=1\tindex=23\nnonsense\n"))
	if p, kept := h.passes(), h.kept(); len(p) != 2 || len(kept) != 1 {
		t.Error(len(p), kept)
	}
}

func TestOrders(t *testing.T) {
	h := zkHouse(t)
	h.door.Commands = []gate.Order{{ID: 1001, Kind: gate.Unlock}, {ID: 1002, Kind: gate.SendPasses, From: seven.Add(-24 * time.Hour), To: seven}, {ID: 1003, Kind: "shell"}}
	_, text := h.send("GET", "/iclock/getrequest?SN="+zkSerial+"&INFO=Ver%206.60,10,20", "", nil)
	if want := "C:1001:AC_UNLOCK\nC:1002:DATA QUERY ATTLOG StartTime=2026-03-13 07:04:04\tEndTime=2026-03-14 07:04:04\n"; text != want {
		t.Errorf("%q", text)
	}
	if b := h.door.Beats[0]; b.Firmware != "Ver6.60" {
		t.Errorf("%+v", b)
	}
	if _, text := h.post("/iclock/devicecmd?SN="+zkSerial, "text/plain", []byte("ID=1001&Return=0&CMD=DATA\nID=1002&Return=-1&CMD=DATA\nx\n")); text != "OK" {
		t.Error(text)
	}
	if h.door.Dones[1001] != 0 || h.door.Dones[1002] != -1 || len(h.door.Dones) != 2 {
		t.Error(h.door.Dones)
	}
	if _, text := h.send("GET", "/iclock/getrequest?SN="+zkSerial, "", nil); text != "OK" {
		t.Error(text)
	}
	if _, text := h.send("GET", "/iclock/ping?SN="+zkSerial, "", nil); text != "OK" {
		t.Error(text)
	}
}

func TestABacklogOfFiveThousandLines(t *testing.T) {
	h := zkHouse(t)
	var b strings.Builder
	for i := range 5000 {
		at := seven.Add(-time.Duration(i) * time.Minute).In(time.FixedZone("", 8*3600))
		fmt.Fprintf(&b, "%d\t%s\t%d\t15\t\t0\t0\r\n", 10000+i%300, at.Format(time.DateTime), i%2)
	}
	b.WriteString("half a li")
	if _, text := h.post("/iclock/cdata.aspx?SN="+zkSerial+"&table=ATTLOG&Stamp=1", "text/plain", []byte(b.String())); text != "OK:5001" {
		t.Error(text)
	}
	if p, kept := h.passes(), h.kept(); len(p) != 5000 || len(kept) != 1 || kept[0] != gate.Unreadable {
		t.Error(len(p), kept)
	}
}

func TestStatusZeroIsWhatNobodyChose(t *testing.T) {
	for says, want := range map[bool]roster.Direction{false: roster.Unknown, true: roster.In} {
		h := open(t, gate.ZKTeco, func(r *gatetest.Registered) { r.SaysIn = says })
		h.post("/gate/zkteco/t0ken/iclock/cdata?SN=X&table=ATTLOG", "text/plain", []byte("1\t2026-03-14 07:04:03\t0\t1"))
		if p := h.passes(); len(p) != 1 || p[0].Direction != want {
			t.Errorf("%+v", p)
		}
	}
}

func TestTemplatesOfZKTecoAreNotKept(t *testing.T) {
	h := zkHouse(t)
	name, err := simplifiedchinese.GB18030.NewEncoder().String("测试甲")
	if err != nil {
		t.Fatal(err)
	}
	for table, body := range map[string]string{
		"OPERLOG":                      "USER PIN=1\tName=" + name + "\nFP PIN=1\tFID=0\tSize=9\tTMP=Zm9vYmFy\nFACE PIN=1\tTMP=Zm9vYmFy\n",
		"BIODATA":                      "BIODATA Pin=1\tTmp=Zm9vYmFy\n",
		"ATTPHOTO":                     "PIN=1.jpg\nSN=x\nsize=6\n\x00Zm9vYmFy",
		"tabledata&tablename=biophoto": "biophoto pin=1\tcontent=Zm9vYmFy\n",
	} {
		if status, text := h.post("/iclock/cdata?SN="+zkSerial+"&table="+table, "text/plain", []byte(body)); status != 200 {
			t.Error(table, status, text)
		}
	}
	h.post("/iclock/fdata?SN="+zkSerial, "application/octet-stream", []byte("Zm9vYmFy"))
	h.door.Look(func(d *gatetest.Door) {
		for _, r := range d.Raws {
			if bytes.Contains(r.Body, []byte("Zm9vYmFy")) || r.Dropped == 0 {
				t.Errorf("%s %d %q", r.Query, r.Dropped, r.Body)
			}
		}
	})
}

func TestATerminalThatNobodyKnows(t *testing.T) {
	h := zkHouse(t)
	status, text := h.post("/iclock/cdata?SN=OTHER<script>1&table=ATTLOG", "text/plain", []byte("1\t2026-03-14 07:04:03\t0\t1"))
	if status != 401 || strings.HasPrefix(text, "OK") {
		t.Error(status, text)
	}
	if len(h.door.Hellos) != 1 || h.door.Hellos[0].Serial != "OTHERscript1" || len(h.door.Raws) != 0 {
		t.Errorf("%+v", h.door.Hellos)
	}
	if status, _ := h.send("GET", "/iclock/cdata", "", nil); status != 401 || len(h.door.Hellos) != 1 {
		t.Error(status)
	}
}

func TestTheCommunicationKey(t *testing.T) {
	h := open(t, gate.ZKTeco, func(r *gatetest.Registered) { r.Secret = []byte("k3y") })
	at := "/gate/zkteco/t0ken/iclock/cdata?SN=X&options=all"
	if status, _ := h.send("GET", at, "", nil); status != 401 {
		t.Error(status)
	}
	if status, _ := h.send("GET", at+"&pushcommkey=k3y", "", nil); status != 200 || strings.Contains(h.door.Raws[0].Query, "k3y") {
		t.Error(status, h.door.Raws)
	}
}

func TestOKIsSaidAfterTheCommit(t *testing.T) {
	h := zkHouse(t)
	h.door.Down = errs.New(errs.Down, "database", "数据库不可用")
	if status, text := h.post("/iclock/cdata?SN="+zkSerial+"&table=ATTLOG", "text/plain", []byte("1\t2026-03-14 07:04:03\t0\t1")); status == 200 || strings.HasPrefix(text, "OK") {
		t.Error(status, text)
	}
}

// n lines in, n lines acknowledged, and each of them is somewhere.
func TestEveryLineIsCounted(t *testing.T) {
	h := open(t, gate.ZKTeco, func(r *gatetest.Registered) { r.PerMinute = 1 << 30 })
	serial := 0
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.SampledFrom([]string{"x", "1\t\t\t", "\t2026-03-14 07:04:03\t0", "10023 2026-03-14 07:04:03 0 15", "\xb2\xe2\t2026-03-14 07:04:03", "%d\t2026-03-14 07:04:03\t0\t15"}), 1, 50).Draw(t, "lines")
		for i := range lines {
			serial++
			lines[i] = strings.ReplaceAll(lines[i], "%d", fmt.Sprint(serial))
		}
		_, text := h.post("/gate/zkteco/t0ken/iclock/cdata?table=ATTLOG", "text/plain", []byte(strings.Join(lines, "\n")))
		if text != fmt.Sprintf("OK:%d", len(lines)) {
			t.Fatal(text, len(lines))
		}
	})
}
