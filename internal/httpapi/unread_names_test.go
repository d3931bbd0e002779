package httpapi_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/clock"
	"muster/internal/postgres/pgtest/valley"
)

// namesBody is what the desk shows of the names that could not be found.
type namesBody struct {
	Version int
	Names   struct {
		Items   []struct{ Name, Answer, Reason, By string }
		Open    int
		Redrawn bool
	}
	Auto struct {
		State string
		Why   []struct{ Code, Text string }
	}
}

// misspelt is a bulletin of which one county is certain and two names are unknown.
func misspelt(w *world) string {
	return "四川省气象台" + w.clock.Now().In(clock.Shanghai).Format("2006年1月2日15时04分") + "发布暴雨蓝色预警：预计未来6小时，石棉县、汉元县、荥京县有暴雨。"
}

// What is certain becomes a draft at once; what could not be read is on it in so
// many words, and has to be answered for, name by name.
func TestADraftWithUnreadNamesIsAnsweredForBeforeItIsPublished(t *testing.T) {
	w := newWorld(t)
	got := read[readBody](w.as("yaan").paste(misspelt(w)))
	if got.Outcome != "held" || !strings.Contains(got.Reasons[0].Text, "汉元县、荥京县") || !strings.Contains(got.Hint, "列在草稿上") || got.Messages[0].WarningID == nil {
		t.Fatalf("%+v", got)
	}
	id := *got.Messages[0].WarningID
	path := "/warnings/" + id.String()
	if regions := ask[string](w, "SELECT string_agg(regions::text, '|') FROM warning_area WHERE warning_id = $1 AND certain", id); regions != "{511824000000}" {
		t.Errorf("certain: %s", regions)
	}
	d := read[namesBody](w.as("yaan").get(path))
	if d.Names.Open != 2 || d.Names.Items[0].Name != "汉元县" || d.Names.Items[1].Name != "荥京县" || d.Names.Redrawn {
		t.Fatalf("%+v", d.Names)
	}
	says := func(version int, name, answer, reason string) answer {
		return w.as("yaan").post(path+"/names", object{"version": version, "name": name, "answer": answer, "reason": reason})
	}
	w.as("yaan").post(path+"/publish", versioned(1, nil)).refused(422, "names_unread")
	says(1, "汉元县", "not_meant", " ").refused(422, "reason_missing")
	says(1, "荥京县", "drawn", "").refused(422, "not_redrawn")
	says(1, "天全县", "not_meant", "不在文中").refused(404, "not_found")
	says(1, "汉元县", "not_meant", "省台电话：多写了").must(200)
	says(1, "荥京县", "not_meant", "看的是旧的一版").refused(409, "version")
	if p := w.as("yaan").post(path+"/publish", versioned(2, nil)).refused(422, "names_unread"); strings.Contains(p.Detail, "汉元县") || !strings.Contains(p.Detail, "荥京县") {
		t.Errorf("%s", p.Detail)
	}

	area := object{"regions": []string{"511824", "511822"}}
	change := but(instruction("blue", area), object{"hazard": "rain"})
	w.as("yaan").put(path, versioned(2, change)).must(200)
	says(3, "荥京县", "drawn", "").must(200)
	d = read[namesBody](w.as("yaan").get(path))
	if d.Names.Open != 0 || d.Names.Items[0].Reason != "省台电话：多写了" || d.Names.Items[0].By != "yaan" || d.Names.Items[1].Answer != "drawn" {
		t.Errorf("%+v", d.Names)
	}
	w.as("yaan").post(path+"/publish", versioned(4, nil)).must(200)
	if why := ask[string](w, "SELECT string_agg(reasons::text, ' ' ORDER BY at) FROM decision WHERE subject_id = $1", id); !strings.Contains(why, "未能识别的地名“汉元县”：确认不涉及（省台电话：多写了）") || !strings.Contains(why, "“荥京县”：已补画") {
		t.Errorf("the record does not keep what was said: %s", why)
	}
}

// Saving the draft as it was is no answer to where a name is.
func TestOnlyAnotherAreaCountsAsDrawn(t *testing.T) {
	w := newWorld(t)
	path := "/warnings/" + read[pastedBody](w.as("yaan").paste(misspelt(w))).Messages[0].WarningID.String()
	same := but(instruction("blue", object{"regions": []string{"511824"}}), object{"hazard": "rain", "title": "暴雨蓝色预警，石棉"})
	w.as("yaan").put(path, versioned(1, same)).must(200)
	w.as("yaan").post(path+"/names", object{"version": 2, "name": "汉元县", "answer": "drawn"}).refused(422, "not_redrawn")
}

// A bulletin of a feed whose certain part a standing authorisation covers does not
// go out by itself while a name is unknown, and the reason stays.
func TestWhatHasAnUnreadNameNeverGoesOutByItself(t *testing.T) {
	w := newWorld(t)
	w.signed(object{"max_km2": 50_000})
	clear := w.push([]byte(strings.ReplaceAll(misspelt(w), "、汉元县、荥京县", "")))
	w.clock.Advance(time.Minute)
	unclear := w.push([]byte(misspelt(w)))
	auto := func(id *uuid.UUID) namesBody {
		return read[namesBody](w.as("province").get("/warnings/" + id.String()))
	}
	for _, why := range auto(clear.Messages[0].WarningID).Auto.Why {
		if why.Code == "names_unread" {
			t.Errorf("nothing is unread: %+v", why)
		}
	}
	d := auto(unclear.Messages[0].WarningID)
	if d.Auto.State != "none" || len(d.Auto.Why) == 0 || d.Auto.Why[0].Code != "names_unread" || !strings.Contains(d.Auto.Why[0].Text, "汉元县、荥京县") {
		t.Errorf("%+v", d.Auto)
	}
	w.clock.Advance(time.Hour)
	for _, f := range w.forward() {
		if f.Draft == *unclear.Messages[0].WarningID {
			t.Errorf("it went out: %+v", f)
		}
	}
}

// Where nothing of the area is known there is nothing to publish until somebody
// draws it.
func TestABulletinWithoutAnyAreaCannotBePublished(t *testing.T) {
	w := newWorld(t)
	when := w.clock.Now().In(clock.Shanghai).Format("1月2日15时04分")
	got := read[readBody](w.as("yaan").paste("县气象台" + when + "发布暴雨黄色预警：预计未来6小时，我县有暴雨。"))
	if got.Outcome != "held" || got.Messages[0].WarningID == nil {
		t.Fatalf("%+v", got)
	}
	path := "/warnings/" + got.Messages[0].WarningID.String()
	w.as("yaan").post(path+"/publish", versioned(1, nil)).refused(422, "area_missing")
	w.as("yaan").put(path, versioned(1, but(instruction("yellow", around(valley.Home, 500)), object{"hazard": "rain"}))).must(200)
	w.as("yaan").post(path+"/names", object{"version": 2, "name": "我县", "answer": "drawn"}).must(200)
	w.as("yaan").post(path+"/publish", versioned(3, nil)).must(200)
}
