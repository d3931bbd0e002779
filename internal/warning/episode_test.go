package warning

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// archive keeps placed messages as the database does.
type archive struct {
	rows    []Known
	next    int
	trusted []string
}

func (a *archive) take(m Message) Placement {
	var known []Known
	for _, id := range m.Wanted() {
		for _, row := range a.rows {
			if row.Identity == id {
				known = append(known, row)
			}
		}
	}
	p := Place(m, known, a.trusted...)
	if !p.New && p.Episode == "" {
		return p // not placed
	}
	if p.New {
		a.next++
		p.Episode = fmt.Sprintf("e%04d", a.next)
	}
	own := m.Identity()
	a.rows = slices.DeleteFunc(a.rows, func(k Known) bool { return k.Tombstone && k.Identity == own })
	a.rows = append(a.rows, Known{Identity: own, Episode: p.Episode, Refers: m.Wanted()[1:]})
	for _, id := range p.Tombstones {
		a.rows = append(a.rows, Known{Identity: id, Tombstone: true, Episode: p.Episode})
	}
	for i := range a.rows {
		if a.rows[i].Episode == p.Episode || slices.Contains(p.Merge, a.rows[i].Episode) {
			a.rows[i].Episode, a.rows[i].State = p.Episode, p.State
		}
	}
	return p
}

// picture is the episodes without their ids: members, and whether ended.
func (a *archive) picture() string {
	members, ended := map[string][]string{}, map[string]bool{}
	for _, row := range a.rows {
		name := fmt.Sprintf("%s/%s/%s", row.Identity.Status, row.Identity.Authority, row.Identity.ID)
		if !slices.Contains(members[row.Episode], name) {
			members[row.Episode] = append(members[row.Episode], name)
		}
		ended[row.Episode] = row.State.Ended
	}
	var lines []string
	for episode, names := range members {
		sort.Strings(names)
		lines = append(lines, fmt.Sprintf("%s ended=%v", strings.Join(names, " "), ended[episode]))
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

var evening = time.Date(2026, 7, 10, 18, 0, 0, 0, time.UTC)

// say makes a message of sender s sent some minutes into the evening.
func say(kind MsgType, id string, minutes int, refs ...string) Message {
	m := Message{Sender: "s", ID: id, Status: StatusActual, MsgType: kind, Sent: evening.Add(time.Duration(minutes) * time.Minute)}
	for _, r := range refs {
		m.References = append(m.References, Reference{Sender: "s", ID: r})
	}
	return m
}

func TestAChainOfCAP(t *testing.T) {
	var a archive
	if p := a.take(say(MsgAlert, "1", 0)); !p.New || p.Ends || len(p.Held) > 0 {
		t.Errorf("the first opens an episode: %+v", p)
	}
	if p := a.take(say(MsgUpdate, "2", 10, "1")); p.Episode != "e0001" || p.New || p.Ends {
		t.Errorf("the update joins it: %+v", p)
	}
	if p := a.take(say(MsgCancel, "3", 20, "2")); p.Episode != "e0001" || !p.Ends || len(p.Held) > 0 {
		t.Errorf("the cancel ends it: %+v", p)
	}
	if p := a.take(say(MsgUpdate, "4", 15, "1")); !p.Born || !slices.Contains(p.Flags, FlagBornCancelled) {
		t.Errorf("an update sent before the cancel and late to arrive is born cancelled: %+v", p)
	}
	if p := a.take(say(MsgUpdate, "5", 30, "1")); p.Born || p.State.Ended {
		t.Errorf("an update sent after the cancel opens it again: %+v", p)
	}
}

func TestAStarOf12379(t *testing.T) {
	const office = "51180041600000_"
	cn := func(kind MsgType, id string, minutes int, first string) Message {
		m := say(kind, office+id, minutes)
		m.Sender, m.SenderCode = "某市气象局", office[:14]
		if first != "" {
			m.References = []Reference{{ID: office + first}}
		}
		return m
	}
	var a archive
	a.take(cn(MsgAlert, "20260710180000", 0, ""))
	a.take(cn(MsgUpdate, "20260710181000", 10, "20260710180000"))
	p := a.take(cn(MsgCancel, "20260710190000", 60, "20260710180000"))
	if !p.Ends || p.Episode != "e0001" || len(p.Held) > 0 {
		t.Errorf("every message names the first one: %+v", p)
	}
	again := cn(MsgAlert, "20260710180000", 0, "")
	again.ID, again.Sender = "ALERT_CN_"+again.ID, "an aggregator"
	if p := a.take(again); !p.Repeat || p.Episode != "e0001" {
		t.Errorf("the national id joins all sources: %+v", p)
	}
	other := cn(MsgCancel, "20260710190000", 70, "20260710180000")
	other.ID = "51010041600000_20260710190000"
	if p := a.take(other); len(p.Held) == 0 || p.Episode == "e0001" {
		t.Errorf("another office's cancel ends nothing: %+v", p)
	}
}

func TestACancelBeforeItsAlert(t *testing.T) {
	var a archive
	p := a.take(say(MsgCancel, "9", 20, "1"))
	if !p.New || p.Ends || len(p.Tombstones) != 1 || len(p.Held) == 0 || !slices.Contains(p.Flags, FlagReferenceUnknown) {
		t.Errorf("kept with a tombstone, for a person: %+v", p)
	}
	if p := a.take(say(MsgAlert, "1", 0)); !p.Born || p.Episode != "e0001" || p.Repeat {
		t.Errorf("the late alert is born cancelled: %+v", p)
	}
}

func TestAForeignCancelEndsNothing(t *testing.T) {
	foreign := say(MsgCancel, "x", 20)
	foreign.Sender, foreign.References = "stranger", []Reference{{Sender: "s", ID: "1"}}
	var a archive
	a.take(say(MsgAlert, "1", 0))
	p := a.take(foreign)
	if p.Ends || p.Episode == "e0001" || len(p.Held) == 0 || !slices.Contains(p.Flags, FlagForeignReference) {
		t.Errorf("flagged, held, ends nothing: %+v", p)
	}
	trusting := archive{trusted: []string{"stranger"}}
	trusting.take(say(MsgAlert, "1", 0))
	if p := trusting.take(foreign); !p.Ends {
		t.Errorf("a trusted aggregator may: %+v", p)
	}
	var early archive
	early.take(foreign)
	if p := early.take(say(MsgAlert, "1", 0)); p.Born {
		t.Errorf("nor may a foreign cancel lie in wait: %+v", p)
	}
}

func TestATestCancelEndsNothingActual(t *testing.T) {
	test := say(MsgCancel, "2", 20, "1")
	test.Status = StatusTest
	var a archive
	a.take(say(MsgAlert, "1", 0))
	if p := a.take(test); p.Ends || !p.New {
		t.Errorf("got %+v", p)
	}
}

func TestAnAllClearThatRefersToItself(t *testing.T) {
	clear := say(MsgUpdate, "1", 30, "1")
	clear.AllClear = true
	var alone archive
	if p := alone.take(clear); !slices.Contains(p.Flags, FlagSelfReference) || len(p.Held) == 0 {
		t.Errorf("alone it ends nothing and a person looks: %+v", p)
	}
	var a archive
	a.take(say(MsgAlert, "1", 0))
	if p := a.take(clear); !p.Ends || len(p.Held) > 0 {
		t.Errorf("after the message of its id it ends that one: %+v", p)
	}
}

func TestACycleIsFlaggedAndHarmless(t *testing.T) {
	var a archive
	a.take(say(MsgUpdate, "a", 0, "b"))
	if p := a.take(say(MsgUpdate, "b", 1, "a")); p.Episode != "e0001" || !slices.Contains(p.Flags, FlagReferenceCycle) {
		t.Errorf("got %+v", p)
	}
}

func TestACancelOfTwoJoinsThem(t *testing.T) {
	var a archive
	a.take(say(MsgAlert, "1", 0))
	a.take(say(MsgAlert, "2", 5))
	p := a.take(say(MsgCancel, "3", 20, "1", "2"))
	if p.Episode != "e0001" || !slices.Equal(p.Merge, []string{"e0002"}) || !p.Ends {
		t.Errorf("got %+v", p)
	}
}

func TestAcknowledgementsAreNotPlaced(t *testing.T) {
	var a archive
	a.take(say(MsgAlert, "1", 0))
	if p := a.take(say(MsgAck, "2", 5, "1")); p.New || p.Episode != "" || p.Ends {
		t.Errorf("got %+v", p)
	}
}

func anyMessages(t *rapid.T) []Message {
	ids := []string{"1", "2", "3", "4", "5", "51180041600000_20260710180000", "51180041600000_20260710181000"}
	senders := []string{"s", "s", "s", "r"}
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Message {
		m := say(rapid.SampledFrom([]MsgType{MsgAlert, MsgUpdate, MsgUpdate, MsgCancel}).Draw(t, "kind"),
			rapid.SampledFrom(ids).Draw(t, "id"), rapid.IntRange(0, 6).Draw(t, "minute"))
		m.Sender = rapid.SampledFrom(senders).Draw(t, "sender")
		m.AllClear = m.MsgType == MsgUpdate && rapid.IntRange(0, 4).Draw(t, "clear") == 0
		if rapid.IntRange(0, 5).Draw(t, "test") == 0 {
			m.Status = StatusTest
		}
		for _, id := range rapid.SliceOfN(rapid.SampledFrom(ids), 0, 2).Draw(t, "refs") {
			m.References = append(m.References, Reference{Sender: rapid.SampledFrom(append(senders, "")).Draw(t, "of"), ID: id})
		}
		return m
	}), 1, 8).Draw(t, "messages")
}

func TestTheOrderOfArrivalDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		messages := anyMessages(t)
		trusted := []string{}
		if rapid.Bool().Draw(t, "trust") {
			trusted = append(trusted, "r")
		}
		first, second := archive{trusted: trusted}, archive{trusted: trusted}
		for _, m := range messages {
			first.take(m)
		}
		for _, m := range rapid.Permutation(messages).Draw(t, "order") {
			second.take(m)
		}
		if a, b := first.picture(), second.picture(); a != b {
			t.Fatalf("one order gives\n%s\nanother\n%s", a, b)
		}
	})
}
