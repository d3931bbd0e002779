package fake

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"muster/internal/errs"
)

// serveControl opens the control interface and the page. All questions are POSTs
// with a JSON body, so that no number stands in an address; other sites' pages are
// refused.
func (c *Carrier) serveControl() {
	guard := http.NewCrossOriginProtection()
	for path, h := range map[string]http.HandlerFunc{
		"/control/state":      answer(c.controlState),
		"/control/boxes":      answer(c.controlBoxes),
		"/control/box":        answer(c.controlBox),
		"/control/conditions": answer(c.controlConditions),
		"/control/person":     answer(c.controlPerson),
		"/control/act":        answer(c.controlAct),
		"/control/handovers":  answer(func(struct{}) (map[string]int, error) { return c.HandOvers(), nil }),
	} {
		c.mux.Handle("POST "+path, guard.Handler(h))
	}
	c.servePage()
}

// answer makes a handler of a function from one JSON value to another.
func answer[Q, A any](do func(Q) (A, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, ok := readBody(w, r)
		if !ok {
			return
		}
		var q Q
		if len(body) > 0 && json.Unmarshal(body, &q) != nil {
			problem(w, errs.New(errs.Fix, "bad_json", "内容无法读懂"))
			return
		}
		a, err := do(q)
		if err != nil {
			problem(w, err)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		writeJSON(w, http.StatusOK, a)
	}
}

func problem(w http.ResponseWriter, err error) {
	text := "内部错误"
	if e, ok := errors.AsType[*errs.Error](err); ok {
		text = e.Text
	}
	writeJSON(w, errs.KindOf(err).Status(), map[string]string{"text": text})
}

// Figures are the carrier's counts since it was made.
type Figures struct {
	Delivered uint64 `json:"delivered"`
	Repeated  uint64 `json:"repeated"` // the same key again: counted, not delivered
	Limited   uint64 `json:"limited"`
	Refused   uint64 `json:"refused"`
	Lost      uint64 `json:"lost"` // requests without a proper answer
	Pushed    uint64 `json:"pushed"`
	Dropped   uint64 `json:"dropped"` // receipts and plans that had no room
}

// Figures tells what went through so far.
func (c *Carrier) Figures() Figures {
	f := &c.counts.fates
	lost := f[Away].Load() + f[Closed].Load() + f[Lost].Load() + f[Unheard].Load() + f[Nonsense].Load()
	return Figures{c.counts.delivered.Load(), c.counts.repeated.Load(), c.counts.limited.Load(), f[Busy].Load(), lost,
		c.counts.pushed.Load(), c.counts.dropped.Load()}
}

type doorState struct {
	Name       string     `json:"name"`
	Label      string     `json:"label"`
	Conditions Conditions `json:"conditions"`
}

type carrierState struct {
	Now     time.Time       `json:"now"`
	All     Conditions      `json:"all"`
	Doors   []doorState     `json:"doors"`
	Figures Figures         `json:"figures"`
	Boxes   map[BoxKind]int `json:"boxes"`
}

func (c *Carrier) controlState(struct{}) (carrierState, error) {
	s := carrierState{Now: c.Now(), All: c.weather.at(""), Figures: c.Figures(), Boxes: c.screens.count()}
	for _, d := range c.doors {
		s.Doors = append(s.Doors, doorState{d.Name, d.Label, c.weather.at(d.Name)})
	}
	return s, nil
}

type boxesQuestion struct {
	Kind   BoxKind `json:"kind"`
	Find   string  `json:"find"`
	Offset int     `json:"offset"`
	Limit  int     `json:"limit"`
}

type boxesAnswer struct {
	Boxes []Screen `json:"boxes"`
	Total int      `json:"total"`
}

func (c *Carrier) controlBoxes(q boxesQuestion) (boxesAnswer, error) {
	list, total := c.Boxes(q.Kind, q.Find, q.Offset, min(q.Limit, 200))
	if list == nil {
		list = []Screen{}
	}
	return boxesAnswer{list, total}, nil
}

func (c *Carrier) controlBox(b Box) (Screen, error) {
	view, ok := c.Look(b)
	if !ok {
		return Screen{}, errs.New(errs.NotFound, "no_box", "这里还没有收到过消息")
	}
	return view, nil
}

func (c *Carrier) controlConditions(q struct {
	Door       string     `json:"door"`
	Conditions Conditions `json:"conditions"`
}) (struct{}, error) {
	return struct{}{}, c.SetConditions(q.Door, q.Conditions)
}

func (c *Carrier) controlPerson(q struct {
	Phone  string `json:"phone"`
	Person Person `json:"person"`
}) (struct{}, error) {
	return struct{}{}, c.SetPerson(q.Phone, q.Person)
}

func (c *Carrier) controlAct(a HandAct) (struct{}, error) { return struct{}{}, c.Act(a) }
