package httpapi

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"muster/internal/clock"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/response"
	"muster/internal/warning"
)

type linkPage struct {
	sheet
	Headline  string
	Level     warning.Level // empty: what nobody has graded
	Authority string
	Until     string
	Over      string // why nothing can be answered any more
	Problem   string
	Key       string
	Sites     []linkSite
	Evacuates bool
	Works     bool // some site has a measure that is carried out
	Evidence  []codeLabel
}

type linkSite struct {
	ID                                     uuid.UUID
	Name, Measure, Sentence, Muster, State string
	Due                                    string
	Live                                   bool
}

// linked is the summons behind the link of a request.
func (s *Server) linked(r *http.Request, at time.Time) (postgres.Called, error) {
	id, err := s.Sealer.OpenToken(answerPurpose, chi.URLParam(r, "token"), at)
	if err != nil {
		return postgres.Called{}, err
	}
	return s.DB.CalledBy(r.Context(), id, at)
}

// linkPage shows what is asked. Looking is not kept: mail filters and chat
// programs open links before people do.
func (s *Server) linkPage(w http.ResponseWriter, r *http.Request) {
	at := s.Clock.Now()
	called, err := s.linked(r, at)
	if err != nil {
		s.unable(w, r, err, false, "/a")
		return
	}
	s.page(w, r, http.StatusOK, "link", viewLink(called, at))
}

func viewLink(c postgres.Called, at time.Time) linkPage {
	p := linkPage{sheet: newSheet("预警答复", c.Mode == "exercise"), Headline: "现场险情", Over: overWhy(c, at), Key: uuid.NewString()}
	if c.Hazard != nil && c.Level != nil {
		p.Level = *c.Level
		p.Headline = "《" + response.ShortName(*c.Hazard, *c.Level) + "》"
	}
	if c.Authority != nil {
		p.Authority = *c.Authority
	}
	if c.Expires != nil {
		p.Until = wall(*c.Expires)
	}
	for _, t := range c.Sites {
		p.add(t, p.Over == "", c.Rules)
	}
	return p
}

func wall(t time.Time) string { return t.In(clock.Shanghai).Format("1月2日15:04") }

func overWhy(c postgres.Called, at time.Time) string {
	switch {
	case c.WrongContact:
		return "此前已答复“不是本人”，这个链接不再接收答复。"
	case c.ClosedAt != nil:
		return "这条预警已于 " + wall(*c.ClosedAt) + " 解除，不再接收答复。离开的人员在准予返回之前不得返回。"
	case c.DeadAt != nil && !at.Before(*c.DeadAt):
		return "答复已截止。"
	}
	return ""
}

func (p *linkPage) add(t postgres.CalledSite, open bool, rules *response.Rules) {
	live := open && t.State.Live()
	site := linkSite{ID: t.ThreadID, Name: t.SiteName, Measure: t.Measure.Label(), Sentence: t.Sentence, Muster: t.MusterPoint, State: t.State.Label(), Live: live}
	if live && t.DueAt != nil {
		site.Due = wall(*t.DueAt)
	}
	p.Sites = append(p.Sites, site)
	if !live {
		return
	}
	p.Evacuates = p.Evacuates || t.Measure == warning.Evacuate
	p.Works = p.Works || t.Measure != warning.Evacuate
	for _, group := range rules.EvidenceFor(t.Measure, t.Level, t.AtRisk).Report {
		for _, e := range group {
			if l := (codeLabel{string(e), e.Label()}); !slices.Contains(p.Evidence, l) {
				p.Evidence = append(p.Evidence, l)
			}
		}
	}
	if words := (codeLabel{string(response.Words), response.Words.Label()}); !slices.Contains(p.Evidence, words) {
		p.Evidence = append(p.Evidence, words)
	}
}

// takeLink takes the answer of the person who was called.
func (s *Server) takeLink(w http.ResponseWriter, r *http.Request) {
	at := s.Clock.Now()
	called, err := s.linked(r, at)
	if err == nil {
		err = readForm(w, r)
	}
	back := r.URL.Path
	if err != nil {
		s.unable(w, r, err, called.Mode == "exercise", back)
		return
	}
	standings, err := s.answerLink(r, called, at)
	if err != nil {
		s.unable(w, r, err, called.Mode == "exercise", back)
		return
	}
	page := donePage{sheet: newSheet("答复已记录", called.Mode == "exercise"), Good: true, Said: "答复已记录。", Back: back}
	if r.PostForm.Get("act") == "wrong_person" {
		page.Said = "已记录“不是本人”，不再向这个号码叫应，改叫下一位负责人。"
	}
	for _, t := range standings {
		i := slices.IndexFunc(called.Sites, func(c postgres.CalledSite) bool { return c.ThreadID == t.ThreadID })
		page.Sites = append(page.Sites, siteLine{t.SiteName, called.Sites[i].Measure.Label(), t.State.Label(), t.Why})
	}
	s.page(w, r, http.StatusOK, "done", page)
}

// answerLink lets the pressed button happen at the chosen sites.
func (s *Server) answerLink(r *http.Request, called postgres.Called, at time.Time) ([]response.Standing, error) {
	act := r.PostForm.Get("act")
	if act == "wrong_person" {
		return nil, s.DB.NotHim(r.Context(), called.ID, at)
	}
	chosen, err := chosenSites(called, r.PostForm["site"])
	if err != nil {
		return nil, err
	}
	key, err := uuid.Parse(r.PostForm.Get("key"))
	if err != nil {
		return nil, errs.New(errs.Fix, "form", "表单没有完整收到，请返回再试")
	}
	var all []response.Standing
	for _, a := range linkAnswers(act, chosen) {
		a.EventID, a.Channel, a.At = uuid.NewSHA1(called.ID, append(key[:], a.Event...)), response.App, at
		if err := readReport(r, &a); err != nil {
			return nil, err
		}
		standings, err := s.DB.GiveBySummons(r.Context(), called.ID, a, at)
		if err != nil {
			return nil, err
		}
		all = append(all, standings...)
	}
	if all == nil {
		return nil, errs.New(errs.Fix, "act", "请选择要做的答复")
	}
	return all, nil
}

// chosenSites are the sites that were ticked; a site that the person was not
// asked about is none of them.
func chosenSites(called postgres.Called, ids []string) ([]postgres.CalledSite, error) {
	var list []postgres.CalledSite
	for _, t := range called.Sites {
		if slices.Contains(ids, t.ThreadID.String()) {
			list = append(list, t)
		}
	}
	if len(list) == 0 {
		return nil, errs.New(errs.Fix, "no_site", "请至少勾选一个点位")
	}
	return list, nil
}

// linkAnswers turns a button into answers: 撤离 is reported, the other measures
// are carried out.
func linkAnswers(act string, chosen []postgres.CalledSite) []postgres.Answer {
	of := func(e response.Event, evacuates func(bool) bool, flags ...string) []postgres.Answer {
		var ids []uuid.UUID
		for _, t := range chosen {
			if evacuates(t.Measure == warning.Evacuate) {
				ids = append(ids, t.ThreadID)
			}
		}
		if len(ids) == 0 {
			return nil
		}
		return []postgres.Answer{{Event: e, Threads: ids, Flags: flags}}
	}
	all, yes, no := func(bool) bool { return true }, func(is bool) bool { return is }, func(is bool) bool { return !is }
	switch act {
	case "acknowledge":
		return of(response.Acknowledge, all)
	case "support":
		return of(response.Acknowledge, all, "support")
	case "move":
		return of(response.Move, yes)
	case "report":
		return slices.Concat(of(response.Report, yes), of(response.CarryOut, no))
	}
	return nil
}

// readReport reads what a report rests on.
func readReport(r *http.Request, a *postgres.Answer) error {
	if a.Event != response.Report && a.Event != response.CarryOut {
		return nil
	}
	var err error
	if a.Evidence, err = readEvidence(r.PostForm["evidence"]); err != nil {
		return err
	}
	a.Words = r.PostForm.Get("words")
	if a.Event == response.CarryOut {
		return nil
	}
	if len(a.Threads) > 1 {
		return errs.New(errs.Fix, "one_site", "报告撤离人数时请只勾选一个点位")
	}
	if a.Safe, err = readCount(r.PostForm.Get("safe")); err != nil {
		return err
	}
	a.Missing, err = readCount(r.PostForm.Get("missing"))
	return err
}

func readCount(text string) (*int, error) {
	text = strings.TrimSpace(narrow(text))
	if text == "" {
		return nil, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 100_000 {
		return nil, errs.New(errs.Fix, "count", "人数要填数字")
	}
	return &n, nil
}
