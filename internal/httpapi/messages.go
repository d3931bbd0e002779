package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
)

// maxDocument is the largest warning document that is taken (feeds.md §1.4: a
// message has at most 2 MiB, a list at most 10).
const maxDocument = 10 << 20

func (s *Server) messageRoutes() {
	allow(s, operation{id: "listMessages", method: http.MethodGet, path: "/messages", summary: "收到的预警信息，连同没有派发的和原因"}, account.SeeMessages, s.listMessages)
	allow(s, operation{id: "rawMessage", method: http.MethodGet, path: "/messages/{id}/raw", summary: "原件"}, account.SeeMessages, s.rawMessage)
	byKey(s, operation{id: "pushMessage", method: http.MethodPost, path: "/feeds/{name}/messages", summary: "数据源推送一份预警信息（CAP 或 12379）",
		status: http.StatusAccepted, maxBody: maxDocument}, "feed", s.DB.FeedByKey, s.pushMessage)
}

type messageRow struct {
	ID         *uuid.UUID   `json:"id"`
	RawID      uuid.UUID    `json:"raw_id"`
	Source     string       `json:"source"`
	Format     string       `json:"format"`
	Outcome    string       `json:"outcome"`
	Reasons    []reasonView `json:"reasons"`
	ReceivedAt time.Time    `json:"received_at"`
	Sent       *time.Time   `json:"sent"`
	Sender     string       `json:"sender"`
	Identifier string       `json:"identifier"`
	NationalID string       `json:"national_id"`
	MsgType    string       `json:"msg_type"`
	Status     string       `json:"status"`
	Headline   string       `json:"headline"`
	Flags      []codeLabel  `json:"flags"`
	EpisodeID  *uuid.UUID   `json:"episode_id"`
	WarningID  *uuid.UUID   `json:"warning_id"`
	Claims     []claimView  `json:"claims"`
}

type reasonView struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

func viewReasons(list []postgres.Reason) []reasonView {
	out := []reasonView{}
	for _, r := range list {
		out = append(out, reasonView(r))
	}
	return out
}

type claimView struct {
	Hazard      string     `json:"hazard"`
	HazardLabel string     `json:"hazard_label"`
	Level       string     `json:"level"`
	LevelLabel  string     `json:"level_label"`
	Event       string     `json:"event"`
	Basis       string     `json:"basis"`
	AreaText    string     `json:"area_text"`
	Regions     []string   `json:"regions"`
	Onset       *time.Time `json:"onset"`
	Expires     *time.Time `json:"expires"`
	Language    string     `json:"language"`
	Description string     `json:"description"`
}

func viewMessage(m postgres.MessageRow) messageRow {
	v := messageRow{ID: m.ID, RawID: m.RawID, Source: m.Source, Format: m.Format, Outcome: m.Outcome, Reasons: viewReasons(m.Reasons),
		ReceivedAt: m.ReceivedAt, Sent: m.Sent, Sender: m.Sender, Identifier: m.Identifier, NationalID: m.NationalID, MsgType: m.MsgType,
		Status: m.Status, Headline: m.Headline, Flags: viewFlags(m.Flags), EpisodeID: m.EpisodeID, WarningID: m.WarningID, Claims: []claimView{}}
	for _, c := range m.Claims {
		v.Claims = append(v.Claims, claimView{string(c.Hazard), c.Hazard.Label(), string(c.Level), c.Level.Label(), c.Event,
			string(c.Basis), c.AreaText, c.Regions, c.Onset, c.Expires, c.Language, c.Description})
	}
	return v
}

type listMessagesRequest struct {
	Outcome string `query:"outcome" maxLength:"60" doc:"accepted,held,ignored,rejected；不填为全部"`
	Cursor  string `query:"cursor" maxLength:"400"`
	Limit   int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

func (s *Server) listMessages(ctx context.Context, c call, in *listMessagesRequest) (*answer[page[messageRow]], error) {
	from, err := readMark(in.Cursor, c.at)
	if err != nil {
		return nil, err
	}
	list, err := s.DB.Messages(ctx, c.scope, in.Outcome, from, in.Limit)
	if err != nil {
		return nil, err
	}
	out := page[messageRow]{Items: []messageRow{}}
	for _, m := range list {
		out.Items = append(out.Items, viewMessage(m))
	}
	if len(list) == in.Limit {
		last := list[len(list)-1]
		out.Next = writeMark(postgres.Mark{At: last.ReceivedAt, ID: last.RawID, Seq: last.Seq})
	}
	return reply(out, nil)
}

// rawMessage gives the bytes as they came, as a file: never shown as a page.
func (s *Server) rawMessage(ctx context.Context, c call, in *struct {
	ID uuid.UUID `path:"id"`
}) (*huma.StreamResponse, error) {
	body, err := s.DB.RawBody(ctx, c.scope, in.ID)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", "application/octet-stream")
		ctx.SetHeader("Content-Disposition", `attachment; filename="`+in.ID.String()+`.txt"`)
		ctx.SetHeader("X-Content-Type-Options", "nosniff")
		_, _ = ctx.BodyWriter().Write(body)
	}}, nil
}

type pushRequest struct {
	Name        string `path:"name" maxLength:"40"`
	ContentType string `header:"Content-Type"`
	RawBody     []byte
}

// ReceiptView is what became of a document.
type ReceiptView struct {
	RawID    uuid.UUID         `json:"raw_id"`
	Repeated bool              `json:"repeated"`
	Format   string            `json:"format"`
	Outcome  string            `json:"outcome"`
	Reasons  []reasonView      `json:"reasons"`
	Messages []receivedMessage `json:"messages"`
}

type receivedMessage struct {
	ID         uuid.UUID    `json:"id"`
	NationalID string       `json:"national_id"`
	Flags      []codeLabel  `json:"flags"`
	EpisodeID  *uuid.UUID   `json:"episode_id"`
	WarningID  *uuid.UUID   `json:"warning_id"`
	Why        []reasonView `json:"why" doc:"为何起草或没有起草"`
}

// pushMessage takes any bytes from a feed that shows its key: they are stored
// before anybody tries to understand them, so the answer is 202 even for what
// turns out unreadable, with the reasons in it.
func (s *Server) pushMessage(ctx context.Context, feed postgres.FeedSource, in *pushRequest) (*answer[ReceiptView], error) {
	if feed.Name != in.Name {
		return nil, errs.New(errs.Outside, "feed_name", "这个密钥不属于数据源 %q", in.Name)
	}
	r, err := s.Intake.Receive(ctx, feed.Name, in.ContentType, in.RawBody, s.Clock.Now())
	return reply(viewReceipt(r), err)
}

func viewReceipt(r postgres.Receipt) ReceiptView {
	v := ReceiptView{RawID: r.RawID, Repeated: r.Repeated, Format: r.Format, Outcome: r.Outcome, Reasons: viewReasons(r.Reasons), Messages: []receivedMessage{}}
	for _, m := range r.Messages {
		v.Messages = append(v.Messages, receivedMessage{m.ID, m.NationalID, viewFlags(m.Flags), m.EpisodeID, m.WarningID, viewReasons(m.Why)})
	}
	return v
}
