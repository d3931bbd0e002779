package httpapi

import (
	"context"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
)

func (s *Server) secondLookRoutes() {
	allow(s, operation{id: "askSecondLook", method: http.MethodPost, path: "/warnings/{id}/second-look/ask", summary: "请求复核：第二人、带班领导手机、口头授权"},
		account.PublishWarning, s.askSecondLook)
	allow(s, operation{id: "approveSecondLook", method: http.MethodPost, path: "/warnings/{id}/second-look/approve", summary: "复核同意；不能复核自己提交的"},
		account.PublishWarning, s.approveSecondLook)
	allow(s, operation{id: "refuseSecondLook", method: http.MethodPost, path: "/warnings/{id}/second-look/refuse", summary: "复核不同意，写明理由"},
		account.PublishWarning, s.refuseSecondLook)
}

func (s *Server) askSecondLook(ctx context.Context, c call, in *struct {
	WarningPath
	OnceHeader
	Body struct {
		Version int    `json:"version"`
		By      string `json:"by" enum:"officer,leader_link,word"`
		Words   string `json:"words,omitempty" maxLength:"200" doc:"口头授权：谁、何时同意"`
	}
}) (*answer[warningView], error) {
	p, err := s.publication(ctx, c, account.PublishWarning, in.ID, "", in.once(c, "ask look "+in.ID.String(), in.Body))
	if err != nil {
		return nil, err
	}
	q := postgres.Question{Version: in.Body.Version, Office: p.Office, Way: in.Body.By, Words: strings.TrimSpace(in.Body.Words)}
	if err := s.DB.AskSecondLook(ctx, c.scope, in.ID, q, p.By, p.Once, c.at); err != nil {
		return nil, err
	}
	return s.fullWarning(ctx, c, in.ID)
}

type lookAnswerRequest struct {
	WarningPath
	OnceHeader
	Body struct {
		Version int    `json:"version" doc:"看过的是第几版"`
		Words   string `json:"words,omitempty" maxLength:"200"`
	}
}

func (s *Server) approveSecondLook(ctx context.Context, c call, in *lookAnswerRequest) (*answer[warningView], error) {
	return s.answerSecondLook(ctx, c, in, true)
}

func (s *Server) refuseSecondLook(ctx context.Context, c call, in *lookAnswerRequest) (*answer[warningView], error) {
	return s.answerSecondLook(ctx, c, in, false)
}

func (s *Server) answerSecondLook(ctx context.Context, c call, in *lookAnswerRequest, approve bool) (*answer[warningView], error) {
	var offices []uuid.UUID
	for _, g := range c.who.Grants {
		if g.Authority != uuid.Nil && g.Role.May(account.PublishWarning) {
			offices = append(offices, g.Authority)
		}
	}
	what := map[bool]string{true: "approve ", false: "refuse "}[approve] + in.ID.String()
	v := postgres.Verdict{Version: in.Body.Version, Approve: approve, Words: strings.TrimSpace(in.Body.Words)}
	if err := s.DB.AnswerSecondLook(ctx, c.scope, in.ID, v, offices, c.actor(), in.once(c, what, in.Body), c.at); err != nil {
		return nil, err
	}
	return s.fullWarning(ctx, c, in.ID)
}
