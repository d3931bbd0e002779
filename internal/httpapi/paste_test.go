package httpapi_test

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/clock"
	"muster/internal/postgres/pgtest/valley"
)

type pastedBody struct {
	pushed
	SourceWords string `json:"source_words"`
	Hint        string
}

func (c caller) paste(text string) answer {
	return c.post("/messages/paste", object{"text": text, "source_words": "市局工作群，20:41（示例）"})
}

func TestAPastedWarningBecomesADraft(t *testing.T) {
	w := newWorld(t)
	text := string(capDocument{}.bytes())
	got := read[pastedBody](w.as("province").paste("  " + text + "\n"))
	if got.Outcome != "accepted" || len(got.Messages) != 1 || got.Messages[0].WarningID == nil || got.SourceWords == "" || got.Hint == "" {
		t.Fatalf("%+v", got)
	}
	if d := w.desk("province", *got.Messages[0].WarningID); d.Auto.State != "none" {
		t.Errorf("what was pasted goes out by itself: %+v", d.Auto)
	}
	again := read[pastedBody](w.as("province").paste(text))
	if !again.Repeated || again.RawID != got.RawID || *again.Messages[0].WarningID != *got.Messages[0].WarningID {
		t.Errorf("%+v", again)
	}
	if raw := w.as("province").get("/messages/" + got.RawID.String() + "/raw").must(200); string(raw.Body) != text {
		t.Error("the text did not come back as it was")
	}
}

type readBody struct {
	pastedBody
	Text  string
	Marks []struct {
		From, To    int
		Kind, Means string
		Certain     bool
	}
	Read []struct {
		Sender string
		Claims []struct {
			Hazard, Level string
			Regions       []string
		}
	}
}

// A bulletin in words becomes a draft by the rules of a feed, in the office of the
// officer who pasted it, and nothing goes out by itself.
func TestAPastedBulletinBecomesADraft(t *testing.T) {
	w := newWorld(t)
	day := w.clock.Now().In(clock.Shanghai)
	text := "转发\n四川省气象台" + day.Format("2006年1月2日15时04分") + "发布暴雨橙色预警：预计未来6小时，雅安市石棉县、汉源县有暴雨。请注意防范。"
	got := read[readBody](w.as("yaan").paste(text))
	if got.Format != "bulletin" || got.Outcome != "accepted" || len(got.Messages) != 1 || got.Messages[0].WarningID == nil || got.Text != text {
		t.Fatalf("%+v", got)
	}
	claim := got.Read[0].Claims[0]
	if got.Read[0].Sender != "四川省气象台" || claim.Hazard != "rain" || claim.Level != "orange" || !slices.Equal(claim.Regions, []string{"511824000000", "511823000000"}) {
		t.Errorf("%+v", got.Read)
	}
	d := w.desk("yaan", *got.Messages[0].WarningID)
	if d.Auto.State != "none" || d.Kind != "relay" {
		t.Errorf("%+v", d)
	}
	said := map[string]string{}
	for _, m := range got.Marks {
		said[m.Kind] += string([]rune(text)[m.From:m.To]) + "|"
	}
	if said["issuer"] != "四川省气象台|" || said["region"] != "石棉县|汉源县|" || said["level"] != "橙色|" || said["window"] != "未来6小时|" {
		t.Errorf("%v", said)
	}
}

// What a bulletin leaves open is said, and is in the draft only as possible.
func TestAnUncertainBulletinIsHeld(t *testing.T) {
	w := newWorld(t)
	got := read[readBody](w.as("yaan").paste("石棉县气象台今日发布暴雨黄色预警：美罗镇、王岗坪乡有暴雨。"))
	if got.Outcome != "held" || got.Messages[0].WarningID == nil || len(got.Reasons) == 0 {
		t.Fatalf("%+v", got)
	}
	unread := 0
	for _, m := range got.Marks {
		if m.Kind == "unread" && !m.Certain {
			unread++
		}
	}
	if unread == 0 {
		t.Errorf("%+v", got.Marks)
	}
	if certain := ask[int](w, "SELECT count(*) FROM warning_area WHERE warning_id = $1 AND certain", *got.Messages[0].WarningID); certain != 0 {
		t.Errorf("%d certain areas", certain)
	}
}

// A pasted lift proposes to end what the pasted warning drafted.
func TestAPastedLiftEndsItsDraft(t *testing.T) {
	w := newWorld(t)
	at := w.clock.Now().In(clock.Shanghai)
	when := at.Format("2006年1月2日15时04分")
	first := read[readBody](w.as("yaan").paste("石棉县气象台" + when + "发布暴雨橙色预警：预计未来6小时，石棉县有暴雨。"))
	w.clock.Advance(time.Hour)
	lift := read[readBody](w.as("yaan").paste("石棉县气象台" + at.Add(time.Hour).Format("2006年1月2日15时04分") + "解除" + when + "发布的暴雨橙色预警。"))
	if lift.Messages[0].EpisodeID == nil || *lift.Messages[0].EpisodeID != *first.Messages[0].EpisodeID {
		t.Fatalf("%+v", lift)
	}
	if state := ask[string](w, "SELECT state FROM warning WHERE id = $1", *first.Messages[0].WarningID); state != "discarded" {
		t.Errorf("the draft is %s", state)
	}
}

// A hundred kilobytes of anything at all: kept, answered in words, never an error
// of ours.
func TestNonsenseIsAnsweredInWords(t *testing.T) {
	w := newWorld(t)
	random := rand.New(rand.NewPCG(1, 2))
	letters := []rune("暴雨红色预警发布山洪0123456789<>&{}[]\"'\\\n\t,，。 ABCxyz\u0000\u202e")
	noise := func() string {
		var b strings.Builder
		for b.Len() < 100<<10-4 {
			b.WriteRune(letters[random.IntN(len(letters))])
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"noise": noise(), "open brackets": strings.Repeat("<a", 50<<10), "one word": strings.Repeat("暴雨", 17_000), "json": strings.Repeat(`{"a":[`, 17_000),
		"a greeting": "晚上好，今天辛苦了",
	} {
		a := w.as("province").paste(text)
		got := read[pastedBody](a.must(http.StatusCreated))
		if got.Outcome == "accepted" || len(got.Reasons) == 0 || got.Reasons[0].Text == "" || !strings.Contains(got.Hint, "原文已存") {
			t.Errorf("%s: %s %+v %s", name, got.Outcome, got.Reasons, got.Hint)
		}
	}
	w.as("province").paste(strings.Repeat("x", 100<<10+1)).refused(422, "paste_too_long")
	w.as("province").paste(" \n").refused(422, "paste_empty")
}

// What no parser reads is relayed by hand: with the issuer and the time, as the law
// asks, and with the fax beside it.
func TestARelayByHandNamesItsIssuer(t *testing.T) {
	w := newWorld(t)
	raw := read[pastedBody](w.as("yaan").paste("市气象台今日20时发布暴雨蓝色预警（示例）")).RawID
	body := but(instruction("blue", around(valley.Home, 500)), object{"kind": "relay", "basis": "", "raw_id": raw})
	w.as("yaan").post("/warnings", body).refused(422, "issuer_missing")
	body = but(body, object{"issuer": "市气象台（示例）", "issued_at": w.clock.Now()})
	d := read[deskBody](w.as("yaan").post("/warnings", body))
	if d.Kind != "relay" || d.Auto != nil {
		t.Fatalf("%+v", d)
	}
	path := "/warnings/" + d.ID.String()
	a := read[struct {
		ID          uuid.UUID
		ContentType string `json:"content_type"`
	}](w.as("yaan").file(path+"/attachments?file_name=fax.jpg", panorama(64)).must(201))
	if a.ContentType != "image/jpeg" {
		t.Errorf("%+v", a)
	}
	w.as("yaan").file(path+"/attachments?file_name=fax.exe", []byte("MZ not a picture")).refused(422, "file_kind")
	if list := w.as("yaan").get(path + "/attachments"); !list.has("fax.jpg") {
		t.Errorf("%s", list.Body)
	}
	if got := w.as("yaan").get("/attachments/" + a.ID.String() + "/content").must(200); string(got.Body) != string(panorama(64)) {
		t.Error("the scan did not come back byte for byte")
	}
	w.as("liangshan").get("/attachments/"+a.ID.String()+"/content").refused(404, "not_found")
	w.as("yaan").post(path+"/publish", versioned(1, nil)).must(200)
}

// The same upload twice is one scan.
func TestAScanIsAttachedOnce(t *testing.T) {
	w := newWorld(t)
	d := w.draft("yaan", instruction("blue", around(valley.Home, 500)))
	for range 2 {
		w.as("yaan").once("scan").file("/warnings/"+d.ID.String()+"/attachments?file_name=fax.jpg", panorama(64)).must(201)
	}
	if n := ask[int](w, "SELECT count(*) FROM attachment"); n != 1 {
		t.Errorf("%d scans", n)
	}
}
