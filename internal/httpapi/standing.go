package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/warning"
)

func (s *Server) standingRoutes() {
	allow(s, operation{id: "listStandings", method: http.MethodGet, path: "/standing-authorisations", summary: "常设授权：哪些预警到时自动转发，谁签发"},
		account.DraftWarning, s.listStandings)
	allow(s, operation{id: "signStanding", method: http.MethodPost, path: "/standing-authorisations", summary: "签发常设授权", status: http.StatusCreated},
		account.SignStanding, s.signStanding)
	allow(s, operation{id: "revokeStanding", method: http.MethodPost, path: "/standing-authorisations/{id}/revoke", summary: "撤销常设授权；等待中的草稿不再自动转发"},
		account.SignStanding, s.revokeStanding)
}

type signedView struct {
	ID           uuid.UUID    `json:"id"`
	Version      int          `json:"version"`
	Authority    idName       `json:"authority"`
	Title        string       `json:"title"`
	Signer       UserView     `json:"signer"`
	Hazards      []codeLabel  `json:"hazards"`
	Levels       []codeLabel  `json:"levels"`
	Sources      []string     `json:"sources"`
	MaxKM2       float64      `json:"max_km2"`
	MaxSites     int          `json:"max_sites"`
	DelayMinutes int          `json:"delay_minutes"`
	ValidFrom    time.Time    `json:"valid_from"`
	ValidUntil   time.Time    `json:"valid_until"`
	Words        string       `json:"words"`
	State        string       `json:"state" enum:"coming,in_force,over,revoked"`
	Revoked      *revokedView `json:"revoked"`
	RecordedAt   time.Time    `json:"recorded_at"`
}

type revokedView struct {
	By     UserView  `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

func viewSigned(x postgres.Standing, at time.Time) signedView {
	v := signedView{ID: x.ID, Version: x.Version, Authority: idName{x.AuthorityID, x.AuthorityName}, Title: x.Title, Signer: UserView{x.SignedBy, x.SignerTitle},
		Hazards: labels(x.Hazards), Levels: labels(x.Levels), Sources: x.Sources, MaxKM2: x.MaxKM2, MaxSites: x.MaxSites, DelayMinutes: x.DelayMinutes,
		ValidFrom: x.ValidFrom, ValidUntil: x.ValidUntil, Words: x.Words, State: x.State(at), RecordedAt: x.RecordedAt}
	if x.RevokedAt != nil {
		v.Revoked = &revokedView{UserView{*x.RevokedBy, textOf(x.RevokerTitle)}, *x.RevokedAt, x.RevokedReason}
	}
	return v
}

func (s *Server) listStandings(ctx context.Context, c call, in *struct {
	Over bool `query:"over" doc:"连同已到期、已撤销的"`
}) (*answer[page[signedView]], error) {
	list, err := s.DB.SignedStandings(ctx, c.scope, in.Over, c.at)
	if err != nil {
		return nil, err
	}
	out := page[signedView]{Items: []signedView{}}
	for _, x := range list {
		out.Items = append(out.Items, viewSigned(x, c.at))
	}
	return reply(out, nil)
}

type signStandingRequest struct {
	OnceHeader
	Body struct {
		Authority    uuid.UUID  `json:"authority_id,omitempty" doc:"在几个单位带班时选一个"`
		Title        string     `json:"title" maxLength:"60"`
		Hazards      []string   `json:"hazards" maxItems:"20"`
		Levels       []string   `json:"levels" maxItems:"4"`
		Sources      []string   `json:"sources" maxItems:"20" doc:"数据源名称"`
		MaxKM2       float64    `json:"max_km2"`
		MaxSites     int        `json:"max_sites"`
		DelayMinutes int        `json:"delay_minutes" doc:"草稿到自动转发的等待时间，1至120分钟"`
		ValidFrom    *time.Time `json:"valid_from,omitempty" doc:"不填为现在"`
		ValidUntil   time.Time  `json:"valid_until"`
		Words        string     `json:"words,omitempty" maxLength:"400"`
	}
}

func (s *Server) signStanding(ctx context.Context, c call, in *signStandingRequest) (*answer[signedView], error) {
	offices, err := officesFor(c, account.SignStanding, in.Body.Authority)
	if err != nil {
		return nil, err
	}
	x := postgres.Standing{AuthorityID: offices[0].Authority, Title: in.Body.Title, Sources: in.Body.Sources, MaxKM2: in.Body.MaxKM2, MaxSites: in.Body.MaxSites,
		DelayMinutes: in.Body.DelayMinutes, ValidFrom: c.at, ValidUntil: in.Body.ValidUntil, Words: in.Body.Words}
	if in.Body.ValidFrom != nil {
		x.ValidFrom = *in.Body.ValidFrom
	}
	for _, h := range in.Body.Hazards {
		x.Hazards = append(x.Hazards, warning.Hazard(h))
	}
	for _, l := range in.Body.Levels {
		x.Levels = append(x.Levels, warning.Level(l))
	}
	id, err := s.DB.SignStanding(ctx, x, c.actor(), in.once(c, "sign standing", in.Body), c.at)
	if err != nil {
		return nil, err
	}
	return s.signed(ctx, c, id)
}

func (s *Server) signed(ctx context.Context, c call, id uuid.UUID) (*answer[signedView], error) {
	x, err := s.DB.StandingByID(ctx, c.scope, id)
	return reply(viewSigned(x, c.at), err)
}

func (s *Server) revokeStanding(ctx context.Context, c call, in *struct {
	ID uuid.UUID `path:"id"`
	OnceHeader
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"200"`
	}
}) (*answer[signedView], error) {
	if err := s.DB.RevokeStanding(ctx, c.scope, in.ID, in.Body.Reason, c.actor(), in.once(c, "revoke "+in.ID.String(), in.Body), c.at); err != nil {
		return nil, err
	}
	return s.signed(ctx, c, in.ID)
}
