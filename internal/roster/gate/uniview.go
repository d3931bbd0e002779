package gate

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// mountUniview mounts LAPI as Uniview's terminals call it (devices.md §2.4):
// below a token, and at its fixed place for those that cannot be given a path.
func (h *handler) mountUniview(mux *http.ServeMux) {
	for _, prefix := range []string{"/gate/uniview/{token}/LAPI/V1.0/", "/LAPI/V1.0/"} {
		mux.HandleFunc("POST "+prefix+"PACS/Controller/HeartReportInfo", h.on(route{protocol: Uniview, peek: univiewPeek, take: univiewBeat, refuse: univiewRefuse}))
		rt := route{protocol: Uniview, peek: univiewPeek, take: uniview, refuse: univiewRefuse}
		mux.HandleFunc("POST "+prefix+"PACS/Controller/Event/Notifications", h.on(rt))
		mux.HandleFunc("POST "+prefix+"System/Event/Notification/PersonVerification", h.on(rt))
	}
}

func univiewPeek(body []byte, c *Claim) {
	var who struct{ DeviceCode loose }
	if json.Unmarshal(body, &who) == nil {
		c.Serial = tame(string(who.DeviceCode))
	}
}

// univiewEvent is a PersonVerification.
type univiewEvent struct {
	Seq              loose
	DeviceCode       loose
	Timestamp        loose
	NotificationType loose // 1: history
	FaceInfoList     []struct{ ID, Timestamp loose }
	LibMatInfoList   []json.RawMessage
}

type univiewMatch struct {
	ID              loose
	LibType         loose // 1 blacklist, 2 stranger, 3 staff, 4 visitor
	MatchStatus     loose // 1 and 7: let through
	MatchPersonID   loose
	MatchPersonInfo struct{ PersonCode, CardID, IdentityNo loose }
}

func uniview(v *visit) error {
	var seq loose
	_, err := v.hand(func(body []byte) reading {
		seq = seqOf(body)
		var e univiewEvent
		if json.Unmarshal(body, &e) != nil {
			return unreadable(body)
		}
		v.named(tame(string(e.DeviceCode)))
		return v.univiewEvent(e)
	})
	if err != nil {
		return err
	}
	univiewSays(v.w, http.StatusOK, v.univiewURL(), 0, "Succeed", map[string]any{"RecordID": seq.int(), "Time": v.device.zkTime(v.at)})
	return nil
}

// seqOf finds the number that has to be echoed, also in a body that cannot be
// read: without it the terminal would send that for ever.
func seqOf(body []byte) loose {
	if m := seqField.FindSubmatch(body); m != nil {
		return loose(m[1])
	}
	return "0"
}

var seqField = regexp.MustCompile(`"Seq"\s*:\s*"?(\d{1,18})`)

// univiewEvent reads the matches of an event; one without any is an attempt.
func (v *visit) univiewEvent(e univiewEvent) (all reading) {
	at := map[loose]loose{}
	for _, f := range e.FaceInfoList {
		at[f.ID] = f.Timestamp
	}
	for i, raw := range e.LibMatInfoList {
		var m univiewMatch
		if json.Unmarshal(raw, &m) != nil {
			all.add(unreadable(raw))
			continue
		}
		if !m.passed() {
			all.ignored++
			continue
		}
		s := Seen{Key: fmt.Sprintf("%s/%d", e.Seq, i), Person: m.person(), Method: Card, Replay: e.NotificationType == "1", Body: raw}
		stamp := e.Timestamp
		if own, ok := at[m.ID]; ok && own.int() > 0 {
			stamp = own
		}
		if len(e.FaceInfoList) > 0 {
			s.Method = Face
		}
		if n := stamp.int(); n > 0 {
			s.Time = time.Unix(n, 0)
		}
		all.seen = append(all.seen, s)
	}
	if len(e.LibMatInfoList) == 0 {
		all.ignored++
	}
	return all
}

func (m univiewMatch) passed() bool {
	return (m.MatchStatus == "1" || m.MatchStatus == "7") && m.LibType != "1" && m.LibType != "2"
}

func (m univiewMatch) person() Person {
	p := m.MatchPersonInfo
	switch {
	case p.PersonCode != "":
		return Person{Code: string(p.PersonCode)}
	case p.IdentityNo != "":
		return Person{IDNumber: upper(string(p.IdentityNo))}
	case p.CardID != "":
		return Person{Card: string(p.CardID)}
	case m.MatchPersonID.int() > 0:
		return Person{Code: string(m.MatchPersonID)}
	}
	return Person{}
}

// univiewBeat answers a heart-beat; the time in the answer sets the terminal's clock.
func univiewBeat(v *visit) error {
	if err := v.keep(); err != nil {
		return err
	}
	var b struct{ Time, DeviceCode loose }
	_ = json.Unmarshal(v.clean, &b) // what it says of itself is welcome, that it is there counts
	if err := v.beat(Beat{Clock: v.device.localTime(string(b.Time)), Serial: tame(string(b.DeviceCode)), Backlog: -1}); err != nil {
		return err
	}
	answerJSON(v.w, http.StatusOK, "application/json", map[string]any{
		"ResponseURL": v.univiewURL(), "Code": 0, "Data": map[string]string{"Time": v.device.zkTime(v.at)},
	})
	return nil
}

// univiewURL is the address as the terminal's document has it.
func (v *visit) univiewURL() string {
	path := v.r.URL.Path
	return path[max(0, strings.Index(path, "/LAPI")):]
}

func univiewRefuse(w http.ResponseWriter, err error) {
	pause(w, err)
	univiewSays(w, statusOf(err), "", 1, "Common Error", nil)
}

func univiewSays(w http.ResponseWriter, status int, url string, code int, text string, data any) {
	answerJSON(w, status, "application/json", map[string]any{"Response": map[string]any{
		"ResponseURL": url, "StatusCode": code, "StatusString": text, "Data": data,
	}})
}
