package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
)

func (s *Server) draftRoutes() {
	allow(s, operation{id: "takeDraft", method: http.MethodPost, path: "/warnings/{id}/take", summary: "接手草稿；别人在处理时须明确接手"}, account.DraftWarning, s.takeDraft)
	allow(s, operation{id: "holdDraft", method: http.MethodPost, path: "/warnings/{id}/hold", summary: "暂缓：写明理由，不再自动转发"}, account.DraftWarning, s.holdDraft)
	allow(s, operation{id: "releaseDraft", method: http.MethodPost, path: "/warnings/{id}/release", summary: "解除暂缓"}, account.DraftWarning, s.releaseDraft)
	allow(s, operation{id: "mergeDraft", method: http.MethodPost, path: "/warnings/{id}/merge", summary: "并入生效中的预警，成为对它的更新"}, account.DraftWarning, s.mergeDraft)
	allow(s, operation{id: "answerName", method: http.MethodPost, path: "/warnings/{id}/names", summary: "未能识别的地名：已补画，或确认不涉及"}, account.DraftWarning, s.answerName)
	allow(s, operation{id: "draftRevision", method: http.MethodPost, path: "/warnings/{id}/revise/draft", summary: "把更新存为草稿，供复核",
		status: http.StatusCreated}, account.PublishWarning, s.draftRevision)
}

func (s *Server) takeDraft(ctx context.Context, c call, in *struct {
	WarningPath
	OnceHeader
	Body struct {
		Over bool `json:"over,omitempty" doc:"从正在处理的人手中接过来"`
	}
}) (*answer[warningView], error) {
	if err := s.DB.TakeDraft(ctx, c.scope, in.ID, in.Body.Over, c.actor(), in.once(c, "take "+in.ID.String(), in.Body), c.at); err != nil {
		return nil, err
	}
	return s.fullWarning(ctx, c, in.ID)
}

func (s *Server) holdDraft(ctx context.Context, c call, in *struct {
	WarningPath
	OnceHeader
	Body struct {
		Reason string     `json:"reason" minLength:"1" maxLength:"200"`
		Until  *time.Time `json:"until,omitempty" doc:"到这时为止；不填则直到有人解除"`
	}
}) (*answer[warningView], error) {
	once := in.once(c, "hold "+in.ID.String(), in.Body)
	if err := s.DB.Hold(ctx, c.scope, in.ID, in.Body.Reason, in.Body.Until, c.actor(), once, c.at); err != nil {
		return nil, err
	}
	return s.fullWarning(ctx, c, in.ID)
}

func (s *Server) releaseDraft(ctx context.Context, c call, in *struct {
	WarningPath
	OnceHeader
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"200"`
	}
}) (*answer[warningView], error) {
	once := in.once(c, "release "+in.ID.String(), in.Body)
	if err := s.DB.Release(ctx, c.scope, in.ID, in.Body.Reason, c.actor(), once, c.at); err != nil {
		return nil, err
	}
	return s.fullWarning(ctx, c, in.ID)
}

func (s *Server) mergeDraft(ctx context.Context, c call, in *struct {
	WarningPath
	OnceHeader
	Body struct {
		Version int       `json:"version"`
		Into    uuid.UUID `json:"into" doc:"生效中的预警"`
	}
}) (*answer[warningView], error) {
	once := in.once(c, "merge "+in.ID.String(), in.Body)
	if err := s.DB.Merge(ctx, c.scope, in.ID, in.Body.Into, in.Body.Version, c.actor(), once, c.at); err != nil {
		return nil, err
	}
	return s.fullWarning(ctx, c, in.ID)
}

func (s *Server) draftRevision(ctx context.Context, c call, in *reviseRequest) (*answer[warningView], error) {
	p, err := s.publication(ctx, c, account.PublishWarning, in.ID, "", in.once(c, "draft revision "+in.ID.String(), in.Body))
	if err != nil {
		return nil, err
	}
	body, err := s.content(ctx, in.Body.ContentBody)
	if err != nil {
		return nil, err
	}
	body.Kind = "relay" // a revision needs no basis of its own; the warning has one
	id, err := s.DB.DraftRevision(ctx, c.scope, in.ID, in.Body.Version, body, p.Office, p.By, p.Once, c.at)
	if err != nil {
		return nil, err
	}
	return s.fullWarning(ctx, c, id)
}
