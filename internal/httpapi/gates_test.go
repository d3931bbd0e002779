package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/roster"
)

// gate is a new ZKTeco terminal at a site that waits for its approval.
func (s *scenery) gate(site string) uuid.UUID {
	s.w.Helper()
	id := uuid.New()
	s.w.sql("INSERT INTO device (id, serial, site_id, purpose, direction, key_hash, recorded_at) VALUES ($1, $2, $3, 'presence', 'both', $4, $5)",
		id, "ZK-"+id.String(), valley.ID(site), account.KeyHash(id.String()), valley.Evening)
	s.w.sql("INSERT INTO gate (device_id, protocol, applied_at, recorded_at) VALUES ($1, 'zkteco', $2, $2)", id, valley.Evening)
	return id
}

// stranger is a device that knocked; it shall be adopted at a site.
func (s *scenery) stranger(site string) uuid.UUID {
	s.w.Helper()
	s.adopting = valley.ID(site)
	return s.w.knocked("SN-" + uuid.NewString())
}

func (w *world) knocked(serial string) uuid.UUID {
	w.Helper()
	return ask[uuid.UUID](w, `INSERT INTO gate_unknown (id, protocol, serial, address, first_at, last_at) VALUES (gen_random_uuid(), 'zkteco', $1, '10.20.0.7', $2, $2)
		RETURNING id`, serial, valley.Evening)
}

type gateBody struct {
	ID            uuid.UUID
	State         string
	Words         []string
	Token         *string
	Path          string
	HasSecret     bool           `json:"has_secret"`
	Errors        map[string]int `json:"errors_today"`
	LastSeenAt    *time.Time     `json:"last_seen_at"`
	RefusedReason string         `json:"refused_reason"`
	RefusedBy     string         `json:"refused_by"`
}

type gateList struct {
	Items   []gateBody
	Unknown []struct {
		ID     uuid.UUID
		Serial string
	}
	Next *string
}

func (l gateList) one(t *testing.T, id uuid.UUID) gateBody {
	t.Helper()
	for _, g := range l.Items {
		if g.ID == id {
			return g
		}
	}
	t.Fatalf("%s is not in the list %+v", id, l)
	return gateBody{}
}

// From the first knock to service: adopted by the section, agreed to by the
// authority, silent after two hours.
func TestADeviceComesIntoService(t *testing.T) {
	w := newWorld(t)
	stranger := w.knocked("SN-1")
	section := w.as("section")
	if list := read[gateList](section.get("/gates?state=unknown")); len(list.Unknown) != 1 || list.Unknown[0].Serial != "SN-1" {
		t.Fatalf("%+v", list)
	}
	body := object{"site_id": valley.ID(valley.Home), "purpose": "presence", "direction": "both"}
	adopted := read[gateBody](section.once("a").post("/gates/unknown/"+stranger.String()+"/adopt", body))
	if adopted.Token == nil || adopted.Path != "/gate/zkteco/"+*adopted.Token || adopted.State != "waiting" {
		t.Fatalf("%+v", adopted)
	}
	if again := read[gateBody](section.once("a").post("/gates/unknown/"+stranger.String()+"/adopt", body)); again.Token != nil || again.ID != adopted.ID {
		t.Errorf("sent again: %+v", again)
	}
	if found, err := w.db.GateByToken(t.Context(), "zkteco", account.KeyHash(*adopted.Token)); err != nil || found.ID != adopted.ID {
		t.Fatalf("%+v %v", found, err)
	}
	path := "/devices/" + adopted.ID.String()
	section.post(path+"/gate/approve", nil).must(http.StatusForbidden)
	w.as("shimian-leader").post(path+"/gate/approve", nil).must(http.StatusNoContent)
	if g := read[gateList](section.get("/gates?state=silent")).one(t, adopted.ID); len(g.Words) != 1 || g.LastSeenAt != nil {
		t.Errorf("never heard: %+v", g)
	}
	beat := postgres.GateBeat{Device: adopted.ID, At: w.clock.Now().Add(-121 * time.Minute), Ahead: new(time.Duration)}
	*beat.Ahead = -8 * time.Hour
	if err := w.db.BeatGate(t.Context(), beat); err != nil {
		t.Fatal(err)
	}
	if g := read[gateList](section.get("/gates?state=silent")).one(t, adopted.ID); !strings.Contains(strings.Join(g.Words, ""), "时区") {
		t.Errorf("silent, and eight hours behind: %+v", g)
	}
	beat.At = w.clock.Now()
	if err := w.db.BeatGate(t.Context(), beat); err != nil {
		t.Fatal(err)
	}
	if g := read[gateList](section.get("/gates")).one(t, adopted.ID); g.State != "active" {
		t.Errorf("%+v", g)
	}
}

// The authority does not agree and says why; the section reads it, applies again,
// and is agreed to.
func TestAnApplicationIsRefusedAndMadeAgain(t *testing.T) {
	w := newWorld(t)
	section, leader := w.as("section"), w.as("shimian-leader")
	id := (&scenery{w: w}).gate(valley.Home)
	path := "/devices/" + id.String() + "/gate"
	section.post(path+"/refuse", object{"reason": "装错了点位"}).must(http.StatusForbidden)
	leader.post(path+"/refuse", object{"reason": " "}).refused(http.StatusUnprocessableEntity, "reason_missing")
	section.post(path+"/apply", nil).refused(http.StatusConflict, "gate_not_refused")
	leader.once("no").post(path+"/refuse", object{"reason": "装错了点位"}).must(http.StatusNoContent)
	leader.once("no").post(path+"/refuse", object{"reason": "装错了点位"}).must(http.StatusNoContent)
	leader.post(path+"/refuse", object{"reason": "还是不行"}).refused(http.StatusConflict, "gate_decided")

	g := read[gateList](section.get("/gates?state=refused")).one(t, id)
	if g.RefusedReason != "装错了点位" || g.RefusedBy != "shimian-leader" || !strings.Contains(strings.Join(g.Words, ""), "装错了点位") {
		t.Errorf("the applicant does not read why: %+v", g)
	}
	if gate, err := w.db.GateByToken(t.Context(), "zkteco", account.KeyHash(id.String())); err != nil || gate.ApprovedAt != nil {
		t.Errorf("%+v %v", gate, err)
	}
	section.post(path+"/apply", nil).must(http.StatusNoContent)
	if g := read[gateList](section.get("/gates?state=waiting")).one(t, id); g.RefusedReason != "" {
		t.Errorf("%+v", g)
	}
	leader.post(path+"/approve", nil).must(http.StatusNoContent)
	leader.post(path+"/refuse", object{"reason": "太晚"}).refused(http.StatusConflict, "gate_decided")
	if acts := ask[string](w, "SELECT string_agg(act, ' ' ORDER BY at, id) FROM audit WHERE noun = 'device' AND noun_id = $1", id.String()); acts != "refuse_gate apply_gate approve_gate" {
		t.Errorf("written down: %s", acts)
	}
}

func TestATokenIsShownOnce(t *testing.T) {
	w := newWorld(t)
	path := "/devices/" + valley.ID("device "+valley.HomeGate).String() + "/gate"
	w.as("section").get(path).must(http.StatusNotFound)
	setup := object{"protocol": "push", "key_id": "k-1", "secret": "a secret of the vendor"}
	first := read[gateBody](w.as("section").send("PUT", path, setup))
	if first.Token == nil || !first.HasSecret {
		t.Fatalf("%+v", first)
	}
	second := read[gateBody](w.as("section").send("PUT", path, object{"protocol": "push", "key_id": "k-1"}))
	if second.Token != nil || !second.HasSecret || second.Path != "/gate/push/…" {
		t.Errorf("%+v", second)
	}
	third := read[gateBody](w.as("section").send("PUT", path, but(setup, object{"new_token": true})))
	if third.Token == nil || *third.Token == *first.Token {
		t.Errorf("%+v", third)
	}
	if _, err := w.db.GateByToken(t.Context(), "push", account.KeyHash(*first.Token)); err == nil {
		t.Error("the old token is still good")
	}
}

func TestSetupsThatCannotBe(t *testing.T) {
	w := newWorld(t)
	path := "/devices/" + valley.ID("device "+valley.HomeGate).String() + "/gate"
	for name, setup := range map[string]object{
		"no address":         {"protocol": "push", "addresses": []string{"10.0.0.300/8"}},
		"no direction":       {"protocol": "hikvision", "readers": object{"1": "inward"}},
		"no zone":            {"protocol": "zkteco", "zone": "Asia/Chengdu"},
		"bare from anywhere": {"protocol": "zkteco", "bare_serial": "SN"},
		"bare and no need":   {"protocol": "push", "bare_serial": "SN", "addresses": []string{"10.0.0.1/32"}},
		"a secret too short": {"protocol": "realname", "secret": "short"},
	} {
		t.Run(name, func(t *testing.T) {
			w.as("section").send("PUT", path, setup).refused(http.StatusUnprocessableEntity, "gate_setup")
		})
	}
	if n := ask[int](w, "SELECT count(*) FROM gate"); n != 0 {
		t.Errorf("%d gates", n)
	}
}

// What is kept aside is shown by its shape: nobody's number, every time.
func TestWhatIsKeptAsideIsShownWithoutPeople(t *testing.T) {
	w := newWorld(t)
	device := valley.ID("device " + valley.HomeGate)
	row := uuid.NewString()
	record := `{"name":"工人示例","idCardNumber":"` + valley.IDNumber(3) + `","date":"1970-01-01 08:00:00"}`
	sealed := valley.Sealer.Seal("pass_quarantine", "body", row, record)
	w.sql("INSERT INTO pass_quarantine (id, device_id, received_at, reason, body, body_hash) VALUES ($1, $2, $3, 'clock_1970', jsonb_build_object('row', $5::text, 'sealed', $4::text), '\\x01')",
		row, device, w.clock.Now().Add(-time.Minute), sealed, row)
	a := w.as("section").get("/devices/" + device.String() + "/quarantine")
	got := read[struct {
		Reasons []struct {
			Reason, Text string
			Count        int
			Examples     []struct{ Shape string }
		}
	}](a)
	if len(got.Reasons) != 1 || got.Reasons[0].Count != 1 || got.Reasons[0].Text != roster.Clock1970.Label() || len(got.Reasons[0].Examples) != 1 {
		t.Fatalf("%+v", got)
	}
	if shape := got.Reasons[0].Examples[0].Shape; !strings.Contains(shape, `"date":"1970-01-01 08:00:00"`) || strings.Contains(shape, valley.IDNumber(3)) || strings.Contains(shape, "工人") {
		t.Error(shape)
	}
}

func TestTheMapOfALabourSystem(t *testing.T) {
	w := newWorld(t)
	path := "/devices/" + valley.ID("device "+valley.HomeGate).String() + "/sites"
	if err := w.db.NoteUnmapped(t.Context(), valley.ID("device "+valley.HomeGate), "P-1", "东门", 3, w.clock.Now()); err != nil {
		t.Fatal(err)
	}
	type sites struct {
		Items    []object
		Unmapped []struct {
			Project, Channel string
			Passes           int
		}
	}
	if got := read[sites](w.as("section").get(path)); len(got.Unmapped) != 1 || got.Unmapped[0].Passes != 3 {
		t.Fatalf("%+v", got)
	}
	item := object{"project": "P-1", "channel": "", "site_id": valley.ID(valley.Tunnel)}
	w.as("section").send("PUT", path, object{"items": []object{item, item}}).refused(422, "gate_sites")
	w.as("section").send("PUT", path, object{"items": []object{but(item, object{"site_id": valley.ID(valley.Bridge)})}}).refused(403, "site_outside")
	if got := read[sites](w.as("section").send("PUT", path, object{"items": []object{item}})); len(got.Items) != 1 || len(got.Unmapped) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestOnlyDevicesThatAskCanBeTold(t *testing.T) {
	w := newWorld(t)
	device := valley.ID("device " + valley.HomeGate).String()
	w.as("section").send("PUT", "/devices/"+device+"/gate", object{"protocol": "hikvision"}).must(200)
	w.as("section").post("/devices/"+device+"/orders", object{"kind": "unlock"}).refused(422, "no_orders")
	w.as("section").send("PUT", "/devices/"+device+"/gate", object{"protocol": "zkteco"}).must(200)
	w.as("section").post("/devices/"+device+"/orders", object{"kind": "send_passes"}).refused(422, "order_span")
	for range 2 {
		w.as("section").once("o").post("/devices/"+device+"/orders", object{"kind": "send_passes", "from": valley.Evening.Add(-3 * time.Hour), "to": valley.Evening}).must(204)
	}
	if list, err := w.db.GateOrders(t.Context(), valley.ID("device "+valley.HomeGate)); err != nil || len(list) != 1 || list[0].FromAt == nil {
		t.Errorf("%+v %v", list, err)
	}
}
