package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/warning"
)

func (s *Server) planRoutes() {
	allow(s, operation{id: "planWarning", method: http.MethodGet, path: "/warnings/{id}/plan", summary: "发布前：谁在何时以何种方式得到什么话，会碰到哪些限制"},
		account.DraftWarning, s.planWarning)
	allow(s, operation{id: "planRevision", method: http.MethodPost, path: "/warnings/{id}/revise/plan", summary: "更新前：同上，只算新增和需重新签收的点位"},
		account.PublishWarning, s.planRevision)
}

type planView struct {
	AsOf        time.Time              `json:"as_of"`
	TookMS      float64                `json:"took_ms"`
	Level       string                 `json:"level"`
	LevelLabel  string                 `json:"level_label"`
	SecondLook  bool                   `json:"second_look" doc:"值班员发布时需要复核"`
	Sites       int                    `json:"sites"`
	Asked       int                    `json:"asked" doc:"会被叫应的点位；更新时只有新增和加重的"`
	Released    int                    `json:"released" doc:"更新后不再受影响的点位"`
	PeopleTold  int                    `json:"people_told"`
	Waves       []waveView             `json:"waves" doc:"无人应答时依次发生的"`
	Channels    []planChannelView      `json:"channels"`
	Authorities []planOfficeView       `json:"authorities"`
	Limits      []planLimitView        `json:"limits"`
	Few         bounded[planSiteView]  `json:"few_reachable" doc:"驻地与合同段两级可呼叫的人不足两名"`
	Nobody      bounded[planSiteView]  `json:"nobody" doc:"没有登记负责人"`
	NoContact   bounded[noContactView] `json:"no_contact" doc:"三十天内没有任何送达"`
	Texts       []planTextView         `json:"texts"`
}

// bounded is the first of a list, and how many there are.
type bounded[T any] struct {
	Count int `json:"count"`
	Items []T `json:"items"`
}

const maxBounded = 50

func firstFew[F, T any](list []F, view func(F) T) bounded[T] {
	b := bounded[T]{Count: len(list), Items: []T{}}
	for _, x := range list[:min(maxBounded, len(list))] {
		b.Items = append(b.Items, view(x))
	}
	return b
}

type waveView struct {
	AfterS   int               `json:"after_s"`
	At       time.Time         `json:"at"`
	Channels []planChannelView `json:"channels"`
	Parties  []planPartyView   `json:"parties"`
}

type planChannelView struct {
	Channel string    `json:"channel"`
	Label   string    `json:"label"`
	People  int       `json:"people"`
	Notices int       `json:"notices"`
	FirstAt time.Time `json:"first_at"`
}

type planPartyView struct {
	Party  string `json:"party"`
	Label  string `json:"label"`
	People int    `json:"people"`
}

type planOfficeView struct {
	ID            uuid.UUID `json:"id"`
	Name          string    `json:"name"`
	Level         string    `json:"level"`
	Sites         int       `json:"sites"`
	FirstDigestAt time.Time `json:"first_digest_at"`
	OnDuty        int       `json:"on_duty"`
}

type planLimitView struct {
	Code    string `json:"code" enum:"contract_missing,no_number,budget,night"`
	Channel string `json:"channel"`
	Label   string `json:"label"`
	People  int    `json:"people"`
	Text    string `json:"text"`
}

type planSiteView struct {
	SiteID     uuid.UUID `json:"site_id"`
	Name       string    `json:"name"`
	RegionName string    `json:"region_name"`
	Section    unitView  `json:"section"`
	Project    idName    `json:"project"`
	Measure    string    `json:"measure"`
	Reachable  int       `json:"reachable"`
}

type noContactView struct {
	ContactView
	SiteID   uuid.UUID  `json:"site_id"`
	SiteName string     `json:"site_name"`
	LastAt   *time.Time `json:"last_at"`
}

type planTextView struct {
	Kind         string        `json:"kind"`
	KindLabel    string        `json:"kind_label"`
	Measure      string        `json:"measure"`
	MeasureLabel string        `json:"measure_label"`
	Channel      string        `json:"channel"`
	Label        string        `json:"label"`
	Template     string        `json:"template"`
	Title        string        `json:"title"`
	Text         string        `json:"text"`
	Segments     []segmentView `json:"segments" doc:"锁定的是通道已核准的固定文字"`
	Notices      int           `json:"notices"`
	Parts        int           `json:"parts" doc:"短信条数"`
}

type segmentView struct {
	Text   string `json:"text"`
	Locked bool   `json:"locked"`
	Value  string `json:"value,omitempty"`
}

func (s *Server) planWarning(ctx context.Context, c call, in *WarningPath) (*answer[planView], error) {
	began := s.Clock.Now()
	p, err := s.DB.PlanWarning(ctx, c.scope, in.ID, c.at)
	if err != nil {
		return nil, err
	}
	return s.plan(ctx, c, in.ID, p, began)
}

func (s *Server) planRevision(ctx context.Context, c call, in *struct {
	WarningPath
	Body ContentBody
}) (*answer[planView], error) {
	began := s.Clock.Now()
	w, err := s.DB.WarningByID(ctx, c.scope, in.ID)
	if err != nil {
		return nil, err
	}
	office, err := c.who.OfficeOver(account.PublishWarning, w.AuthorityID, w.AuthorityRegion)
	if err == nil && office.Authority != w.AuthorityID {
		err = errs.New(errs.Forbidden, "not_ours", "只有发布单位可以更新自己的预警")
	}
	if err != nil {
		return nil, err
	}
	body, err := s.content(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	p, err := s.DB.PlanRevision(ctx, c.scope, in.ID, body, c.at)
	if err != nil {
		return nil, err
	}
	return s.plan(ctx, c, in.ID, p, began)
}

func (s *Server) plan(ctx context.Context, c call, id uuid.UUID, p postgres.PublicationPlan, began time.Time) (*answer[planView], error) {
	show := s.discloser(c)
	v := planView{AsOf: p.AsOf, Level: string(p.Level), LevelLabel: p.Level.Label(), SecondLook: warning.NeedsSecondLook(p.Level), Sites: len(p.Preview.Targets),
		Asked: p.Asked, Released: p.Released, PeopleTold: p.People, Waves: []waveView{}, Channels: viewPlanChannels(p.Channels, p.AsOf),
		Authorities: []planOfficeView{}, Limits: []planLimitView{}, Few: firstFew(p.Few, viewPlanSite), Nobody: firstFew(p.Nobody, viewPlanSite), Texts: []planTextView{}}
	for _, w := range p.Waves {
		wave := waveView{AfterS: int(w.After.Seconds()), At: p.AsOf.Add(w.After), Channels: viewPlanChannels(w.Channels, p.AsOf), Parties: []planPartyView{}}
		for _, x := range w.Parties {
			wave.Parties = append(wave.Parties, planPartyView{string(x.Party), partyLabels.of(x.Party), x.People})
		}
		v.Waves = append(v.Waves, wave)
	}
	for _, o := range p.Authorities {
		v.Authorities = append(v.Authorities, planOfficeView{o.AuthorityID, o.Name, o.Level, o.Sites, p.AsOf.Add(o.First), o.OnDuty})
	}
	for _, l := range p.Limits {
		v.Limits = append(v.Limits, planLimitView{l.Code, string(l.Channel), l.Channel.Label(), l.People, l.Text})
	}
	for _, t := range p.Texts {
		v.Texts = append(v.Texts, viewPlanText(t))
	}
	v.NoContact = firstFew(p.NoContact, func(x postgres.ContactPlan) noContactView {
		place := account.Place{Region: x.Target.Region, Project: x.Target.ProjectID, Section: x.Target.SectionID, SiteID: x.Target.SiteID}
		return noContactView{show.contact(x.Contact, place, account.Quiet), x.Target.SiteID, x.Target.Name, x.LastAt}
	})
	v.TookMS = float64(s.Clock.Now().Sub(began).Microseconds()) / 1000
	return reply(v, show.audited(ctx, "warning", id.String()))
}

func viewPlanChannels(list []postgres.ChannelPlan, asOf time.Time) []planChannelView {
	views := []planChannelView{}
	for _, c := range list {
		views = append(views, planChannelView{string(c.Channel), c.Channel.Label(), c.People, c.Notices, asOf.Add(c.First)})
	}
	return views
}

func viewPlanSite(r postgres.ReachPlan) planSiteView {
	t := r.Target
	return planSiteView{t.SiteID, t.Name, t.RegionName, unitView{t.SectionID, t.SectionCode, t.SectionName}, idName{t.ProjectID, t.ProjectName},
		string(t.Measure), r.Reachable}
}

func viewPlanText(t postgres.TextPlan) planTextView {
	v := planTextView{Kind: string(t.Kind), KindLabel: noticeKindLabels.of(t.Kind), Measure: string(t.Measure), MeasureLabel: t.Measure.Label(),
		Channel: string(t.Channel), Label: t.Channel.Label(), Template: t.Template, Title: t.Title, Text: t.Text, Segments: []segmentView{}, Notices: t.Notices, Parts: t.Parts}
	for _, x := range t.Segments {
		v.Segments = append(v.Segments, segmentView{x.Text, x.Locked, x.Value})
	}
	return v
}
