package httpapi

import (
	_ "embed"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/response"
	"muster/internal/roster"
	"muster/internal/warning"
)

// lookPurpose is what the signed links to a leader are good for: one question
// about one version of one draft.
const lookPurpose = "second_look"

//go:embed second_look_page.html
var lookHTML string

var lookTemplates = template.Must(template.Must(answerTemplates.Clone()).Parse(lookHTML))

// lookPages are for the duty leader's phone, without a session: the link or the
// code opens one question.
func (s *Server) lookPages(r chi.Router) {
	r.Get("/s", s.lookCodeForm)
	r.Post("/s", s.takeLookCode)
	r.Get("/s/{token}", s.lookPage)
	r.Post("/s/{token}", s.takeLook)
}

// linkOf is the page that a notice on one's own screen asks one to open.
func (s *Server) linkOf(n postgres.MyNotice) *string {
	if n.Kind != response.NoticeReview {
		return nil
	}
	link := s.lookLink(n.Occasion, n.CreatedAt)
	return &link
}

const lookLife = 2 * time.Hour

func (s *Server) lookLink(look uuid.UUID, asked time.Time) string {
	return "/s/" + s.Sealer.Token(lookPurpose, look, asked.Add(lookLife))
}

func (s *Server) lookCodeForm(w http.ResponseWriter, r *http.Request) {
	s.pageOf(lookTemplates, w, r, http.StatusOK, "look_code", codePage{sheet: newSheet("审定预警草稿", false)})
}

// takeLookCode turns phone and code into the link that they stand for.
func (s *Server) takeLookCode(w http.ResponseWriter, r *http.Request) {
	at := s.Clock.Now()
	err := readForm(w, r)
	var phone string
	if err == nil {
		phone, err = roster.ParsePhone(narrow(r.PostForm.Get("phone")))
	}
	var look postgres.LinkLook
	if err == nil {
		code := strings.TrimSpace(narrow(r.PostForm.Get("code")))
		look, err = s.DB.LookByCode(r.Context(), s.Sealer.Hashes(account.PhonePurpose, phone), code, at)
	}
	if err != nil {
		p := problemOf(err)
		s.pageOf(lookTemplates, w, r, p.Status, "look_code", codePage{newSheet("审定预警草稿", false), p.Detail})
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, s.lookLink(look.ID, look.AskedAt), http.StatusSeeOther)
}

type lookPageView struct {
	sheet
	Level                                           warning.Level
	Names                                           []postgres.UnreadName
	Headline, Authority, Asked, Kind, Origin, Until string
	Version                                         int
	Sites, Certain, Possible, Expected              int
	Measures                                        []lookMeasure
	Texts                                           []lookText
	Problem, Over                                   string
}

type lookMeasure struct {
	Label, Names string
	Sites        int
}

type lookText struct{ Channel, Measure, Text string }

type lookDone struct {
	sheet
	Good       bool
	Said, Back string
}

// asked is the question behind the link of a request.
func (s *Server) asked(r *http.Request, at time.Time) (postgres.LinkLook, error) {
	id, err := s.Sealer.OpenToken(lookPurpose, chi.URLParam(r, "token"), at)
	if err != nil {
		return postgres.LinkLook{}, err
	}
	return s.DB.LookByLink(r.Context(), id, at)
}

func (s *Server) lookPage(w http.ResponseWriter, r *http.Request) {
	at := s.Clock.Now()
	look, err := s.asked(r, at)
	if err != nil {
		s.lookFailed(w, r, err, "")
		return
	}
	v, p, err := s.DB.LookContent(r.Context(), look, at)
	if err != nil {
		s.lookFailed(w, r, err, "")
		return
	}
	names, err := s.DB.UnreadNames(r.Context(), []uuid.UUID{v.ID})
	if err != nil {
		s.lookFailed(w, r, err, "")
		return
	}
	page := viewLookPage(look, v, p)
	page.Names = names[v.ID]
	s.pageOf(lookTemplates, w, r, http.StatusOK, "look", page)
}

func (s *Server) takeLook(w http.ResponseWriter, r *http.Request) {
	at := s.Clock.Now()
	look, err := s.asked(r, at)
	if err == nil {
		err = readForm(w, r)
	}
	if err != nil {
		s.lookFailed(w, r, err, "")
		return
	}
	version, err := strconv.Atoi(r.PostForm.Get("version"))
	act := r.PostForm.Get("act")
	if err != nil || act != "approve" && act != "refuse" {
		s.lookFailed(w, r, errs.New(errs.Fix, "form", "表单没有完整收到，请返回再试"), r.URL.Path)
		return
	}
	v := postgres.Verdict{Version: version, Approve: act == "approve", Words: strings.TrimSpace(r.PostForm.Get("words"))}
	if err := s.DB.AnswerByLink(r.Context(), look.ID, v, at); err != nil {
		s.lookFailed(w, r, err, r.URL.Path)
		return
	}
	done := lookDone{sheet: newSheet("已记录", false), Good: true, Said: "已记录：同意发布。值班台会看到。"}
	if !v.Approve {
		done.Said = "已记录：不同意。值班台会看到您的理由。"
	}
	s.pageOf(lookTemplates, w, r, http.StatusOK, "look_done", done)
}

func (s *Server) lookFailed(w http.ResponseWriter, r *http.Request, err error, back string) {
	p := problemOf(err)
	if p.Kind == errs.Internal || p.Kind == errs.Down {
		s.Log.ErrorContext(r.Context(), "look page failed", "path", publicPath(r.URL.Path), "err", err)
	}
	s.pageOf(lookTemplates, w, r, p.Status, "look_done", lookDone{sheet: newSheet("没有办成", false), Said: p.Detail, Back: back})
}

func viewLookPage(l postgres.LinkLook, w postgres.Warning, p postgres.PublicationPlan) lookPageView {
	sums := totals(p.Preview.Targets)
	v := lookPageView{sheet: newSheet("审定预警草稿", w.Mode == "exercise"), Level: w.Level, Headline: w.Title, Authority: w.AuthorityName, Asked: wall(l.AskedAt),
		Kind: kindLabels[w.Kind], Until: wall(w.Expires), Version: l.Version, Sites: sums.Sites, Certain: sums.Certain, Possible: sums.Possible,
		Expected: sums.Expected, Over: lookOver(l)}
	switch {
	case w.Issuer != "" && w.IssuedAt != nil:
		v.Origin = "原发布 " + w.Issuer + " " + wall(*w.IssuedAt) + "，"
	case w.Basis != "":
		v.Origin = "依据" + w.Basis + "，"
	}
	names := map[warning.Measure][]string{}
	for _, t := range p.Preview.Targets {
		names[t.Measure] = append(names[t.Measure], t.Name)
	}
	for _, m := range sums.ByMeasure {
		all := names[warning.Measure(m.Measure)]
		shown := strings.Join(all[:min(5, len(all))], "、")
		if len(all) > 5 {
			shown += "等"
		}
		v.Measures = append(v.Measures, lookMeasure{m.Label, shown, m.Sites})
	}
	for _, t := range p.Texts {
		if t.Kind == response.NoticeAlert || t.Kind == response.NoticeUpgrade {
			v.Texts = append(v.Texts, lookText{t.Channel.Label(), t.Measure.Label(), t.Text})
		}
	}
	return v
}

func lookOver(l postgres.LinkLook) string {
	switch {
	case l.State == "approved":
		return "您已于" + wall(*l.AnsweredAt) + "同意发布。"
	case l.State == "refused":
		return "您已于" + wall(*l.AnsweredAt) + "答复不同意。"
	case l.PublishedAt == nil && l.WarningState != "draft":
		return "这份草稿已经处理，不再需要审定。"
	case l.PublishedAt == nil && l.WarningVersion != l.Version:
		return "草稿在发给您之后被修改，请等待新的审定请求。"
	}
	return ""
}
