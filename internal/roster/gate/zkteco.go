package gate

import (
	"crypto/hmac"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"muster/internal/errs"
)

// mountZKTeco mounts the push protocol of ZKTeco (devices.md §2.3): below a token,
// and at the fixed place of terminals that know an address and a port only. Some
// write the old page names, cdata.aspx.
func (h *handler) mountZKTeco(mux *http.ServeMux) {
	for _, prefix := range []string{"/gate/zkteco/{token}/iclock/", "/iclock/"} {
		for _, method := range []string{"GET ", "POST "} {
			mux.HandleFunc(method+prefix+"{what}", h.on(route{protocol: ZKTeco, claim: zkClaim, take: zkteco, refuse: plain}))
		}
	}
}

func zkClaim(r *http.Request, c *Claim) { c.Serial = zkQuery(r, "SN") }

// zkQuery reads a parameter whatever its case.
func zkQuery(r *http.Request, name string) string {
	for key, list := range r.URL.Query() {
		if strings.EqualFold(key, name) && len(list) > 0 {
			return strings.TrimSpace(list[0])
		}
	}
	return ""
}

// zkteco sends a request to what it asks for.
func zkteco(v *visit) error {
	what, _, _ := strings.Cut(strings.ToLower(v.r.PathValue("what")), ".")
	if v.r.Method == http.MethodGet {
		switch what {
		case "cdata":
			return zkOptions(v)
		case "getrequest":
			return zkGetRequest(v)
		case "ping", "rtdata":
			return v.text("OK")
		}
		return errs.New(errs.NotFound, "no_gate", "没有这个地址")
	}
	switch what {
	case "cdata":
		return zkTable(v)
	case "registry":
		return v.zkBeat("RegistryCode=" + zkRegistryCode(v))
	case "push":
		return v.zkBeat(zkAccessOptions(v))
	case "devicecmd":
		return zkDone(v)
	case "fdata", "querydata": // packed pictures, answers to queries of tables
		return v.zkDiscard("OK")
	}
	return errs.New(errs.NotFound, "no_gate", "没有这个地址")
}

// text answers a terminal. The Date of the answer sets its clock, so it is ours.
func (v *visit) text(answer string) error {
	head := v.w.Header()
	head.Set("Date", v.at.UTC().Format(http.TimeFormat))
	head.Set("Content-Type", "text/plain")
	_, _ = v.w.Write([]byte(answer))
	return nil
}

// zkBeat keeps a request that says who the terminal is, and answers it.
func (v *visit) zkBeat(answer string) error {
	if err := v.keep(); err != nil {
		return err
	}
	if err := v.beat(v.zkSaysOfItself(string(v.clean))); err != nil {
		return err
	}
	return v.text(answer)
}

// zkDiscard acknowledges what holds nothing but pictures and templates: that it
// came is kept, nothing of what it was.
func (v *visit) zkDiscard(answer string) error {
	if err := v.store(nil, len(v.body)); err != nil {
		return err
	}
	return v.text(answer)
}

// zkSaysOfItself reads name=value pairs about the terminal.
func (v *visit) zkSaysOfItself(text string) Beat {
	b := Beat{Serial: tame(zkQuery(v.r, "SN")), Backlog: -1}
	for _, pair := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",\t\r\n&", r) }) {
		name, value, _ := strings.Cut(pair, "=")
		switch strings.ToLower(strings.TrimLeft(strings.TrimSpace(name), "~")) {
		case "devicename", "devicetype":
			b.Model = tame(value)
		case "fwversion", "firmver":
			b.Firmware = tame(value)
		}
	}
	return b
}

// zkOptions answers the handshake: what the terminal shall send, and when.
func zkOptions(v *visit) error {
	if key := string(v.device.Secret); key != "" && !hmac.Equal([]byte(zkQuery(v.r, "pushcommkey")), []byte(key)) {
		return errs.New(errs.SignIn, "pushcommkey", "通信密钥不对")
	}
	if zkIsAccess(v.r) {
		return v.zkBeat("registry=ok\nRegistryCode=" + zkRegistryCode(v) + "\n" + zkAccessOptions(v))
	}
	return v.zkBeat("GET OPTION FROM: " + tame(zkQuery(v.r, "SN")) + `
ATTLOGStamp=None
OPERLOGStamp=None
ATTPHOTOStamp=None
ErrorDelay=30
Delay=10
TransTimes=00:00;14:05
TransInterval=1
TransFlag=TransData AttLog
TimeZone=` + v.device.zkZone(v.at) + `
Realtime=1
Encrypt=None
ServerVer=2.4.1
PushProtVer=2.4.1
`)
}

// zkIsAccess tells access control ("security push") from attendance.
func zkIsAccess(r *http.Request) bool {
	major, _, _ := strings.Cut(zkQuery(r, "pushver"), ".")
	n, err := strconv.Atoi(major)
	return strings.EqualFold(zkQuery(r, "DeviceType"), "acc") || err == nil && n >= 3
}

// zkRegistryCode is the same for a terminal each time, so that nothing has to be
// remembered between the steps of the handshake. The token that terminals make of
// it cannot be checked: the vendor's own example cannot be reproduced.
func zkRegistryCode(v *visit) string {
	code := v.h.Mask("zkteco registry\x00" + v.device.ID.String())
	return code[:min(len(code), 32)]
}

// zkAccessOptions is the configuration of an access terminal. It shall send what
// happens at its doors, and not its list of people.
func zkAccessOptions(v *visit) string {
	return fmt.Sprintf(`ServerVersion=3.1.2
ServerName=Muster
PushProtVer=3.1.2
ErrorDelay=30
RequestDelay=10
TransTimes=00:00;14:05
TransInterval=1
TransTables=Transaction
Realtime=1
SessionID=%s
TimeoutSec=10
`, zkRegistryCode(v))
}
